package coordconv.layers.networks;

import coordconv.kernels.Activation;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.convolution.Deformation;
import coordconv.layers.convolution.Linear;
import coordconv.layers.shaping.Flatten;
import java.util.List;
import java.util.Objects;

/**
 * The two example networks of the Paddle article on CoordConv: the same small classifier with an ordinary
 * fourth convolution, {@code MyNet}, and with a CoordConv there, {@code dcn2}.
 */
public final class ExampleNetworks {
    /** Their names. */
    public static final List<String> NAMES = List.of("dcn2", "MyNet");
    /** The input that both are summarised for. */
    public static final Shape INPUT = Shape.of(64, 3, 32, 32);

    private static final int KERNEL = 3;

    private ExampleNetworks() {}

    /**
     * A network by name, its parameters not yet initialised.
     *
     * @param name {@code dcn2} or {@code MyNet}
     * @return a new network
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Sequential named(String name) {
        return switch (Objects.requireNonNull(name, "name")) {
            case "dcn2" -> dcn2();
            case "MyNet" -> myNet();
            default -> throw new IllegalArgumentException("network: given " + name + ", needed one of " + NAMES);
        };
    }

    /**
     * [N, 3, 32, 32] -> [N, 1], four convolutions and two linear layers.
     *
     * @return a new network, not initialised
     */
    public static Sequential myNet() {
        return network(new Conv2d(last())).build();
    }

    /**
     * {@link #myNet} with a CoordConv as fourth convolution. It also declares {@code offsets} and
     * {@code mask}, the parameters of a modulated deformable convolution, and never calls them.
     *
     * @return a new network, not initialised
     */
    public static Sequential dcn2() {
        int taps = KERNEL * KERNEL;
        return network(new CoordConv2d(last()))
                .declare("offsets", new Conv2d(strided(64, 2 * taps, 1)))
                .declare("mask", new Conv2d(strided(64, taps, 1)))
                .build();
    }

    /**
     * {@link #dcn2} with its declared {@code offsets} and {@code mask} in use: its fourth convolution, coordinates included, is
     * a modulated deformable one. The parameters have the names and shapes of those of dcn2, whose weights load; fresh ones of
     * {@code offsets} and {@code mask} start at 0, and so without offsets and with a mask of one half.
     *
     * @param predictorCoords coordinates of {@code offsets} and {@code mask}; {@link CoordPreset#NONE} for plain
     *     convolutions, as declared
     * @return a new network [N, 3, 32, 32] -> [N, 1], not initialised
     */
    public static Graph dcn2Deformable(CoordPreset predictorCoords) {
        Graph.Builder graph = Graph.builder();
        Graph.Value conv1 = graph.add("conv1", conv1(), graph.input("x"));
        Graph.Value conv2 = graph.add("conv2", conv2(), conv1);
        Graph.Value conv3 = graph.add("conv3", conv3(), conv2);
        Graph.Value conv4 = new DeformableConv2d(last(), Deformation.V2, CoordPreset.PADDLE)
                .predicted(graph, "conv4", conv3, predictorCoords);
        Graph.Value flat = graph.add("flatten", new Flatten(), conv4);
        Graph.Value hidden = graph.add("linear1", new Linear(1024, 64), flat);
        return graph.output("y", graph.add("linear2", new Linear(64, 1), hidden)).build();
    }

    private static Conv2d conv1() {
        return new Conv2d(ConvSpec.of(3, 32, KERNEL).withPadding(1).withActivation(Activation.RELU));
    }

    private static Conv2d conv2() {
        return new Conv2d(strided(32, 64, 0).withActivation(Activation.RELU));
    }

    private static Conv2d conv3() {
        return new Conv2d(strided(64, 64, 0).withActivation(Activation.RELU));
    }

    private static ConvSpec strided(int in, int out, int padding) {
        return ConvSpec.of(in, out, KERNEL).withStride(2).withPadding(padding);
    }

    private static ConvSpec last() {
        return strided(64, 64, 1).withActivation(Activation.RELU);
    }

    private static Sequential.Builder network(Layer conv4) {
        return Sequential.builder()
                .add("conv1", conv1())
                .add("conv2", conv2())
                .add("conv3", conv3())
                .add("conv4", conv4)
                .add("flatten", new Flatten())
                .add("linear1", new Linear(1024, 64))
                .add("linear2", new Linear(64, 1));
    }
}

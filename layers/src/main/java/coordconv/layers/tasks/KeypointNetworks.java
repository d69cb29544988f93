package coordconv.layers.tasks;

import coordconv.kernels.Activation;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.convolution.Deformation;
import coordconv.layers.convolution.Linear;
import coordconv.layers.initialisers.Initialiser;
import coordconv.layers.initialisers.Initialisers;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.shaping.Flatten;

/**
 * Networks of the kind of dcn2 that find the joints of a {@link Figure}: four 3x3 convolutions, normalised and with ReLU, a
 * fifth that makes a heatmap of each joint, and the expected place under the softmax of each heatmap (Sun et al., "Integral
 * human pose regression", 2018).
 */
public final class KeypointNetworks {
    /** The convolution that is deformable where one is, counted from 1: that of dcn2. */
    static final int DEFORMED = 4;

    private static final int[] CHANNELS = {Figure.CHANNELS, 16, 32, 64, 64};
    private static final int[] STRIDES = {2, 2, 2, 1};
    /** Pixels from one cell of a heatmap to the next: the product of the strides. */
    private static final int STEP = 8;
    /** Height and width of a heatmap. */
    private static final int MAP = Figure.CANVAS / STEP;
    private static final int JOINTS = Joint.values().length;

    private KeypointNetworks() {}

    /**
     * A network, its parameters not yet initialised.
     *
     * @param model where its coordinates are
     * @return a new network [N, 3, 64, 64] -> [N, 16], x and y of each joint, -1 in the middle of the first pixel and 1 in
     *     that of the last
     */
    public static Layer of(KeypointModel model) {
        Graph.Builder graph = Graph.builder();
        Graph.Value value = graph.input("x");
        for (int i = 1; i <= STRIDES.length; i++) {
            // The normalisation behind it has a bias.
            ConvSpec spec = ConvSpec.of(CHANNELS[i - 1], CHANNELS[i], 3).withPadding(1).withStride(STRIDES[i - 1]).withBias(false);
            value = convolution(graph, model, i, spec, value);
            value = graph.add("norm" + i, new BatchNorm2d(CHANNELS[i]), value);
            value = graph.add("relu" + i, new ReLU(), value);
        }
        int last = STRIDES.length + 1;
        value = convolution(graph, model, last, ConvSpec.of(CHANNELS[last - 1], JOINTS, 3).withPadding(1), value);
        value = graph.add("softmax", new SpatialSoftmax(), value);
        value = graph.add("flatten", new Flatten(), value);
        return graph.output("y", graph.add("expectation", expectation(), value)).build();
    }

    private static Graph.Value convolution(Graph.Builder graph, KeypointModel model, int number, ConvSpec spec, Graph.Value x) {
        String name = "conv" + number;
        CoordPreset coords = model.hasCoordinates(number) ? CoordPreset.PADDLE : CoordPreset.NONE;
        if (model.isDeformable() && number == DEFORMED) {
            return new DeformableConv2d(spec, Deformation.V2, coords).predicted(graph, name, x, coords);
        }
        return graph.add(name, coords == CoordPreset.NONE ? new Conv2d(spec) : new CoordConv2d(spec, coords), x);
    }

    /** [N, 8 * MAP * MAP] -> [N, 16]: a fixed layer, whose weights are the places of the pixels of the heatmaps. */
    static Linear expectation() {
        Initialiser places = (values, fanIn, fanOut, random) -> {
            int pixels = MAP * MAP;
            for (int output = 0; output < 2 * JOINTS; output++) {
                for (int input = 0; input < JOINTS * pixels; input++) {
                    int pixel = input % pixels;
                    boolean own = input / pixels == output / 2;
                    values[output * JOINTS * pixels + input] = own ? place(output % 2 == 0 ? pixel % MAP : pixel / MAP) : 0;
                }
            }
        };
        Linear linear = new Linear(JOINTS * MAP * MAP, 2 * JOINTS, Activation.IDENTITY, false, places, Initialisers.constant(0));
        linear.weight().trainable(false);
        return linear;
    }

    /**
     * The middle of the pixels that a cell stands for, as {@link KeypointData} has it. A figure that moves by a step moves its
     * heatmaps by a cell and so this by a step: with places out to -1 and 1 a network would have to know where it is.
     */
    private static float place(int cell) {
        return (float) ((STEP * cell + (STEP - 1) / 2.0) / KeypointData.SCALE - 1);
    }
}

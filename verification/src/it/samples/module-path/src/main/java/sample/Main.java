package sample;

import coordconv.kernels.Activation;
import coordconv.kernels.KernelInfo;
import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.shaping.Flatten;
import java.util.Arrays;

/** A network from a named module: {@code java --add-modules jdk.incubator.vector -p ... -m sample/sample.Main}. */
public final class Main {
    private Main() {}

    /**
     * Scores a grey image.
     *
     * @param args none
     */
    public static void main(String[] args) {
        Sequential network = Sequential.of(
                new CoordConv2d(ConvSpec.of(3, 16, 3).withPadding(1).withActivation(Activation.RELU)),
                new GlobalAvgPool2d(),
                new Flatten(),
                new Linear(16, 10));
        network.initialise(1);
        network.configure(Shape.of(1, 3, 32, 32), Execution.INFERENCE);

        Tensor image = Tensor.zeros(Shape.of(1, 3, 32, 32));
        Arrays.fill(image.data(), 0.5f);
        Tensor scores = network.forward(image, Phase.INFERENCE);
        System.out.println("scores " + Arrays.toString(scores.data()));
        System.out.println(KernelInfo.current());

        require(Main.class.getModule().isNamed(), "this sample is meant for the module path");
        require(KernelInfo.current().vector(), "the Vector API is not in use");
        require(scores.shape().equals(Shape.of(1, 10)), "scores have the shape " + scores.shape());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}

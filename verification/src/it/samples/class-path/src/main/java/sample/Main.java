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
import coordconv.layers.losses.MeanSquaredError;
import coordconv.layers.optimisers.Adam;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.shaping.Flatten;

/**
 * Training from the class path: {@code java --add-modules jdk.incubator.vector -cp ... sample.Main}.
 *
 * <p>The network learns in which column the one lit pixel of an image is. It sees a pixel at a time, so that
 * only the coordinates can tell it.
 */
public final class Main {
    private static final int SIZE = 16;

    private Main() {}

    /**
     * Trains.
     *
     * @param args none
     */
    public static void main(String[] args) {
        Sequential network = Sequential.of(
                new CoordConv2d(ConvSpec.of(1, 16, 1).withActivation(Activation.RELU)),
                new GlobalMaxPool2d(),
                new Flatten(),
                new Linear(16, 1));
        network.initialise(1);
        network.configure(Shape.of(SIZE, 1, SIZE, SIZE), Execution.TRAINING);
        Adam optimiser = new Adam();
        optimiser.bind(network.parameters());

        // One image a column, its lit pixel in a row of its own.
        Tensor images = Tensor.zeros(Shape.of(SIZE, 1, SIZE, SIZE));
        Tensor columns = Tensor.zeros(Shape.of(SIZE, 1));
        for (int i = 0; i < SIZE; i++) {
            int row = i * 7 % SIZE;
            images.data()[(i * SIZE + row) * SIZE + i] = 1;
            columns.data()[i] = i / (float) SIZE;
        }

        MeanSquaredError loss = new MeanSquaredError();
        Tensor gradient = Tensor.zeros(columns.shape());
        double first = 0;
        double last = 0;
        for (int step = 0; step < 500; step++) {
            Tensor prediction = network.forward(images, Phase.TRAINING);
            last = loss.evaluate(prediction, columns, gradient);
            first = step == 0 ? last : first;
            network.backward(gradient);
            optimiser.step(0.01);
        }
        System.out.println("loss " + first + " -> " + last);
        System.out.println(KernelInfo.current());

        require(!Main.class.getModule().isNamed(), "this sample is meant for the class path");
        require(KernelInfo.current().vector(), "the Vector API is not in use");
        require(last < 0.01, "the loss went from " + first + " to " + last);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}

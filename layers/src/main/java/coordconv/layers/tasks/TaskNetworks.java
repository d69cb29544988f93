package coordconv.layers.tasks;

import coordconv.kernels.Activation;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.initialisers.Initialisers;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.TileOverImage;

/**
 * The architectures of the paper's tasks, with coordinates and without.
 *
 * <p>The plain ones are the smallest of the paper's families: six transposed convolutions at width factor 1
 * from coordinates to pixels (46,465 parameters; the paper goes up to widths of millions), and a small stack of
 * strided convolutions from pictures to coordinates.
 */
public final class TaskNetworks {
    private static final double INK = (double) (NotSoClevr.SQUARE * NotSoClevr.SQUARE) / (NotSoClevr.CANVAS * NotSoClevr.CANVAS);

    private TaskNetworks() {}

    /**
     * A network, its parameters not yet initialised.
     *
     * @param task what it is for
     * @param kind with or without coordinates
     * @return a new network
     */
    public static Sequential of(Task task, ModelKind kind) {
        return switch (task) {
            case CLASSIFICATION -> kind == ModelKind.COORDCONV
                    ? coordinateClassifier().add("flatten", new Flatten()).build()
                    : deconvolutions().add("flatten", new Flatten()).build();
            case REGRESSION -> kind == ModelKind.COORDCONV ? coordinateRegression() : plainRegression();
            case RENDERING -> kind == ModelKind.COORDCONV ? coordinateRenderer() : deconvolutions().build();
        };
    }

    /** [N, 2] -> [N, 1, 64, 64]: 1x1 convolutions of 32, 32, 64, 64, 1 channels; 7,553 parameters. */
    private static Sequential.Builder coordinateClassifier() {
        return Sequential.builder()
                .add("tile", new TileOverImage(NotSoClevr.CANVAS, NotSoClevr.CANVAS))
                .add("coordconv", new CoordConv2d(relu(2, 32, 1)))
                .add("conv2", new Conv2d(relu(32, 32, 1)))
                .add("conv3", new Conv2d(relu(32, 64, 1)))
                .add("conv4", new Conv2d(relu(64, 64, 1)))
                .add("conv5", new Conv2d(ConvSpec.of(64, 1, 1)));
    }

    /** [N, 2] -> [N, 1, 64, 64]: the classifier, softmax, and 3x3 convolutions of 8, 8, 16, 16, 1; 11,850 parameters. */
    private static Sequential coordinateRenderer() {
        return coordinateClassifier()
                .add("softmax", new SpatialSoftmax())
                .add("conv6", new Conv2d(relu(1, 8, 3)))
                .add("conv7", new Conv2d(relu(8, 8, 3)))
                .add("conv8", new Conv2d(relu(8, 16, 3)))
                .add("conv9", new Conv2d(relu(16, 16, 3)))
                .add("conv10", new Conv2d(drawing(same(16, 1, 3))))
                .build();
    }

    /** [N, 1, 64, 64] -> [N, 2], linear up to the maximum over the canvas; 906 parameters. */
    private static Sequential coordinateRegression() {
        return Sequential.builder()
                .add("coordconv", new CoordConv2d(same(1, 8, 1)))
                .add("conv2", new Conv2d(same(8, 8, 1)))
                .add("conv3", new Conv2d(same(8, 8, 1)))
                .add("conv4", new Conv2d(same(8, 8, 3)))
                .add("conv5", new Conv2d(same(8, 2, 3)))
                .add("pool", new GlobalMaxPool2d())
                .add("flatten", new Flatten())
                .build();
    }

    /** [N, 1, 64, 64] -> [N, 2]: strided 3x3 convolutions of 16, 16, 32, 32 channels and one linear layer. */
    private static Sequential plainRegression() {
        return Sequential.builder()
                .add("conv1", new Conv2d(relu(1, 16, 3).withStride(2)))
                .add("conv2", new Conv2d(relu(16, 16, 3).withStride(2)))
                .add("conv3", new Conv2d(relu(16, 32, 3).withStride(2)))
                .add("conv4", new Conv2d(relu(32, 32, 3).withStride(2)))
                .add("flatten", new Flatten())
                .add("linear", new Linear(32 * 4 * 4, 2))
                .build();
    }

    /** [N, 2] -> [N, 1, 64, 64]: six transposed convolutions of 64, 64, 64, 32, 32, 1 channels; 46,465 parameters. */
    private static Sequential.Builder deconvolutions() {
        int[] channels = {2, 64, 64, 64, 32, 32, 1};
        Sequential.Builder builder = Sequential.builder().add("reshape", new Reshape(2, 1, 1));
        for (int i = 1; i < channels.length; i++) {
            builder.add("deconv" + i, doubling(channels[i - 1], channels[i]));
            if (i < channels.length - 1) {
                builder.add("norm" + i, new BatchNorm2d(channels[i])).add("relu" + i, new ReLU());
            }
        }
        return builder;
    }

    private static Layer doubling(int in, int out) {
        return new ConvTranspose2d(ConvSpec.of(in, out, 2).withStride(2));
    }

    /**
     * A last layer whose bias starts at the logit of the share of pixels that a square covers (Lin et al. 2017):
     * otherwise the first steps drive the biases before it down to that, and ReLUs that see next to nothing but their
     * bias never recover.
     */
    private static ConvSpec drawing(ConvSpec spec) {
        return spec.withInitialisers(spec.weightInitialiser(), Initialisers.constant((float) Math.log(INK / (1 - INK))));
    }

    private static ConvSpec same(int in, int out, int kernel) {
        return ConvSpec.of(in, out, kernel).withPadding(kernel / 2);
    }

    private static ConvSpec relu(int in, int out, int kernel) {
        return same(in, out, kernel).withActivation(Activation.RELU);
    }
}

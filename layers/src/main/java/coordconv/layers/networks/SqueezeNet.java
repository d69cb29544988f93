package coordconv.layers.networks;

import coordconv.kernels.Activation;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.merging.Concat;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.PoolSpec;
import coordconv.layers.shaping.Flatten;

/**
 * SqueezeNet 1.1: [N, 3, H, W] -> [N, classes]. With coordinates the first convolution, 3x3 at stride 2, sees them.
 *
 * <p>Source: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", 2016, version 1.1 of its
 * authors as in torchvision, whose parameter names these are ({@code features.3.squeeze.weight}). For 1000 classes and
 * without coordinates it has the 1,235,496 parameters that torchvision documents.
 */
public final class SqueezeNet {
    private SqueezeNet() {}

    /**
     * The network.
     *
     * @param classes number of outputs
     * @param coords what the first convolution sees beside the image; {@link CoordPreset#NONE} for nothing
     * @return a new network, not initialised
     */
    public static Sequential squeezeNet11(int classes, CoordPreset coords) {
        Layer features = Sequential.of(Convolve.seeing(coords, ConvSpec.of(3, 64, 3).withStride(2)), new ReLU(), pool(),
                fire(64, 16, 64), fire(128, 16, 64), pool(),
                fire(128, 32, 128), fire(256, 32, 128), pool(),
                fire(256, 48, 192), fire(384, 48, 192), fire(384, 64, 256), fire(512, 64, 256));
        Layer classifier = Sequential.of(new Dropout(0.5), new Conv2d(ConvSpec.of(512, Convolve.classes(classes), 1)), new ReLU(),
                new GlobalAvgPool2d());
        return Sequential.builder().add("features", features).add("classifier", classifier)
                .add("flatten", new Flatten()).build();
    }

    private static Layer pool() {
        return new MaxPool2d(PoolSpec.of(3).withStride(2).withCeil(true));
    }

    /** A 1x1 convolution to few channels, then a 1x1 and a 3x3 one side by side. */
    private static Layer fire(int in, int squeezed, int expanded) {
        Graph.Builder g = Graph.builder();
        Graph.Value narrow = g.add("squeeze", new Conv2d(ConvSpec.of(in, squeezed, 1).withActivation(Activation.RELU)),
                g.input("x"));
        Graph.Value pixels = g.add("expand1x1", new Conv2d(ConvSpec.of(squeezed, expanded, 1).withActivation(Activation.RELU)),
                narrow);
        Graph.Value windows = g.add("expand3x3", new Conv2d(ConvSpec.of(squeezed, expanded, 3).withPadding(1)
                .withActivation(Activation.RELU)), narrow);
        return g.output("y", g.add("cat", new Concat(), pixels, windows)).build();
    }
}

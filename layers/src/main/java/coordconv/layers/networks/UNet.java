package coordconv.layers.networks;

import coordconv.kernels.CoordPreset;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.merging.Concat;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.pooling.MaxPool2d;

/**
 * The U-Net: [N, C, H, W] -> [N, classes, H, W], height and width multiples of 16. With coordinates the first
 * convolution sees them.
 *
 * <p>Source: Ronneberger et al., "U-Net: Convolutional Networks for Biomedical Image Segmentation", 2015, padded and with
 * batch normalisation as in milesial/Pytorch-UNet, whose parameter names these are
 * ({@code down1.maxpool_conv.1.double_conv.0.weight}). For 3 channels, 2 classes and without coordinates it has that
 * network's 31,037,698 parameters.
 */
public final class UNet {
    private static final int FEATURES = 64;
    private static final int LEVELS = 4;

    private UNet() {}

    /**
     * A U-Net of four levels, 64 features at the first.
     *
     * @param channels C
     * @param classes channels of the output
     * @param coords what the first convolution sees beside the image; {@link CoordPreset#NONE} for nothing
     * @return a new network, not initialised
     */
    public static Graph uNet(int channels, int classes, CoordPreset coords) {
        Graph.Builder g = Graph.builder();
        Graph.Value[] levels = new Graph.Value[LEVELS + 1];
        levels[0] = g.add("inc", Sequential.builder().add("double_conv", twice(
                Convolve.seeing(coords, Convolve.same(channels, FEATURES, 3, 1)), FEATURES)).build(), g.input("x"));
        for (int level = 1; level <= LEVELS; level++) {
            int in = FEATURES << (level - 1);
            levels[level] = g.add("down" + level, Sequential.builder().add("maxpool_conv", Sequential.of(new MaxPool2d(2),
                    doubleConvolution(in, 2 * in))).build(), levels[level - 1]);
        }
        Graph.Value y = levels[LEVELS];
        for (int level = LEVELS - 1; level >= 0; level--) {
            y = g.add("up" + (LEVELS - level), up(FEATURES << level), y, levels[level]);
        }
        return g.output("y", g.add("outc", Sequential.builder()
                .add("conv", new Conv2d(ConvSpec.of(FEATURES, Convolve.classes(classes), 1))).build(), y)).build();
    }

    /** From 2 F channels of the level below and F of this level to F channels. */
    private static Layer up(int features) {
        Graph.Builder g = Graph.builder();
        Graph.Value below = g.input("x");
        Graph.Value here = g.input("skip");
        Graph.Value raised = g.add("up", new ConvTranspose2d(ConvSpec.of(2 * features, features, 2).withStride(2)), below);
        Graph.Value joined = g.add("cat", new Concat(), here, raised);
        return g.output("y", g.add("conv", doubleConvolution(2 * features, features), joined)).build();
    }

    private static Layer doubleConvolution(int in, int out) {
        return Sequential.builder().add("double_conv", twice(new Conv2d(Convolve.same(in, out, 3, 1)), out)).build();
    }

    private static Layer twice(Layer first, int out) {
        return Sequential.of(first, new BatchNorm2d(out), new ReLU(),
                new Conv2d(Convolve.same(out, out, 3, 1)), new BatchNorm2d(out), new ReLU());
    }
}

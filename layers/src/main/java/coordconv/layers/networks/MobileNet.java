package coordconv.layers.networks;

import coordconv.kernels.CoordPreset;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.activations.Unary;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.Linear;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.shaping.Flatten;

/**
 * MobileNet v1 of width 1: [N, 3, H, W] -> [N, classes]. With coordinates the first convolution, 3x3 at stride 2, sees
 * them.
 *
 * <p>Source: Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications", 2017, in
 * the details (padding after the image at stride 2, epsilon 0.001, layer names) as in Keras Applications: for 1000 classes
 * and without coordinates the 4,231,976 trainable of the 4,253,864 parameters that it documents; the others are statistics.
 */
public final class MobileNet {
    private static final int STEM = 32;
    private static final double EPSILON = 1e-3;
    private static final double MOMENTUM = 0.01;
    private static final double DROPPED = 0.001;
    private static final int[] CHANNELS = {64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024};

    private MobileNet() {}

    /**
     * The network.
     *
     * @param classes number of outputs
     * @param coords what the first convolution sees beside the image; {@link CoordPreset#NONE} for nothing
     * @return a new network, not initialised
     */
    public static Sequential mobileNetV1(int classes, CoordPreset coords) {
        Sequential.Builder network = Sequential.builder();
        add(network, "conv1", Convolve.seeing(coords, spec(3, STEM, 3, 2)), STEM);
        int in = STEM;
        for (int block = 0; block < CHANNELS.length; block++) {
            int out = CHANNELS[block];
            // Stride 2 wherever the channels double after the first block.
            int stride = block > 0 && out != in ? 2 : 1;
            add(network, "conv_dw_" + (block + 1), new Conv2d(spec(in, in, 3, stride).withGroups(in)), in);
            add(network, "conv_pw_" + (block + 1), new Conv2d(spec(in, out, 1, 1)), out);
            in = out;
        }
        return network.add("global_average", new GlobalAvgPool2d()).add("flatten", new Flatten())
                .add("dropout", new Dropout(DROPPED)).add("conv_preds", new Linear(in, Convolve.classes(classes))).build();
    }

    private static ConvSpec spec(int in, int out, int kernel, int stride) {
        ConvSpec spec = Convolve.same(in, out, kernel, stride);
        return stride == 2 ? spec.withPadding(0, 1, 0, 1) : spec;
    }

    private static void add(Sequential.Builder network, String name, Layer convolution, int out) {
        network.add(name, convolution).add(name + "_bn", new BatchNorm2d(out, EPSILON, MOMENTUM))
                .add(name + "_relu", Unary.relu6());
    }
}

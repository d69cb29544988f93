package coordconv.layers.networks;

import coordconv.kernels.CoordChannels;
import coordconv.layers.Graph;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.merging.Concat;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.PoolSpec;
import coordconv.layers.shaping.Flatten;
import java.util.List;

/**
 * The baseline of TorNet, tornado detection in radar images: [N, 14, H, W], azimuth by range, normalised -> one logit
 * [N, 1], the greatest of a map.
 *
 * <p>With coordinates it has a second input [N, 2, H, W]: each pixel's range r in units of 100 km and 1/r, which belong to
 * the sample, join the features before every 3x3 convolution, and are pooled as the features are. The 14 channels
 * are six radar products and the mask of range folding, each of two sweeps. Source: Veillette et al., "A Benchmark
 * Dataset for Tornado Detection and Prediction using Full-Resolution Polarimetric Weather Radar Data", 2024, and
 * its code, mit-ll/tornet, {@code tornet/models/keras/cnn_baseline.py} with the 48 filters of the published weights; with
 * coordinates it has the 4,665,409 parameters that Higgs32584/tornet-Higgins gives for that baseline.
 */
public final class TorNet {
    private static final int CHANNELS = 14;
    private static final int COORDINATES = 2;
    private static final int FILTERS = 48;
    private static final int[] CONVOLUTIONS = {2, 2, 3, 3};
    private static final double DROPPED = 0.1;

    private TorNet() {}

    /**
     * The network.
     *
     * @param coordinates whether it has the second input
     * @return a new network with input {@code x}, and {@code coordinates} if wanted, not initialised
     */
    public static Graph baseline(boolean coordinates) {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        Graph.Value c = coordinates ? g.input("coordinates") : null;
        int in = CHANNELS;
        for (int block = 0; block < CONVOLUTIONS.length; block++) {
            int out = FILTERS << block;
            for (int i = 0; i < CONVOLUTIONS[block]; i++) {
                String name = (block + 1) + "_" + (i + 1);
                Graph.Value seen = c == null ? x : g.add("cat" + name, new Concat(), x, c);
                x = g.add("relu" + name, new ReLU(), g.add("conv" + name, new Conv2d(ConvSpec.of(
                        c == null ? in : in + COORDINATES, out, 3).withPadding(1)), seen));
                in = out;
            }
            x = g.add("drop" + (block + 1), new Dropout(DROPPED), g.add("pool" + (block + 1), pool(), x));
            // Nobody reads what the last pooling of the coordinates would give.
            if (c != null && block < CONVOLUTIONS.length - 1) {
                c = g.add("coordinates" + (block + 1), pool(), c);
            }
        }
        Sequential head = Sequential.of(new Conv2d(ConvSpec.of(in, 512, 1)), new ReLU(),
                new Conv2d(ConvSpec.of(512, 256, 1)), new ReLU());
        Graph.Value map = g.add("heatmap", new Conv2d(ConvSpec.of(256, 1, 1)), g.add("head", head, x));
        return g.output("y", g.add("flatten", new Flatten(), g.add("max", new GlobalMaxPool2d(), map))).build();
    }

    /** The inputs with coordinates. */
    static List<Shape> inputs(Shape image) {
        return List.of(image, Shape.of(image.batch(), COORDINATES, image.extent(2), image.extent(3)));
    }

    private static MaxPool2d pool() {
        return new MaxPool2d(PoolSpec.of(2).withCeil(true));
    }

    /**
     * The coordinates of one sample, {@link CoordChannels#radarRange} as a tensor.
     *
     * @param nearest least range of the image in metres, {@code rng_lower} in the data set
     * @param farthest greatest range of the image in metres, {@code rng_upper}
     * @param height H, number of azimuths
     * @param width W, number of ranges, at least 2
     * @param into receives r and then 1/r, [2, H, W]
     * @param at where the first goes
     */
    public static void coordinates(double nearest, double farthest, int height, int width, float[] into, int at) {
        if (height < 1 || width < 2) {
            throw new IllegalArgumentException("height and width: given " + height + " and " + width
                    + ", needed at least 1 and 2");
        }
        CoordChannels ranges = CoordChannels.radarRange(new double[] {nearest}, new double[] {farthest}, width);
        long plane = (long) height * width;
        if (at < 0 || at + COORDINATES * plane > into.length) {
            throw new IllegalArgumentException("into: given " + into.length + " floats and a start of " + at + ", needed room for "
                    + COORDINATES * plane);
        }
        for (int i = 0; i < plane; i++) {
            into[at + i] = ranges.value(0, 0, i / width, i % width);
            into[(int) (at + plane + i)] = ranges.value(1, 0, i / width, i % width);
        }
    }
}

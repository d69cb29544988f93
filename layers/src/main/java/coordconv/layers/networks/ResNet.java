package coordconv.layers.networks;

import coordconv.kernels.CoordPreset;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.merging.Add;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Flatten;

/**
 * Residual networks: [N, 3, H, W] -> [N, classes]. With coordinates the first convolution, 7x7 at stride 2, sees them.
 *
 * <p>Source: He et al., "Deep Residual Learning for Image Recognition", 2015, with the stride of a bottleneck in its 3x3
 * convolution as in torchvision, whose parameter names these are: {@code layer1.0.conv1.weight}. For 1000 classes and
 * without coordinates they have the 11,689,512 and 25,557,032 parameters that torchvision documents.
 */
public final class ResNet {
    private static final int STEM = 64;
    private static final int STAGES = 4;
    /** Output channels of a bottleneck over its inner ones. */
    private static final int EXPANSION = 4;

    private ResNet() {}

    /**
     * ResNet-18: blocks of two 3x3 convolutions.
     *
     * @param classes number of outputs
     * @param coords what the first convolution sees beside the image; {@link CoordPreset#NONE} for nothing
     * @return a new network, not initialised
     */
    public static Sequential resNet18(int classes, CoordPreset coords) {
        return network(classes, coords, false, 2, 2, 2, 2);
    }

    /**
     * ResNet-50: bottlenecks of a 1x1, a 3x3 and a 1x1 convolution.
     *
     * @param classes number of outputs
     * @param coords what the first convolution sees beside the image; {@link CoordPreset#NONE} for nothing
     * @return a new network, not initialised
     */
    public static Sequential resNet50(int classes, CoordPreset coords) {
        return network(classes, coords, true, 3, 4, 6, 3);
    }

    private static Sequential network(int classes, CoordPreset coords, boolean bottlenecks, int... blocks) {
        Sequential.Builder network = Sequential.builder()
                .add("conv1", Convolve.seeing(coords, Convolve.same(3, STEM, 7, 2)))
                .add("bn1", new BatchNorm2d(STEM))
                .add("relu", new ReLU())
                .add("maxpool", new MaxPool2d(3, 2, 1));
        int channels = STEM;
        for (int stage = 0; stage < STAGES; stage++) {
            int inner = STEM << stage;
            Sequential.Builder layer = Sequential.builder();
            for (int block = 0; block < blocks[stage]; block++) {
                int stride = block == 0 && stage > 0 ? 2 : 1;
                int out = bottlenecks ? EXPANSION * inner : inner;
                layer.add(Integer.toString(block), bottlenecks ? bottleneck(channels, inner, out, stride)
                        : basic(channels, out, stride));
                channels = out;
            }
            network.add("layer" + (stage + 1), layer.build());
        }
        return network.add("avgpool", new GlobalAvgPool2d())
                .add("flatten", new Flatten())
                .add("fc", new Linear(channels, Convolve.classes(classes))).build();
    }

    private static Layer basic(int in, int out, int stride) {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        Graph.Value a = g.add("relu1", new ReLU(), normalised(g, 1, in, out, 3, stride, x));
        return ended(g, normalised(g, 2, out, out, 3, 1, a), shortcut(g, in, out, stride, x));
    }

    private static Layer bottleneck(int in, int inner, int out, int stride) {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        Graph.Value a = g.add("relu1", new ReLU(), normalised(g, 1, in, inner, 1, 1, x));
        Graph.Value b = g.add("relu2", new ReLU(), normalised(g, 2, inner, inner, 3, stride, a));
        return ended(g, normalised(g, 3, inner, out, 1, 1, b), shortcut(g, in, out, stride, x));
    }

    private static Graph.Value normalised(Graph.Builder g, int number, int in, int out, int kernel, int stride, Graph.Value x) {
        return g.add("bn" + number, new BatchNorm2d(out),
                g.add("conv" + number, new Conv2d(Convolve.same(in, out, kernel, stride)), x));
    }

    private static Graph.Value shortcut(Graph.Builder g, int in, int out, int stride, Graph.Value x) {
        return in == out && stride == 1 ? x : g.add("downsample",
                Sequential.of(new Conv2d(Convolve.same(in, out, 1, stride)), new BatchNorm2d(out)), x);
    }

    private static Layer ended(Graph.Builder g, Graph.Value residual, Graph.Value shortcut) {
        return g.output("y", g.add("relu", new ReLU(), g.add("add", new Add(), residual, shortcut))).build();
    }
}

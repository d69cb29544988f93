package coordconv.layers.networks;

import coordconv.kernels.CoordPreset;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.merging.Concat;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Neck and head of PP-YOLO over ResNet-50: features [N, 512, H/8, W/8], [N, 1024, H/16, W/16] and [N, 2048, H/32, W/32] ->
 * [N, 3 * (classes + 6), ...] at strides 32, 16 and 8, in this order.
 *
 * <p>Of each anchor there are 4 numbers for the box, objectness, predicted overlap and the classes; the three overlaps
 * come first, as published. What PaddleDetection calls a CoordConv sees the coordinates: every 1x1 convolution of
 * the neck but those of the pyramid pooling and of the transitions, and the last 3x3 one. Source: Long et al., "PP-YOLO: An
 * Effective and Efficient Implementation of Object Detector", 2020, and PaddleDetection, {@code ppdet/modeling/necks/yolo_fpn.py}
 * and {@code heads/yolo_head.py}. Its DropBlock, which acts in training alone and has no parameters, is left out.
 */
public final class PpYolo {
    private static final int[] FEATURES = {2048, 1024, 512};
    private static final int ANCHORS = 3;
    /** Beside the classes: the box, objectness, overlap. */
    private static final int NUMBERS = 6;
    private static final float SLOPE = 0.1f;

    private PpYolo() {}

    /**
     * The network.
     *
     * @param classes number of classes, 80 for COCO
     * @param coords {@link CoordPreset#PADDLE_DETECTION_2_0} or {@link CoordPreset#PADDLE_DETECTION_2_2} for weights of those
     *     releases; {@link CoordPreset#NONE} for a neck without CoordConv
     * @return a new network with inputs {@code c3}, {@code c4}, {@code c5}, not initialised
     */
    public static Graph neckAndHead(int classes, CoordPreset coords) {
        Graph.Builder g = Graph.builder();
        Graph.Value[] features = {g.input("c3"), g.input("c4"), g.input("c5")};
        Graph.Value raised = null;
        for (int level = 0; level < FEATURES.length; level++) {
            Graph.Value x = features[FEATURES.length - 1 - level];
            int in = FEATURES[level];
            int channels = 512 >> level;
            if (raised != null) {
                x = g.add("cat" + level, new Concat(), raised, x);
                in += channels;
            }
            Graph.Value route = g.add("block" + level, block(in, channels, level == 0, coords), x);
            Graph.Value tip = g.add("tip" + level, unit(coords, channels, 2 * channels, 3), route);
            g.output("out" + level, g.add("yolo_output" + level,
                    new Conv2d(ConvSpec.of(2 * channels, ANCHORS * (Convolve.classes(classes) + NUMBERS), 1)), tip));
            if (level < FEATURES.length - 1) {
                Graph.Value narrow = g.add("transition" + level, unit(CoordPreset.NONE, channels, channels / 2, 1), route);
                raised = g.add("up" + level, new Resize(ResizeSpec.byScales(ResizeSpec.Mode.NEAREST, 2, 2)
                        .withCoordinates(ResizeSpec.Coordinates.ASYMMETRIC).withRounding(ResizeSpec.Rounding.FLOOR)), narrow);
            }
        }
        return g.build();
    }

    /** What ResNet-50 makes of an image at strides 8, 16 and 32. */
    static List<Shape> features(Shape image) {
        List<Shape> shapes = new ArrayList<>();
        for (int level = FEATURES.length - 1; level >= 0; level--) {
            int stride = 32 >> level;
            shapes.add(Shape.of(image.batch(), FEATURES[level], image.extent(2) / stride, image.extent(3) / stride));
        }
        return shapes;
    }

    private static Layer block(int in, int channels, boolean pyramid, CoordPreset coords) {
        Sequential.Builder block = Sequential.builder()
                .add("conv0", unit(coords, in, channels, 1))
                .add("conv1", unit(CoordPreset.NONE, channels, 2 * channels, 3))
                .add("conv2", unit(coords, 2 * channels, channels, 1));
        if (pyramid) {
            block.add("spp", pyramidPooling(channels));
        }
        return block.add("conv3", unit(CoordPreset.NONE, channels, 2 * channels, 3))
                .add("route", unit(coords, 2 * channels, channels, 1)).build();
    }

    /** Maxima over windows of three sizes beside the input, then a 1x1 convolution. */
    private static Layer pyramidPooling(int channels) {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        Graph.Value joined = g.add("cat", new Concat(), x, g.add("pool5", new MaxPool2d(5, 1, 2), x),
                g.add("pool9", new MaxPool2d(9, 1, 4), x), g.add("pool13", new MaxPool2d(13, 1, 6), x));
        return g.output("y", g.add("conv", unit(CoordPreset.NONE, 4 * channels, channels, 1), joined)).build();
    }

    private static Layer unit(CoordPreset coords, int in, int out, int kernel) {
        return Sequential.builder().add("conv", Convolve.seeing(coords, Convolve.same(in, out, kernel, 1)))
                .add("batch_norm", new BatchNorm2d(out)).add("act", new LeakyReLU(SLOPE)).build();
    }
}

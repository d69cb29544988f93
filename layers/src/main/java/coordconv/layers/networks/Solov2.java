package coordconv.layers.networks;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.merging.Add;
import coordconv.layers.normalisation.GroupNorm;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The two parts of SOLOv2 behind its feature pyramid: the head at one level, [N, 256, H, W] -> category logits
 * [N, classes, S, S] and mask kernels [N, 256, S, S] over a grid of S x S cells, and the mask features. The kernel branch
 * and the mask features see the coordinates.
 *
 * <p>Source: Wang et al., "SOLOv2: Dynamic and Fast Instance Segmentation", 2020, in the full version with 512 channels,
 * and its code as kept in PaddleDetection, {@code ppdet/modeling/heads/solov2_head.py}. There the coordinates of the feature
 * map are concatenated first and resized with the features; a ramp stays a ramp then, which the convolution makes for
 * itself. The published head runs the same weights over five levels of 40, 36, 24, 16 and 12 cells: load them into five
 * of these.
 */
public final class Solov2 {
    private static final int FEATURES = 256;
    private static final int CHANNELS = 512;
    private static final int KERNEL_CHANNELS = 256;
    private static final int STACKED = 4;
    private static final int GROUPS = 32;
    private static final double EPSILON = 1e-5;
    private static final int MASK_LEVELS = 4;
    private static final int MASK_CHANNELS = 128;

    private Solov2() {}

    /**
     * The head for one size of the feature map.
     *
     * @param classes number of classes, 80 for COCO
     * @param coords affine coordinates, {@link CoordPreset#SOLO} for published weights; {@link CoordPreset#NONE} for a
     *     kernel branch without
     * @param height rows of the feature map, at least the grid's
     * @param width columns of the feature map, at least the grid's
     * @param grid S
     * @return a new network with outputs {@code category} and {@code kernel}, not initialised
     * @throws IllegalArgumentException if the coordinates have a radius, which is none after a resize, or the map is
     *     smaller than the grid
     */
    public static Graph head(int classes, CoordPreset coords, int height, int width, int grid) {
        Objects.requireNonNull(coords, "coords");
        if (grid < 1 || height < grid || width < grid) {
            throw new ShapeException("feature map: given " + height + " x " + width + ", needed at least the grid of "
                    + grid + " x " + grid);
        }
        Graph.Builder g = Graph.builder();
        Graph.Value cells = g.add("resize", new Resize(ResizeSpec.toSize(ResizeSpec.Mode.LINEAR, grid, grid)), g.input("x"));
        ConvSpec first = Convolve.same(FEATURES, CHANNELS, 3, 1);
        Layer seeing = coords == CoordPreset.NONE ? new Conv2d(first)
                : new CoordConv2d(first, resized(coords.channels(height, width), height, width, grid), grid, grid);
        g.output("category", branch(g, "cate", new Conv2d(first), Convolve.classes(classes), cells));
        g.output("kernel", branch(g, "kernel", seeing, KERNEL_CHANNELS, cells));
        return g.build();
    }

    private static Graph.Value branch(Graph.Builder g, String name, Layer first, int outputs, Graph.Value x) {
        Sequential.Builder convs = Sequential.builder();
        for (int i = 0; i < STACKED; i++) {
            convs.add(Integer.toString(i), unit(i == 0 ? first : new Conv2d(Convolve.same(CHANNELS, CHANNELS, 3, 1)), CHANNELS));
        }
        Graph.Value deep = g.add(name + "_convs", convs.build(), x);
        return g.add("solo_" + name, new Conv2d(ConvSpec.of(CHANNELS, outputs, 3).withPadding(1)), deep);
    }

    private static Layer unit(Layer convolution, int channels) {
        return Sequential.builder().add("conv", convolution).add("gn", new GroupNorm(GROUPS, channels, EPSILON))
                .add("relu", new ReLU()).build();
    }

    /**
     * The mask features, which the mask kernels are applied to: pyramid levels p2 to p5, [N, 256, H/4, W/4] and a half of
     * that each, -> [N, 256, H/4, W/4].
     *
     * @param coords what the first convolution of p5 sees, {@link CoordPreset#SOLO} for published weights;
     *     {@link CoordPreset#NONE} for nothing
     * @return a new network with inputs {@code p2} to {@code p5}, not initialised
     */
    public static Graph maskFeatures(CoordPreset coords) {
        Objects.requireNonNull(coords, "coords");
        Graph.Builder g = Graph.builder();
        Graph.Value[] levels = new Graph.Value[MASK_LEVELS];
        for (int level = 0; level < MASK_LEVELS; level++) {
            Sequential.Builder convs = Sequential.builder();
            // Level 0 has the size of the output; the others are doubled behind each of their convolutions.
            for (int i = 0; i < Math.max(level, 1); i++) {
                CoordPreset seen = level == MASK_LEVELS - 1 && i == 0 ? coords : CoordPreset.NONE;
                convs.add("conv" + i, unit(Convolve.seeing(seen,
                        Convolve.same(i == 0 ? FEATURES : MASK_CHANNELS, MASK_CHANNELS, 3, 1)), MASK_CHANNELS));
                if (level > 0) {
                    convs.add("up" + i, new Resize(ResizeSpec.byScales(ResizeSpec.Mode.LINEAR, 2, 2)));
                }
            }
            levels[level] = g.add("level" + level, convs.build(), g.input("p" + (level + 2)));
        }
        Graph.Value sum = g.add("sum", new Add(), levels);
        return g.output("y", g.add("conv_pred", unit(new Conv2d(Convolve.same(MASK_CHANNELS, KERNEL_CHANNELS, 1, 1)),
                KERNEL_CHANNELS), sum)).build();
    }

    /** The inputs of the mask features. */
    static List<Shape> pyramid(Shape image) {
        List<Shape> shapes = new ArrayList<>();
        for (int level = 0; level < MASK_LEVELS; level++) {
            int stride = 4 << level;
            shapes.add(Shape.of(image.batch(), FEATURES, image.extent(2) / stride, image.extent(3) / stride));
        }
        return shapes;
    }

    /** Cell i of S lies at {@code (i + 1/2) D / S - 1/2} of D, inside the map for a reduction, where a ramp is linear. */
    static CoordChannels resized(CoordChannels of, int height, int width, int grid) {
        List<Channel> ramps = new ArrayList<>();
        for (Channel channel : of.channels()) {
            if (!(channel instanceof Ramp ramp)) {
                throw new IllegalArgumentException("coords: given a radius, needed ramps alone, which stay ramps in a resize");
            }
            double scale = (ramp.axis() == CoordChannels.Axis.COLUMN ? width : height) / (double) grid;
            double start = ramp.start()[0] + ramp.step()[0] * (scale / 2 - 0.5);
            ramps.add(new Ramp(ramp.axis(), start, ramp.step()[0] * scale));
        }
        return new CoordChannels(ramps, of.placement());
    }

    /** The input at stride 8, where the published head has 40 x 40 cells. */
    static Shape features(Shape image) {
        return Shape.of(image.batch(), FEATURES, image.extent(2) / 8, image.extent(3) / 8);
    }
}

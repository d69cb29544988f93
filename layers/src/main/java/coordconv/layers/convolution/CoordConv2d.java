package coordconv.layers.convolution;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;
import coordconv.layers.LayerRow;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.io.CoordColumns;
import coordconv.layers.io.NamedArray;
import java.util.List;
import java.util.Objects;

/**
 * A convolution that sees coordinate channels beside its features: [N, C, H, W] -> [N, O, OH, OW],
 * weight [O, (C + coords) / groups, KH, KW], bias [O].
 *
 * <p>Its parameters are named {@code conv.weight} and {@code conv.bias}, after the inner convolution of
 * the published layers. Source: Liu et al., "An intriguing failing of convolutional neural networks and
 * the CoordConv solution", 2018.
 */
public final class CoordConv2d extends OrdinaryConvolution {
    /** Before the names of the parameters of the inner convolution. */
    static final String INNER = "conv.";

    /**
     * x then y in [-1, 1] after the features, {@link CoordPreset#PADDLE}.
     *
     * @param spec channels without the coordinates, kernel and the rest
     */
    public CoordConv2d(ConvSpec spec) {
        this(spec, CoordPreset.PADDLE);
    }

    /**
     * The coordinates of a preset.
     *
     * @param spec channels without the coordinates, kernel and the rest
     * @param preset which coordinates, in which order
     */
    public CoordConv2d(ConvSpec spec, CoordPreset preset) {
        this(spec, Objects.requireNonNull(preset, "preset")::channels);
    }

    /**
     * Coordinates by a rule of the caller's own, for every image size.
     *
     * @param spec channels without the coordinates, kernel and the rest
     * @param rule the channels of an image size
     */
    public CoordConv2d(ConvSpec spec, CoordRule rule) {
        super(INNER, spec, CoordinateSource.of(Objects.requireNonNull(rule, "rule")));
    }

    /**
     * Coordinates of the caller's own, for one image size; the layer refuses any other.
     *
     * @param spec channels without the coordinates, kernel and the rest
     * @param own the channels
     * @param height rows of the images that they are for
     * @param width columns of the images that they are for
     */
    public CoordConv2d(ConvSpec spec, CoordChannels own, int height, int width) {
        super(INNER, spec, CoordinateSource.of(Objects.requireNonNull(own, "own"), height, width));
    }

    /**
     * A CoordConv that computes what an ordinary convolution computes: the columns of its weights for
     * the coordinates are 0, the others are copied.
     *
     * @param trained one group
     * @param preset which coordinates
     * @return a new layer
     * @throws IllegalArgumentException if the convolution has several groups
     */
    public static CoordConv2d retrofit(Conv2d trained, CoordPreset preset) {
        if (trained.spec().groups() != 1) {
            throw new IllegalArgumentException("groups: given " + trained.spec().groups() + ", needed 1");
        }
        CoordConv2d widened = new CoordConv2d(trained.spec(), preset);
        Parameter narrow = trained.weight();
        widened.weight().set(CoordColumns.CONVOLUTION
                .retrofit(new NamedArray(narrow.name(), narrow.shape().toArray(), narrow.values()), preset).values());
        if (widened.bias() != null) {
            widened.bias().set(trained.bias().values());
        }
        return widened;
    }

    /**
     * The coordinate channels it sees.
     *
     * @param height H of its input
     * @param width W of its input
     * @return the channels
     */
    public CoordChannels coords(int height, int width) {
        return source().channels(height, width);
    }

    @Override
    public String type() {
        return "CoordConv";
    }

    @Override
    protected List<LayerRow> summarise(Shape input) {
        return CoordinateRows.of(this, "Conv2D", input, outputShape(input), source().count(), parameters());
    }
}

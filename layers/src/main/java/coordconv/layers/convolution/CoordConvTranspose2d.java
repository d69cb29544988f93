package coordconv.layers.convolution;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;
import coordconv.layers.LayerRow;
import coordconv.layers.Shape;
import java.util.List;
import java.util.Objects;

/**
 * A transposed convolution that sees coordinate channels beside its features (the paper's CoordDeconv):
 * [N, C, H, W] -> [N, O, OH, OW], weight [C + coords, O / groups, KH, KW], bias [O].
 *
 * <p>The coordinates are those of its input, H x W. The parameters are named {@code conv.weight} and
 * {@code conv.bias}.
 */
public final class CoordConvTranspose2d extends TransposedConvolution {
    private static final String INNER = "conv.";

    /**
     * x then y in [-1, 1] after the features, without output padding.
     *
     * @param spec channels without the coordinates, kernel and the rest
     */
    public CoordConvTranspose2d(ConvSpec spec) {
        this(spec, 0, CoordPreset.PADDLE);
    }

    /**
     * In full.
     *
     * @param spec channels without the coordinates, kernel and the rest
     * @param outputPadding rows and columns added at the end of the output; below both strides
     * @param preset which coordinates, in which order
     */
    public CoordConvTranspose2d(ConvSpec spec, int outputPadding, CoordPreset preset) {
        this(spec, outputPadding, Objects.requireNonNull(preset, "preset")::channels);
    }

    /**
     * Coordinates by a rule of the caller's own, for every image size.
     *
     * @param spec channels without the coordinates, kernel and the rest
     * @param outputPadding rows and columns added at the end of the output; below both strides
     * @param rule the channels of an image size
     */
    public CoordConvTranspose2d(ConvSpec spec, int outputPadding, CoordRule rule) {
        super(INNER, spec, outputPadding, CoordinateSource.of(Objects.requireNonNull(rule, "rule")));
    }

    /**
     * Coordinates of the caller's own, for one image size; the layer refuses any other.
     *
     * @param spec channels without the coordinates, kernel and the rest
     * @param outputPadding rows and columns added at the end of the output; below both strides
     * @param own the channels
     * @param height rows of the images that they are for
     * @param width columns of the images that they are for
     */
    public CoordConvTranspose2d(ConvSpec spec, int outputPadding, CoordChannels own, int height, int width) {
        super(INNER, spec, outputPadding, CoordinateSource.of(Objects.requireNonNull(own, "own"), height, width));
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
        return "CoordConvTranspose";
    }

    @Override
    protected List<LayerRow> summarise(Shape input) {
        return CoordinateRows.of(this, "Conv2DTranspose", input, outputShape(input), source().count(), parameters());
    }
}

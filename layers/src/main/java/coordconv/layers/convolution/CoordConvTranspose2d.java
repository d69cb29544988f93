package coordconv.layers.convolution;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.PlanOptions;
import coordconv.layers.LayerRow;
import coordconv.layers.Parameter;
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
public final class CoordConvTranspose2d extends ConvolutionLayer {
    private static final String INNER = "conv.";

    private final ConvSpec spec;
    private final int outputPadding;
    private final CoordinateSource coords;

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
        this(spec, outputPadding, CoordinateSource.of(Objects.requireNonNull(preset, "preset")));
    }

    /**
     * Coordinates of the caller's own.
     *
     * @param spec channels without the coordinates, kernel and the rest
     * @param outputPadding rows and columns added at the end of the output; below both strides
     * @param own the channels, for the image size that the layer will be configured for
     */
    public CoordConvTranspose2d(ConvSpec spec, int outputPadding, CoordChannels own) {
        this(spec, outputPadding, CoordinateSource.of(Objects.requireNonNull(own, "own")));
    }

    private CoordConvTranspose2d(ConvSpec spec, int outputPadding, CoordinateSource coords) {
        this(spec, outputPadding, coords, Convolutions.transposedWeight(INNER, spec, coords.count()));
    }

    private CoordConvTranspose2d(ConvSpec spec, int outputPadding, CoordinateSource coords, Parameter weight) {
        super(weight, Convolutions.bias(INNER, spec, weight), spec.activation());
        this.spec = spec;
        this.outputPadding = Convolutions.outputPadding(spec, outputPadding);
        this.coords = coords;
    }

    /** {@return what it was made from} */
    public ConvSpec spec() {
        return spec;
    }

    /** {@return rows and columns added at the end of the output} */
    public int outputPadding() {
        return outputPadding;
    }

    /**
     * The coordinate channels it sees.
     *
     * @param height H of its input
     * @param width W of its input
     * @return the channels
     */
    public CoordChannels coords(int height, int width) {
        return coords.channels(height, width);
    }

    @Override
    public String type() {
        return "CoordConvTranspose";
    }

    @Override
    protected Shape infer(Shape input) {
        return Convolutions.transposedShape(adjoint(input));
    }

    @Override
    boolean takesNormalisation() {
        return false;
    }

    @Override
    ConvolutionPlan plan(Shape input, PlanOptions options) {
        return Convolutions.transposedPlan(adjoint(input), coords.channels(input.extent(2), input.extent(3)), options);
    }

    private ConvGeometry adjoint(Shape input) {
        requireImages(input, spec.inChannels());
        return naming(input, () -> Convolutions.adjoint(spec, outputPadding, input, coords.count()));
    }

    @Override
    public List<LayerRow> rows(Shape input) {
        return CoordinateRows.of(this, "Conv2DTranspose", input, outputShape(input), coords.count(), parameters());
    }
}

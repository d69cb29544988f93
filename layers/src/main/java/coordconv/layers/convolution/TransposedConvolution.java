package coordconv.layers.convolution;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.PlanOptions;
import coordconv.layers.LayoutSupport;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;

/** What transposed convolutions with coordinates and without have in common. */
abstract sealed class TransposedConvolution extends ConvolutionLayer permits ConvTranspose2d, CoordConvTranspose2d {
    private final ConvSpec spec;
    private final int outputPadding;
    private final CoordinateSource coords;

    /**
     * A transposed convolution.
     *
     * @param prefix before the names of its parameters
     * @param spec channels without the coordinates, kernel and the rest
     * @param outputPadding rows and columns added at the end of the output; below both strides
     * @param coords the coordinates, if any
     */
    TransposedConvolution(String prefix, ConvSpec spec, int outputPadding, CoordinateSource coords) {
        Parameter weight = Convolutions.transposedWeight(prefix, spec, coords.count());
        super(weight, Convolutions.bias(prefix, spec, weight), spec.activation());
        this.spec = spec;
        this.outputPadding = Convolutions.outputPadding(spec, outputPadding);
        this.coords = coords;
    }

    /** {@return what it was made from} */
    public final ConvSpec spec() {
        return spec;
    }

    /** {@return rows and columns added at the end of the output} */
    public final int outputPadding() {
        return outputPadding;
    }

    final CoordinateSource source() {
        return coords;
    }

    @Override
    protected final Shape infer(Shape input) {
        return Convolutions.transposedShape(adjoint(input));
    }

    @Override
    protected final LayoutSupport layouts() {
        return LayoutSupport.EACH;
    }

    @Override
    final boolean takesNormalisation() {
        return false;
    }

    @Override
    final ConvolutionPlan plan(Shape input, PlanOptions options) {
        // The adjoint's output is this layer's input.
        ConvGeometry adjoint = adjoint(input).toBuilder().inputLayout(outputLayout()).outputLayout(inputLayout())
                .inputPitch(outputPitch()).build();
        return Convolutions.transposedPlan(adjoint, coords.channels(input.extent(2), input.extent(3)), options);
    }

    private ConvGeometry adjoint(Shape input) {
        requireImages(input, spec.inChannels());
        return naming(input, () -> Convolutions.adjoint(spec, outputPadding, input,
                coords.channels(input.extent(2), input.extent(3)).count()));
    }
}

package coordconv.layers.convolution;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.PlanOptions;
import coordconv.layers.LayoutSupport;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;

/** What convolutions with coordinates and without have in common. */
abstract sealed class OrdinaryConvolution extends ConvolutionLayer permits Conv2d, CoordConv2d {
    private final ConvSpec spec;
    private final CoordinateSource coords;

    /**
     * A convolution.
     *
     * @param prefix before the names of its parameters
     * @param spec channels without the coordinates, kernel and the rest
     * @param coords the coordinates, if any
     */
    OrdinaryConvolution(String prefix, ConvSpec spec, CoordinateSource coords) {
        Parameter weight = Convolutions.weight(prefix, spec, coords.count());
        super(weight, Convolutions.bias(prefix, spec, weight), spec.activation());
        this.spec = spec;
        this.coords = coords;
    }

    /** {@return what it was made from} */
    public final ConvSpec spec() {
        return spec;
    }

    final CoordinateSource source() {
        return coords;
    }

    @Override
    protected final Shape infer(Shape input) {
        return Convolutions.outputShape(geometry(input));
    }

    @Override
    protected final LayoutSupport layouts() {
        return LayoutSupport.EACH;
    }

    /** With coordinates or groups it would lose its fastest algorithm. */
    @Override
    final boolean takesSum() {
        return coords.count() == 0 && spec.groups() == 1;
    }

    @Override
    final boolean takesNormalisation() {
        return true;
    }

    @Override
    final ConvolutionPlan plan(Shape input, PlanOptions options) {
        return Convolutions.plan(geometry(input).toBuilder().inputLayout(inputLayout()).outputLayout(outputLayout())
                .outputPitch(outputPitch()).build(), options);
    }

    /**
     * The convolution that it computes.
     *
     * @param input shape of its input, [N, C, H, W]
     * @return its geometry, coordinates included
     * @throws ShapeException if the layer does not take that input
     */
    public final ConvGeometry geometry(Shape input) {
        requireImages(input, spec.inChannels());
        return naming(input, () ->
                Convolutions.geometry(spec, input, coords.channels(input.extent(2), input.extent(3))));
    }
}

package coordconv.layers.convolution;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.PlanOptions;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;

/**
 * A transposed convolution: [N, C, H, W] -> [N, O, OH, OW] with
 * {@code OH = (H - 1) * stride - pads + dilation * (KH - 1) + outputPadding + 1},
 * weight [C, O / groups, KH, KW], bias [O].
 */
public final class ConvTranspose2d extends ConvolutionLayer {
    private final ConvSpec spec;
    private final int outputPadding;

    /**
     * Without output padding.
     *
     * @param spec channels, kernel and the rest
     */
    public ConvTranspose2d(ConvSpec spec) {
        this(spec, 0);
    }

    /**
     * With rows and columns added at the end of the output.
     *
     * @param spec channels, kernel and the rest
     * @param outputPadding at least 0 and below both strides
     */
    public ConvTranspose2d(ConvSpec spec, int outputPadding) {
        this(spec, outputPadding, Convolutions.transposedWeight("", spec, 0));
    }

    private ConvTranspose2d(ConvSpec spec, int outputPadding, Parameter weight) {
        super(weight, Convolutions.bias("", spec, weight), spec.activation());
        this.spec = spec;
        this.outputPadding = Convolutions.outputPadding(spec, outputPadding);
    }

    /** {@return what it was made from} */
    public ConvSpec spec() {
        return spec;
    }

    /** {@return rows and columns added at the end of the output} */
    public int outputPadding() {
        return outputPadding;
    }

    @Override
    public String type() {
        return "Conv2DTranspose";
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
        return Convolutions.transposedPlan(adjoint(input), CoordChannels.NONE, options);
    }

    private ConvGeometry adjoint(Shape input) {
        requireImages(input, spec.inChannels());
        return naming(input, () -> Convolutions.adjoint(spec, outputPadding, input, 0));
    }
}

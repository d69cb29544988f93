package coordconv.layers.convolution;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.PlanOptions;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;

/**
 * A convolution: [N, C, H, W] -> [N, O, OH, OW], weight [O, C / groups, KH, KW], bias [O].
 */
public final class Conv2d extends ConvolutionLayer {
    private final ConvSpec spec;

    /**
     * A convolution.
     *
     * @param spec channels, kernel and the rest
     */
    public Conv2d(ConvSpec spec) {
        this(spec, Convolutions.weight("", spec, 0));
    }

    private Conv2d(ConvSpec spec, Parameter weight) {
        super(weight, Convolutions.bias("", spec, weight), spec.activation());
        this.spec = spec;
    }

    /** {@return what it was made from} */
    public ConvSpec spec() {
        return spec;
    }

    @Override
    public String type() {
        return "Conv2D";
    }

    @Override
    protected Shape infer(Shape input) {
        return Convolutions.outputShape(geometry(input));
    }

    @Override
    boolean takesNormalisation() {
        return true;
    }

    @Override
    ConvolutionPlan plan(Shape input, PlanOptions options) {
        return Convolutions.plan(geometry(input), options);
    }

    private ConvGeometry geometry(Shape input) {
        requireImages(input, spec.inChannels());
        return naming(input, () -> Convolutions.geometry(spec, input, CoordChannels.NONE));
    }
}

package coordconv.layers.convolution;

/**
 * A convolution: [N, C, H, W] -> [N, O, OH, OW], weight [O, C / groups, KH, KW], bias [O].
 */
public final class Conv2d extends OrdinaryConvolution {
    /**
     * A convolution.
     *
     * @param spec channels, kernel and the rest
     */
    public Conv2d(ConvSpec spec) {
        super("", spec, CoordinateSource.NONE);
    }

    @Override
    public String type() {
        return "Conv2D";
    }
}

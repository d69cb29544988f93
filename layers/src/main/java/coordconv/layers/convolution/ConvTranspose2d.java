package coordconv.layers.convolution;

/**
 * A transposed convolution: [N, C, H, W] -> [N, O, OH, OW] with
 * {@code OH = (H - 1) * stride - pads + dilation * (KH - 1) + outputPadding + 1},
 * weight [C, O / groups, KH, KW], bias [O].
 */
public final class ConvTranspose2d extends TransposedConvolution {
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
        super("", spec, outputPadding, CoordinateSource.NONE);
    }

    @Override
    public String type() {
        return "Conv2DTranspose";
    }
}

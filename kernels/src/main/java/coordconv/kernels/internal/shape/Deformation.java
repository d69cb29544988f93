package coordconv.kernels.internal.shape;

/**
 * What makes a convolution deformable: offsets [N, 2 * groups * taps, OH, OW] that move each tap of each output, and a mask
 * [N, groups * taps, OH, OW] that scales what it sees. Both lie as the output does.
 *
 * @param groups deformable groups, each an equal share of the joined channels
 * @param masked whether there is a mask
 * @param columnFirst whether of the two offsets of a tap that along the width comes first
 */
public record Deformation(int groups, boolean masked, boolean columnFirst) {
    /** {@return where the offsets of a convolution lie} */
    public Correlation.Image offsets(ConvShape shape) {
        return image(shape, 2 * groups * shape.taps());
    }

    /** {@return where the mask of a convolution lies} */
    public Correlation.Image mask(ConvShape shape) {
        return image(shape, groups * shape.taps());
    }

    private static Correlation.Image image(ConvShape shape, int channels) {
        return Correlation.Image.of(shape.outputPitch() == 0 ? 0 : channels, shape.batch(), channels,
                shape.rows().outSize(), shape.columns().outSize());
    }

    /** {@return joined channels of a deformable group} */
    public int channelsOfGroup(ConvShape shape) {
        return (shape.channels() + shape.inputCoords().count()) / groups;
    }
}

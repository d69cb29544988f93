package coordconv.kernels;

/**
 * The immutable description of one deformable convolution: a convolution whose taps are moved by offsets
 * [N, 2 * deformableGroups * KH * KW, OH, OW], in pixels, and scaled by a mask [N, deformableGroups * KH * KW, OH, OW].
 * Without a mask it is version 1 (Dai et al., "Deformable Convolutional Networks", 2017), with one version 2 (Zhu et al.,
 * "Deformable ConvNets v2: More Deformable, Better Results", 2019).
 *
 * <p>Offsets and mask lie in memory as the output does ({@link ConvGeometry#outputLayout}).
 *
 * @param convolution input, coordinates, kernel, stride, padding, dilation, groups, layouts
 * @param deformableGroups parts of the joined channels that have offsets of their own; a divisor of their number
 * @param masked whether there is a mask
 * @param order of the two offsets of a tap
 */
public record DeformableGeometry(ConvGeometry convolution, int deformableGroups, boolean masked, OffsetOrder order) {
    /** Refuses what does not fit together. */
    public DeformableGeometry {
        Arguments.present("convolution", convolution);
        Arguments.present("order", order);
        Arguments.check(convolution.inputPitch() == convolution.channels(), "inputPitch", convolution.inputPitch(),
                "the " + convolution.channels() + " channels");
        Arguments.check(convolution.outputPitch() == convolution.outChannels(), "outputPitch", convolution.outputPitch(),
                "the " + convolution.outChannels() + " output channels");
        Arguments.positive("deformableGroups", deformableGroups);
        Arguments.check(convolution.joinedChannels() % deformableGroups == 0, "deformableGroups", deformableGroups,
                "a divisor of the " + convolution.joinedChannels() + " input channels, coordinates included");
        ConvGeometry.product("offsets [N, 2 * deformableGroups * KH * KW, OH, OW]", convolution.batch(), 2L, deformableGroups,
                convolution.kernelHeight(), convolution.kernelWidth(), convolution.outHeight(), convolution.outWidth());
    }

    /**
     * One deformable group, with a mask, offsets in the order {@link OffsetOrder#ROW_FIRST}.
     *
     * @param convolution the convolution
     * @return the description
     */
    public static DeformableGeometry of(ConvGeometry convolution) {
        return new DeformableGeometry(convolution, 1, true, OffsetOrder.ROW_FIRST);
    }

    /**
     * {@return this description with another number of deformable groups}
     *
     * @param groups parts of the joined channels that have offsets of their own
     */
    public DeformableGeometry withDeformableGroups(int groups) {
        return new DeformableGeometry(convolution, groups, masked, order);
    }

    /**
     * {@return this description with or without a mask}
     *
     * @param other whether there is a mask
     */
    public DeformableGeometry withMasked(boolean other) {
        return new DeformableGeometry(convolution, deformableGroups, other, order);
    }

    /**
     * {@return this description with another order of offsets}
     *
     * @param other order of the two offsets of a tap
     */
    public DeformableGeometry withOrder(OffsetOrder other) {
        return new DeformableGeometry(convolution, deformableGroups, masked, other);
    }

    /** {@return channels of the mask: one a tap of a deformable group} */
    public int maskChannels() {
        return deformableGroups * convolution.kernelHeight() * convolution.kernelWidth();
    }

    /** {@return channels of the offsets: two a tap of a deformable group} */
    public int offsetChannels() {
        return 2 * maskChannels();
    }

    /** {@return elements of the mask [N, deformableGroups * KH * KW, OH, OW]} */
    public int maskLength() {
        return convolution.batch() * maskChannels() * convolution.outHeight() * convolution.outWidth();
    }

    /** {@return elements of the offsets [N, 2 * deformableGroups * KH * KW, OH, OW]} */
    public int offsetLength() {
        return 2 * maskLength();
    }

    @Override
    public String toString() {
        return "deformable " + convolution + ", " + deformableGroups + " deformable groups, "
                + (masked ? "mask" : "no mask") + ", offsets " + order;
    }
}

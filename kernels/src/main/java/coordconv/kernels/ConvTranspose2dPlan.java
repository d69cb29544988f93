package coordconv.kernels;

/** Placeholder: the public shape is final. */
public final class ConvTranspose2dPlan {
    private ConvTranspose2dPlan() {}

    /**
     * A transposed convolution, described by the ordinary convolution it is the adjoint of.
     *
     * @param adjoint no coordinates; its input [N, C, H, W] is the transposed convolution's output y, its
     *     output [N, O, OH, OW] is the joined input [features + coords]; weights are
     *     [O, C / groups, KH, KW], the layout of a transposed convolution's weights
     * @param coords coordinate channels, over the OH x OW image, that join the features of x
     */
    public static ConvTranspose2dPlan of(ConvGeometry adjoint, CoordChannels coords, PlanOptions options) { throw new UnsupportedOperationException(); }
    public PackedWeights pack(FloatRegion weights, FloatRegion bias) { throw new UnsupportedOperationException(); }
    public void repack(FloatRegion weights, FloatRegion bias, PackedWeights into) {}
    /** x [N, O - coords, OH, OW] -> y [N, C, H, W]. */
    public void forward(FloatRegion x, PackedWeights w, FloatRegion y, Parallelism p) {}
    public PackedGradientWeights packForInputGradient(FloatRegion weights) { return null; }
    public void repackForInputGradient(FloatRegion weights, PackedGradientWeights into) {}
    public void backwardInput(FloatRegion dy, PackedGradientWeights w, FloatRegion dx, Parallelism p) {}
    public void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw, Parallelism p) {}
    public void backwardBias(FloatRegion dy, FloatRegion db, Parallelism p) {}
    public long workspaceBytes(int threads) { return 0; }
}

package coordconv.kernels;

/** Stub. */
public final class Conv2dPlan {
    public static Conv2dPlan of(ConvGeometry g) { return of(g, PlanOptions.DEFAULTS); }
    public static Conv2dPlan of(ConvGeometry g, PlanOptions o) { throw new UnsupportedOperationException(); }
    public ConvGeometry geometry() { return null; }
    public PlanOptions options() { return null; }
    public long workspaceBytes(int threads) { return 0; }
    public PackedWeights pack(FloatRegion weights, FloatRegion bias) { return null; }
    public void forward(FloatRegion x, PackedWeights w, FloatRegion y) {}
    public void forward(FloatRegion x, PackedWeights w, FloatRegion y, Parallelism p) {}
    public PackedGradientWeights packForInputGradient(FloatRegion weights) { return null; }
    public void backwardInput(FloatRegion dy, PackedGradientWeights w, FloatRegion dx) {}
    public void backwardInput(FloatRegion dy, PackedGradientWeights w, FloatRegion dx, Parallelism p) {}
    public void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw) {}
    public void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw, Parallelism p) {}
    public void backwardBias(FloatRegion dy, FloatRegion db) {}
    public String describe() { return ""; }
}

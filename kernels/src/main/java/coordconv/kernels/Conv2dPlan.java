package coordconv.kernels;

import java.util.Objects;

/** Naive placeholder: the public shape is final, the loops are not. */
public final class Conv2dPlan {
    private final ConvGeometry g;
    private final PlanOptions o;
    private Conv2dPlan(ConvGeometry g, PlanOptions o) { this.g = Objects.requireNonNull(g, "geometry"); this.o = Objects.requireNonNull(o, "options"); }
    public static Conv2dPlan of(ConvGeometry g) { return of(g, PlanOptions.DEFAULTS); }
    public static Conv2dPlan of(ConvGeometry g, PlanOptions o) { return new Conv2dPlan(g, o); }
    public ConvGeometry geometry() { return g; }
    public PlanOptions options() { return o; }
    public long workspaceBytes(int threads) { return 0; }

    public PackedWeights pack(FloatRegion weights, FloatRegion bias) {
        PackedWeights p = new PackedWeights();
        p.w = new float[g.weightLength()];
        repack(weights, bias, p);
        return p;
    }

    public void repack(FloatRegion weights, FloatRegion bias, PackedWeights into) {
        weights.requireReadable("weights", g.weightLength());
        for (int i = 0; i < into.w.length; i++) into.w[i] = weights.get(i);
        into.b = bias == null ? null : new float[g.outChannels()];
        if (bias != null) for (int i = 0; i < into.b.length; i++) into.b[i] = bias.get(i);
    }

    public void forward(FloatRegion x, PackedWeights w, FloatRegion y) { forward(x, w, y, Parallelism.SERIAL); }

    private interface Tap { void at(int yAt, int wAt, int xAt, float coordinate); }

    private void each(Tap tap) {
        int cg = g.joinedChannels() / g.groups(), og = g.outChannels() / g.groups();
        boolean before = g.coords().placement() == CoordChannels.Placement.BEFORE;
        int coords = g.coords().count();
        for (int n = 0; n < g.batch(); n++) for (int oc = 0; oc < g.outChannels(); oc++)
            for (int oh = 0; oh < g.outHeight(); oh++) for (int ow = 0; ow < g.outWidth(); ow++)
                for (int ci = 0; ci < cg; ci++) for (int kh = 0; kh < g.kernelHeight(); kh++) for (int kw = 0; kw < g.kernelWidth(); kw++) {
                    int h = oh * g.strideHeight() - g.padTop() + kh * g.dilationHeight();
                    int ww = ow * g.strideWidth() - g.padLeft() + kw * g.dilationWidth();
                    if (h < 0 || ww < 0 || h >= g.height() || ww >= g.width()) continue;
                    int joined = oc / og * cg + ci;
                    int feature = before ? joined - coords : joined;
                    int coord = before ? joined : joined - g.channels();
                    boolean isCoord = before ? joined < coords : joined >= g.channels();
                    int yAt = ((n * g.outChannels() + oc) * g.outHeight() + oh) * g.outWidth() + ow;
                    int wAt = ((oc * cg + ci) * g.kernelHeight() + kh) * g.kernelWidth() + kw;
                    tap.at(yAt, wAt, isCoord ? -1 : ((n * g.channels() + feature) * g.height() + h) * g.width() + ww,
                            isCoord ? g.coords().value(coord, n, h, ww) : 0);
                }
    }

    public void forward(FloatRegion x, PackedWeights w, FloatRegion y, Parallelism p) {
        x.requireReadable("x", g.inputLength());
        y.requireWritable("y", g.outputLength());
        y.requireApart("y", g.outputLength(), x, "x", g.inputLength());
        float[] out = new float[g.outputLength()];
        int hw = g.outHeight() * g.outWidth();
        for (int i = 0; i < out.length; i++) out[i] = (o.accumulate() ? y.get(i) : 0) + (w.b == null ? 0 : w.b[i / hw % g.outChannels()]);
        each((yAt, wAt, xAt, c) -> out[yAt] += w.w[wAt] * (xAt < 0 ? c : x.get(xAt)));
        for (int i = 0; i < out.length; i++) y.set(i, o.activation().apply(out[i]));
    }

    public PackedGradientWeights packForInputGradient(FloatRegion weights) {
        PackedGradientWeights p = new PackedGradientWeights();
        p.w = new float[g.weightLength()];
        repackForInputGradient(weights, p);
        return p;
    }

    public void repackForInputGradient(FloatRegion weights, PackedGradientWeights into) {
        for (int i = 0; i < into.w.length; i++) into.w[i] = weights.get(i);
    }

    public void backwardInput(FloatRegion dy, PackedGradientWeights w, FloatRegion dx) { backwardInput(dy, w, dx, Parallelism.SERIAL); }

    public void backwardInput(FloatRegion dy, PackedGradientWeights w, FloatRegion dx, Parallelism p) {
        if (!o.accumulate()) for (int i = 0; i < g.inputLength(); i++) dx.set(i, 0);
        each((yAt, wAt, xAt, c) -> { if (xAt >= 0) dx.set(xAt, dx.get(xAt) + w.w[wAt] * dy.get(yAt)); });
    }

    public void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw) { backwardWeights(x, dy, dw, Parallelism.SERIAL); }

    public void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw, Parallelism p) {
        if (!o.accumulate()) for (int i = 0; i < g.weightLength(); i++) dw.set(i, 0);
        each((yAt, wAt, xAt, c) -> dw.set(wAt, dw.get(wAt) + dy.get(yAt) * (xAt < 0 ? c : x.get(xAt))));
    }

    public void backwardBias(FloatRegion dy, FloatRegion db) { backwardBias(dy, db, Parallelism.SERIAL); }

    public void backwardBias(FloatRegion dy, FloatRegion db, Parallelism p) {
        int hw = g.outHeight() * g.outWidth();
        float[] sums = new float[g.outChannels()];
        for (int i = 0; i < g.outputLength(); i++) sums[i / hw % sums.length] += dy.get(i);
        for (int i = 0; i < sums.length; i++) db.set(i, sums[i] + (o.accumulate() ? db.get(i) : 0));
    }

    public String describe() { return "naive"; }
}

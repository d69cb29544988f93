package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.pack.PackLoops;

/** A tile kernel as its three steps, one after the other: what a spun one does in a single loop nest. */
final class StepwiseTile implements TileKernel {
    private final Shape shape;
    private final MicroKernel product;
    private final PackLoops loops;
    private final int lanes;
    private final int nr;

    StepwiseTile(KernelSet kernels, Shape shape) {
        this.shape = shape;
        product = kernels.packed(shape.rows());
        loops = kernels.loops();
        lanes = kernels.lanes();
        nr = kernels.nr();
    }

    @Override
    public void run(TileOperands t) {
        if (shape.source() != Source.PANEL) {
            int base = t.firstAt - t.columnAt[t.firstColumn];
            for (int v = 0; v < nr; v += lanes) {
                loops.packGather(t.source, base, t.columnAt, t.firstColumn + v,
                        t.rowAt, t.firstRow, t.firstRow + t.sourceRows, t.panel, t.panelAt + v, nr);
            }
        }
        for (int tile = 0; tile < t.tiles; tile++) {
            int row = tile * shape.rows();
            product.run(t.kc, t.a, t.aAt + row * t.kc, t.panel, t.panelAt, t.sums, t.sumsAt + row * nr, nr, shape.resumes());
        }
        float slope = slope(t);
        for (int r = 0; r < t.tiles * shape.rows(); r++) {
            finishHalf(t, r, 0, t.yAt, slope);
            finishHalf(t, r, nr / 2, t.yAt + t.yNext, slope);
        }
    }

    private void finishHalf(TileOperands t, int row, int column, int yAt, float slope) {
        float bias = t.bias[t.biasAt + row];
        int from = t.sumsAt + row * nr + column;
        int to = yAt + row * t.yPitch;
        for (int j = 0; j < nr / 2; j++) {
            t.y[to + j] = PackLoops.activated(t.sums[from + j] + bias, slope);
        }
    }

    private float slope(TileOperands t) {
        return switch (shape.finish()) {
            case LINEAR -> 1;
            case RELU -> 0;
            case LEAKY -> t.slope;
        };
    }
}

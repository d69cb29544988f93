package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.AView;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.BView;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.TileKernel;

/**
 * A micro-kernel that serves until {@link TileTemplate} is compiled for its shape, and gives the same bits: vector code that
 * is not compiled takes hundreds of times as long. Its product is plain Java first, and then the one small vector
 * product that all shapes share.
 *
 * @param shape what it is for
 * @param product of four rows at a time
 * @param loops pack chunks of {@code lanes} columns
 * @param lanes floats of a vector
 * @param nr columns of a tile
 */
record StandInTile(Shape shape, FourRows product, PackLoops loops, int lanes, int nr) implements TileKernel {
    @Override
    public boolean isStandIn() {
        return true;
    }

    @Override
    public void run(int tiles, int kc, AView a, BView b, CView c) {
        float[] panel = b.panel;
        int panelAt = b.panelAt;
        if (shape.b().packs()) {
            pack(b, b.sourceDepths, panel, panelAt);
        } else if (!shape.b().readsPanel()) {
            panel = new float[kc * nr];
            panelAt = 0;
            pack(b, kc, panel, panelAt);
        }
        boolean inRows = shape.a() == ALayout.ROWS;
        int rowStride = inRows ? KernelSet.A_ROW_STRIDE : 1;
        int depthStride = inRows ? 1 : shape.rows();
        int tileStride = shape.rows() * (inRows ? rowStride : kc);
        // Allocated for each call: a stand-in has no state, and is soon replaced.
        float[] sums = new float[FourRows.ROWS * nr];
        for (int tile = 0; tile < tiles; tile++) {
            for (int r = 0; r < shape.rows(); r += FourRows.ROWS) {
                int rows = Math.min(FourRows.ROWS, shape.rows() - r);
                int row = tile * shape.rows() + r;
                product.multiply(rows, kc, a.a, a.at + tile * tileStride + r * rowStride, rowStride, depthStride,
                        panel, panelAt, c.bias, c.biasAt + row, sums);
                for (int i = 0; i < rows; i++) {
                    finish(sums, i * nr, row + i, c);
                }
            }
        }
    }

    private void pack(BView b, int depths, float[] panel, int panelAt) {
        int base = b.firstAt - b.columnAt[b.firstColumn];
        for (int v = 0; v < columns(); v += lanes) {
            loops.packGather(b.source, base, b.columnAt, b.firstColumn + v,
                    b.rowAt, b.firstK, b.firstK + depths, panel, panelAt + v, nr);
        }
    }

    private int columns() {
        return shape.oneVector() ? lanes : nr;
    }

    private void finish(float[] sums, int at, int row, CView c) {
        Activation activation = shape.activation();
        int addAt = c.sumsAt + row * c.sumsRowStride;
        int yAt = c.yAt + row * c.yRowStride;
        for (int j = 0; j < columns(); j++) {
            float sum = shape.accumulate() ? c.sums[addAt + j] + sums[at + j] : sums[at + j];
            c.y[yAt + (j < lanes ? j : c.ySecondHalf + j - lanes)] = activation.apply(sum, c.alpha);
        }
    }
}

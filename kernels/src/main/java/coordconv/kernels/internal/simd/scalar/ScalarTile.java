package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.AView;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.BView;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.TileKernel;
import java.util.Arrays;

/**
 * The micro-kernel in plain Java, its steps one after the other: pack B, then for each row add up the depths in the
 * results themselves, columns innermost so that C2 vectorises the loop, and finish them.
 *
 * @param shape what it is for; all columns of a tile are computed whatever it says
 * @param loops pack chunks of {@code lanes} columns
 * @param lanes floats of a chunk
 * @param nr columns of a tile, a multiple of {@code lanes}
 */
public record ScalarTile(Shape shape, PackLoops loops, int lanes, int nr) implements TileKernel {
    @Override
    public void run(int tiles, int kc, AView a, BView b, CView c) {
        if (shape.b() != BAccess.PANEL) {
            pack(b);
        }
        int rowStride = shape.a() == ALayout.PANEL ? 1 : KernelSet.A_ROW_STRIDE;
        int depthStride = shape.a() == ALayout.PANEL ? shape.rows() : 1;
        int tileStride = shape.rows() * (shape.a() == ALayout.PANEL ? kc : rowStride);
        int run = c.ySecondHalf == nr / 2 ? nr : nr / 2;
        for (int r = 0; r < tiles * shape.rows(); r++) {
            int aAt = a.at + r / shape.rows() * tileStride + r % shape.rows() * rowStride;
            for (int j = 0; j < nr; j += run) {
                int y = c.yAt + r * c.yRowStride + (j == 0 ? 0 : c.ySecondHalf);
                start(c, c.sumsAt + r * c.sumsRowStride + j, y, run);
                for (int k = 0; k < kc; k++) {
                    addProduct(a.a[aAt + k * depthStride], b.panel, b.panelAt + k * nr + j, c.y, y, run);
                }
                finish(c.bias[c.biasAt + r], c, y, run);
            }
        }
    }

    private void pack(BView b) {
        int base = b.firstAt - b.columnAt[b.firstColumn];
        for (int v = 0; v < nr; v += lanes) {
            loops.packGather(b.source, base, b.columnAt, b.firstColumn + v,
                    b.rowAt, b.firstK, b.firstK + b.sourceDepths, b.panel, b.panelAt + v, nr);
        }
    }

    private void start(CView c, int sumsAt, int y, int count) {
        if (shape.accumulate()) {
            System.arraycopy(c.sums, sumsAt, c.y, y, count);
        } else {
            Arrays.fill(c.y, y, y + count, 0);
        }
    }

    private static void addProduct(float a, float[] b, int bAt, float[] y, int at, int count) {
        for (int j = 0; j < count; j++) {
            y[at + j] += a * b[bAt + j];
        }
    }

    private void finish(float bias, CView c, int y, int count) {
        Activation activation = shape.activation();
        for (int j = 0; j < count; j++) {
            c.y[y + j] = activation.apply(c.y[y + j] + bias, c.alpha);
        }
    }
}

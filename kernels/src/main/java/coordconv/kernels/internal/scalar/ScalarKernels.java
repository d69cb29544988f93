package coordconv.kernels.internal.scalar;

import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.MicroKernel;
import coordconv.kernels.internal.pack.PackLoops;
import coordconv.kernels.internal.pack.SegmentLoops;
import java.util.Arrays;

/** The kernels in plain Java, for a JVM without the Vector API. */
public final class ScalarKernels implements KernelSet {
    private static final int MR = 4;
    /** Wide enough for C2 to vectorise the loop over columns by itself. */
    private static final int NR = 32;
    private final PackLoops loops = new ScalarPackLoops(NR);
    private final SegmentLoops segmentLoops = new ScalarSegmentLoops();

    @Override
    public int bits() {
        return Float.SIZE;
    }

    @Override
    public int lanes() {
        return NR;
    }

    @Override
    public int maxRows() {
        return MR;
    }

    @Override
    public int nr() {
        return NR;
    }

    @Override
    public MicroKernel packed(int rows) {
        return new Rows(rows, 1, rows);
    }

    @Override
    public MicroKernel strided(int rows) {
        return new Rows(rows, PATCH_PITCH, 1);
    }

    @Override
    public PackLoops loops() {
        return loops;
    }

    @Override
    public SegmentLoops segmentLoops() {
        return segmentLoops;
    }

    /**
     * Row by row, depth by depth, columns innermost.
     *
     * @param rows MR
     * @param rowStride distance of two rows of A
     * @param depthStride distance of two depths of A
     */
    private record Rows(int rows, int rowStride, int depthStride) implements MicroKernel {
        @Override
        public void run(int kc, float[] a, int aOffset, float[] b, int bOffset,
                        float[] c, int cOffset, int ldc, boolean accumulate) {
            for (int r = 0; r < rows; r++) {
                int row = cOffset + r * ldc;
                if (!accumulate) {
                    Arrays.fill(c, row, row + NR, 0);
                }
                for (int k = 0; k < kc; k++) {
                    axpy(a[aOffset + r * rowStride + k * depthStride], b, bOffset + k * NR, c, row);
                }
            }
        }

        private static void axpy(float a, float[] b, int bAt, float[] c, int row) {
            for (int j = 0; j < NR; j++) {
                c[row + j] += a * b[bAt + j];
            }
        }
    }
}

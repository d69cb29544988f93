package coordconv.kernels.internal.simd.vector;

import java.util.Arrays;

/**
 * Four rows in plain Java.
 *
 * @param nr columns of a panel
 * @param fused whether to multiply and add with one rounding
 */
record PlainFourRows(int nr, boolean fused) implements FourRows {
    @Override
    public void multiply(int rows, int kc, float[] a, int aAt, int rowStride, int depthStride, float[] b, int bAt,
                         float[] bias, int biasAt, float[] sums) {
        for (int r = 0; r < rows; r++) {
            int at = aAt + r * rowStride;
            int row = r * nr;
            Arrays.fill(sums, row, row + nr, bias[biasAt + r]);
            int k = 0;
            for (; fused && k + 4 <= kc; k += 4) {
                int i = at + k * depthStride;
                addFourProducts(a[i], a[i + depthStride], a[i + 2 * depthStride], a[i + 3 * depthStride],
                        b, bAt + k * nr, nr, sums, row);
            }
            for (; k < kc; k++) {
                addProduct(a[at + k * depthStride], b, bAt + k * nr, sums, row);
            }
        }
    }

    /** Four depths at a time: a sum is loaded and stored once for all of them. */
    private static void addFourProducts(float a0, float a1, float a2, float a3, float[] b, int at, int nr,
                                        float[] sums, int row) {
        int at1 = at + nr;
        int at2 = at1 + nr;
        int at3 = at2 + nr;
        for (int j = 0; j < nr; j++) {
            float sum = Math.fma(a1, b[at1 + j], Math.fma(a0, b[at + j], sums[row + j]));
            sums[row + j] = Math.fma(a3, b[at3 + j], Math.fma(a2, b[at2 + j], sum));
        }
    }

    private void addProduct(float a, float[] b, int at, float[] sums, int row) {
        for (int j = 0; j < nr; j++) {
            sums[row + j] = fused ? Math.fma(a, b[at + j], sums[row + j]) : a * b[at + j] + sums[row + j];
        }
    }
}

package coordconv.kernels.internal.simd.vector;

/** The product of a {@link StandInTile}: up to four rows of A and a panel of B. */
interface FourRows {
    /** Rows of a product at the most. */
    int ROWS = 4;

    /**
     * {@code sums[r][j] = bias[r] + a[r][0] * b[0][j] + a[r][1] * b[1][j] + ...}, added in this order.
     *
     * @param rows of A
     * @param kc depth
     * @param a holds A
     * @param aAt offset of its element (row 0, depth 0)
     * @param rowStride stride from one row to the next
     * @param depthStride stride from one depth to the next
     * @param b holds the panel
     * @param bAt its offset
     * @param bias what the sums begin with
     * @param biasAt index of that of row 0
     * @param sums destination, ROWS x NR
     */
    void multiply(int rows, int kc, float[] a, int aAt, int rowStride, int depthStride, float[] b, int bAt,
                  float[] bias, int biasAt, float[] sums);
}

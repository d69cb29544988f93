package coordconv.kernels.internal.gemm;

/**
 * The micro-kernel contract: one register tile of the product of two packed panels.
 *
 * <p>An implementation is fixed to a tile of {@code MR} rows and {@code NR} columns and to one
 * layout of the A panel. It reads exactly {@code kc * MR} floats of {@code a} and {@code kc * NR}
 * floats of {@code b}, and writes exactly {@code MR} rows of {@code NR} floats of {@code c}. Edges
 * are the caller's business: it hands over a temporary tile where the destination is narrower.
 */
public interface MicroKernel {
    /**
     * Computes {@code C = A * B}, or {@code C += A * B}.
     *
     * @param kc depth of the panels; 0 gives a product of zeros
     * @param a the packed A panel: element (row r, depth k) lies at {@code aOffset + k * MR + r}
     * @param b the packed B panel: element (depth k, column j) lies at {@code bOffset + k * NR + j}
     * @param c destination: element (r, j) lies at {@code cOffset + r * ldc + j}
     * @param accumulate whether to add to what {@code c} holds
     */
    void run(int kc, float[] a, int aOffset, float[] b, int bOffset,
             float[] c, int cOffset, int ldc, boolean accumulate);
}

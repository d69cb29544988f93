package coordconv.kernels.internal.simd;

/**
 * The micro-kernel: register tiles of MR x NR, one below the other, that share one B. It reads B packed or where it
 * lies, packs it on the way if asked to, and finishes and stores the results, all in one loop nest:
 *
 * <pre>{@code
 * for each tile:
 *     c[r][j] = bias[r]
 *     for k: c[r][j] += a[r][k] * b[k][j]
 *     y[r][j] = f(c[r][j] + sums[r][j])
 * }</pre>
 *
 * <p>Full tiles alone are computed: panels are padded, and a narrower destination gets its part from a buffer.
 */
public interface TileKernel {
    /** How the elements of A lie. */
    enum ALayout {
        /** Packed panels: element (row r, depth k) lies at {@code k * MR + r}. */
        PANEL,
        /** Rows: element (row r, depth k) lies at {@code r * KernelSet.A_ROW_STRIDE + k}. */
        ROWS
    }

    /** How the elements of B are reached. */
    enum BAccess {
        /** Packed before. */
        PANEL,
        /** Read where they lie, the columns of each vector side by side. */
        CONTIGUOUS,
        /** Read where they lie, the columns of each vector within two vectors from its first. */
        TWO_VECTOR_SHUFFLE,
        /** As {@link #CONTIGUOUS}, and packed on the way; depths behind those of the source lie in the panel. */
        PACK_CONTIGUOUS,
        /** As {@link #TWO_VECTOR_SHUFFLE}, and packed on the way likewise. */
        PACK_TWO_VECTOR_SHUFFLE;

        /** {@return whether the panel is read} */
        public boolean readsPanel() {
            return this != CONTIGUOUS && this != TWO_VECTOR_SHUFFLE;
        }

        /** {@return whether the panel is written} */
        public boolean packs() {
            return this == PACK_CONTIGUOUS || this == PACK_TWO_VECTOR_SHUFFLE;
        }

        /** {@return whether a vector of columns is picked out of two vectors} */
        public boolean shuffles() {
            return this == TWO_VECTOR_SHUFFLE || this == PACK_TWO_VECTOR_SHUFFLE;
        }
    }

    /**
     * What a kernel is compiled for.
     *
     * @param rows MR
     * @param oneVector whether only the first vector of each row is computed: the others hold no column
     * @param a how A lies
     * @param b how B is reached
     * @param accumulate whether the sums are added
     * @param activation of the results
     */
    record Shape(int rows, boolean oneVector, ALayout a, BAccess b, boolean accumulate, Activation activation) {
        /** Written out, as {@link #hashCode} is: the JVM takes ten milliseconds of a first call to make those of a record. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Shape shape && rows == shape.rows && oneVector == shape.oneVector && a == shape.a && b == shape.b
                    && accumulate == shape.accumulate && activation == shape.activation;
        }

        @Override
        public int hashCode() {
            int flags = (oneVector ? 1 : 0) + (accumulate ? 2 : 0);
            return 31 * (31 * (31 * (4 * rows + flags) + a.ordinal()) + b.ordinal()) + activation.ordinal();
        }
    }

    /**
     * Computes tiles.
     *
     * @param tiles number of tiles, one below the other
     * @param kc depth
     * @param a panels of the tiles, one after another
     * @param b the B that they share
     * @param c where results go
     */
    void run(int tiles, int kc, AView a, BView b, CView c);

    /** {@return whether a faster kernel of the same bits takes its place once it is compiled} */
    default boolean isStandIn() {
        return false;
    }
}

package coordconv.kernels.internal.gemm;

/**
 * Register tiles of a product, one below the other, from where their patches lie to where their results go:
 * the micro-kernel with the packing of B before it and the epilogue behind it, in one loop nest.
 */
public interface TileKernel {
    /** Where the B panel comes from. */
    enum Source {
        /** Packed before. */
        PANEL,
        /** All depths are read in place, the columns of each vector side by side. */
        ADJACENT,
        /** All depths are read in place, each vector of columns within two vectors of its first. */
        NEAR,
        /** As ADJACENT, and packed on the way for the kernels below; depths from the source's last on lie in the panel. */
        PACK_ADJACENT,
        /** As NEAR, and packed on the way likewise. */
        PACK_NEAR;

        /** {@return whether the panel is read} */
        public boolean hasPanel() {
            return this != ADJACENT && this != NEAR;
        }

        /** {@return whether the panel is written} */
        public boolean packs() {
            return this == PACK_ADJACENT || this == PACK_NEAR;
        }

        /** {@return whether columns are picked out of two vectors} */
        public boolean picks() {
            return this == NEAR || this == PACK_NEAR;
        }
    }

    /** The activation of results. */
    enum Finish {
        /** None. */
        LINEAR,
        /** Zero for negative results. */
        RELU,
        /** {@link TileOperands#slope} times negative results. */
        LEAKY;

        /** {@return the activation that puts a factor on negative results} */
        public static Finish of(float slope) {
            return slope == 1 ? LINEAR : slope == 0 ? RELU : LEAKY;
        }
    }

    /**
     * What a kernel is made for.
     *
     * @param rows MR
     * @param narrow whether only the first vector of each row is computed: the others hold no column
     * @param source where B comes from
     * @param resumes whether the sums of the depths before are added
     * @param finish activation of the results; LINEAR where more is to be added
     */
    record Shape(int rows, boolean narrow, Source source, boolean resumes, Finish finish) {}

    /** Computes {@link TileOperands#tiles} tiles: {@code y[r][j] = f(sums[r][j] + bias[r] + product[r][j])}. */
    void run(TileOperands t);
}

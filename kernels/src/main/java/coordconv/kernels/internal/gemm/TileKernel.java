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

    /** Where results go. */
    enum Sink {
        /** Added to the sums. */
        ADD,
        /** To the output, with bias and activation; the sums are scratch. */
        FINISH
    }

    /** The activation of a finishing sink. */
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
     * @param sink where results go
     * @param finish activation of a finishing sink; LINEAR for another
     */
    record Shape(int rows, boolean narrow, Source source, Sink sink, Finish finish) {
        /** A shape; the activation of a sink that does not finish is of no account. */
        public Shape {
            finish = sink == Sink.FINISH ? finish : Finish.LINEAR;
        }
    }

    /** Computes {@link TileOperands#tiles} tiles. */
    void run(TileOperands t);
}

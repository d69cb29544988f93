package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.pack.PackLoops;
import coordconv.kernels.internal.pack.SegmentLoops;

/** The machine-dependent code of one vector width: micro-kernels of every MR, and the packing loops. */
public interface KernelSet {
    /**
     * Distance of two rows in the row-major patch block that {@link #strided} reads. A block holds 256
     * columns; the odd vector more keeps the rows of a tile out of one another's cache set.
     */
    int PATCH_PITCH = 272;

    /** {@return width of a vector in bits; 32 for plain Java} */
    int bits();

    /** {@return floats in a vector, the chunk that columns are packed by} */
    int lanes();

    /** {@return MR, the most rows of a tile that stay in registers} */
    int maxRows();

    /** {@return NR, the columns of a tile; an even number and a multiple of {@link #lanes}} */
    int nr();

    /**
     * The micro-kernel over packed A panels.
     *
     * @param rows 1 to {@link #maxRows}
     * @return element (r, k) of A is read at {@code k * rows + r}
     */
    MicroKernel packed(int rows);

    /**
     * The micro-kernel over row-major A blocks.
     *
     * @param rows 1 to {@link #maxRows}
     * @return element (r, k) of A is read at {@code r * PATCH_PITCH + k}
     */
    MicroKernel strided(int rows);

    /**
     * The kernel of one tile, packing and epilogue included.
     *
     * @param shape what it is for; at most {@link #maxRows} rows
     * @return the kernel
     */
    default TileKernel tile(TileKernel.Shape shape) {
        return new StepwiseTile(this, shape);
    }

    /** {@return the loops of staging, packing and epilogue} */
    PackLoops loops();

    /** {@return those of staging and epilogue for tensors that are no arrays} */
    SegmentLoops segmentLoops();

    /** {@return implementation and tile, for people} */
    default String describe() {
        return (bits() == Float.SIZE ? "plain Java" : bits() + "-bit vectors") + ", tile " + maxRows() + " x " + nr();
    }
}

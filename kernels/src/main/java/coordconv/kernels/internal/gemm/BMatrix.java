package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.simd.TileKernel.BAccess;

/**
 * The matrix B of a product, which never exists as a whole: block by block it maps the columns, makes a range of
 * channels ready, and packs tiles of them or tells a micro-kernel where they lie. Immutable; what it keeps from one
 * step to the next is in the workspace.
 */
public interface BMatrix {
    /** {@return floats of the halo buffer that one thread needs} */
    int haloFloats();

    /** {@return bytes of offset tables that one thread needs} */
    long tableBytes();

    /**
     * Makes room for tables.
     *
     * @param workspace holds them
     */
    void reserve(Workspace workspace);

    /**
     * The columns that may share a block with a column.
     *
     * @param q the column
     * @param last column after the last that is asked for
     * @return the column after the last that may; {@code last} where all may
     */
    default int blockLimit(int q, int last) {
        return last;
    }

    /**
     * Begins a block of columns.
     *
     * @param q first column
     * @param end column after the last
     * @param workspace scratch
     */
    void beginBlock(int q, int end, Workspace workspace);

    /**
     * Makes joined channels of the block ready.
     *
     * @param x input
     * @param from first joined channel
     * @param to joined channel after the last
     * @param workspace scratch
     */
    void load(Floats x, int from, int to, Workspace workspace);

    /**
     * Packs the channels that were loaded into the first tiles of the target.
     *
     * @param x input
     * @param from first joined channel
     * @param to joined channel after the last
     * @param fromColumn first column of the block, a multiple of NR
     * @param toColumn column of the block after the last
     * @param workspace scratch
     */
    void pack(Floats x, int from, int to, int fromColumn, int toColumn, Workspace workspace);

    /**
     * Makes one tile ready for a micro-kernel: binds the operand B to where its elements lie, or packs them as here.
     *
     * @param x input
     * @param from first channel of the depth block
     * @param to channel after the last
     * @param j first column of the tile, counted from the block's
     * @param end column of the block after the tile's last
     * @param rowTiles row tiles that will read them
     * @param workspace holds the operand
     * @return how the kernel of the first row tile reads B; the others read the panel if it packs
     */
    default BAccess prepareTile(Floats x, int from, int to, int j, int end, int rowTiles, Workspace workspace) {
        pack(x, from, to, j, end, workspace);
        return BAccess.PANEL;
    }
}

package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.TileKernel.Source;

/**
 * One way to the patches of a correlation: block by block it lays out the columns, makes a range of
 * channels ready, and packs tiles of them or says where a micro-kernel finds them. Immutable; what it
 * keeps from one step to the next is in the workspace.
 */
interface PatchSource {
    /** {@return floats of stage that one thread needs} */
    int stageFloats();

    /** {@return bytes of offset tables that one thread needs} */
    long tableBytes();

    /** Makes room for tables in a workspace. */
    void reserve(Workspace workspace);

    /** {@return end of the columns that may share a block with column q; {@code last} where all may} */
    default int limit(int q, int last) {
        return last;
    }

    /** Lays out columns {@code q} to {@code end - 1}. */
    void layOut(int q, int end, Workspace workspace);

    /** Makes joined channels {@code from} to {@code to - 1} of the block that was laid out ready to be packed. */
    void stage(FloatRegion x, int from, int to, Workspace workspace);

    /**
     * Packs the channels that were staged, for columns {@code fromColumn} to {@code toColumn - 1} of the
     * block, into the first tiles of the target.
     */
    void pack(FloatRegion x, int from, int to, int fromColumn, int toColumn, Workspace workspace);

    /**
     * Makes the patches of one tile ready for a micro-kernel: says where they lie, or packs them.
     *
     * @param x input
     * @param from first channel of the depth block
     * @param to channel after the last
     * @param j first column of the tile, counted from the block's
     * @param rowTiles row tiles that will read them
     * @param workspace holds the operands that are told where the patches are
     * @return how the kernel of the first row tile reads B; the others read the panel if it packs
     */
    Source offer(FloatRegion x, int from, int to, int j, int rowTiles, Workspace workspace);
}

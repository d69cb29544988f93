package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.gemm.BlockMap;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PackLoops;

/**
 * Loads whole images whose planes fit a few vectors: the rows of a 7x7 image are too short to be worth a loop each, but
 * its 49 floats are permuted into the order of the halo buffer, zeros of the padding included, by a table.
 */
final class SmallPlaneLoader {
    private final Correlation.Image input;
    private final HaloLayout layout;
    private final PackLoops loops;
    private final int planeFloats;
    /** Floats behind the last plane that are read with it. */
    private final int slack;
    /** Rows of an image in one phase. */
    private final int imageRows;
    /** Floats of an image in one pair of phases. */
    private final int length;
    /** For each pair of phases, the float of a plane that each float of the halo buffer is; -1 outside the image. */
    private final int[] table;
    /** Stride from one pair to the next in the table: readable up to a whole vector. */
    private final int tableStride;

    private SmallPlaneLoader(Correlation correlation, HaloLayout layout, KernelSet kernels) {
        this.layout = layout;
        input = correlation.input();
        loops = kernels.loops();
        slack = PackLoops.MAX_PLANE_VECTORS * kernels.lanes();
        planeFloats = input.height() * input.width();
        imageRows = correlation.grid().height() + layout.haloRows;
        length = imageRows * layout.rowStride;
        tableStride = length + kernels.lanes();
        table = new int[layout.rowPhases.length * layout.columnPhases.length * tableStride];
        for (int slot = 0; slot < table.length / tableStride; slot++) {
            fill(correlation.grid(), slot);
        }
    }

    /** {@return null where planes are too large, or are not contiguous, or there are no vectors} */
    static SmallPlaneLoader of(Correlation correlation, HaloLayout layout, int blockColumns, KernelSet kernels) {
        Correlation.Image input = correlation.input();
        boolean small = input.height() * input.width() <= PackLoops.MAX_PLANE_VECTORS * kernels.lanes();
        return small && !input.isChannelsLast() && kernels.isVector()
                && correlation.grid().points() <= blockColumns ? new SmallPlaneLoader(correlation, layout, kernels) : null;
    }

    private void fill(Correlation.Grid grid, int slot) {
        int firstRow = layout.minTapRow + layout.rowPhases[slot / layout.columnPhases.length];
        int firstColumn = layout.minTapColumn + layout.columnPhases[slot % layout.columnPhases.length];
        for (int e = 0; e < length; e++) {
            int row = firstRow + e / layout.rowStride * grid.strideH();
            int column = firstColumn + e % layout.rowStride * grid.strideW();
            table[slot * tableStride + e] = input.offsetOf(row, column);
        }
    }

    /**
     * Loads features of the whole images of a block.
     *
     * @param x input
     * @param feature index in the tensor of the first feature
     * @param count number of features
     * @param workspace holds block and halo buffer
     * @param at offset of the first feature's plane in the halo buffer
     */
    void load(Floats x, int feature, int count, Workspace workspace, int at) {
        BlockMap block = workspace.block;
        for (int i = 0; i < block.wholeImages; i++) {
            int source = (block.firstWholeImage + i) * input.batchStride() + feature * input.channelStride();
            int to = at + (block.wholeImagesRow + i * imageRows) * layout.rowStride;
            float[] planes = x.array();
            int first = x.arrayOffset() + source;
            if (planes == null) {
                // The channels of an image lie one after another: one copy for all of them.
                planes = workspace.rowOf(x, source, count * planeFloats, slack);
                first = 0;
            }
            for (int slot = 0; slot < table.length / tableStride; slot++) {
                loops.permutePlanes(planes, first, planeFloats, table, slot * tableStride,
                        workspace.halo, to + layout.columnPhaseAt(slot), layout.plane, length, count);
            }
        }
    }
}

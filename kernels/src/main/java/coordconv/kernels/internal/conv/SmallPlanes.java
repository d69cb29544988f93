package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.pack.PackLoops;

/**
 * Stages whole images whose planes fit a few vectors: the rows of a 7x7 image are too short to be worth a
 * loop each, but its 49 floats are put in the order of the stage, zeros of the padding included, by a table.
 */
final class SmallPlanes {
    private final Correlation correlation;
    private final StageLayout layout;
    private final PackLoops loops;
    private final int planeFloats;
    /** Floats behind the last plane that are read with it. */
    private final int slack;
    /** Floats of an image in one pair of phases. */
    private final int length;
    /** For each pair of phases, the float of a plane that each float of the stage is; -1 outside the image. */
    private final int[] table;
    /** Distance of two pairs in the table: readable up to a whole vector. */
    private final int pitch;

    private SmallPlanes(Correlation correlation, StageLayout layout, KernelSet kernels) {
        this.correlation = correlation;
        this.layout = layout;
        loops = kernels.loops();
        slack = PackLoops.MOST_PLANE_VECTORS * kernels.lanes();
        planeFloats = correlation.input().height() * correlation.input().width();
        length = imageRows() * layout.rowLength;
        pitch = length + kernels.lanes();
        table = new int[layout.rowPhases.length * layout.columnPhases.length * pitch];
        for (int slot = 0; slot < table.length / pitch; slot++) {
            fill(slot);
        }
    }

    /** {@return null where planes are too large, or lie otherwise than plane by plane, or there are no vectors} */
    static SmallPlanes of(Correlation correlation, StageLayout layout, int blockColumns, KernelSet kernels) {
        Correlation.Image input = correlation.input();
        boolean small = input.height() * input.width() <= PackLoops.MOST_PLANE_VECTORS * kernels.lanes();
        return small && !input.isChannelsLast() && kernels.bits() > Float.SIZE
                && correlation.grid().points() <= blockColumns ? new SmallPlanes(correlation, layout, kernels) : null;
    }

    private int imageRows() {
        return correlation.grid().height() + layout.rowReach;
    }

    private void fill(int slot) {
        Correlation.Grid grid = correlation.grid();
        Correlation.Image input = correlation.input();
        int firstRow = layout.firstRow + layout.rowPhases[slot / layout.columnPhases.length];
        int firstColumn = layout.firstColumn + layout.columnPhases[slot % layout.columnPhases.length];
        for (int e = 0; e < length; e++) {
            int row = firstRow + e / layout.rowLength * grid.strideH();
            int column = firstColumn + e % layout.rowLength * grid.strideW();
            table[slot * pitch + e] = input.placeOf(row, column);
        }
    }

    /**
     * Stages features of the whole images of a block.
     *
     * @param x input
     * @param block says which images, and where they go
     * @param feature index in the tensor of the first feature
     * @param count number of features
     * @param workspace holds the stage
     * @param at offset of the first feature's plane in the stage
     */
    void stage(FloatRegion x, ColumnBlock block, int feature, int count, Workspace workspace, int at) {
        Correlation.Image input = correlation.input();
        for (int i = 0; i < block.wholeImages; i++) {
            int source = (block.firstWhole + i) * input.batchStride() + feature * input.channelStride();
            int to = at + (block.wholeAt + i * imageRows()) * layout.rowLength;
            float[] planes = x.array();
            int first = x.arrayOffset() + source;
            if (planes == null) {
                // The channels of an image lie one after another: one copy for all of them.
                planes = workspace.rowOf(x, source, count * planeFloats, slack);
                first = 0;
            }
            for (int slot = 0; slot < table.length / pitch; slot++) {
                loops.stagePlanes(planes, first, planeFloats, table, slot * pitch,
                        workspace.stage, to + slot * layout.maxRows * layout.rowLength, layout.plane, length, count);
            }
        }
    }
}

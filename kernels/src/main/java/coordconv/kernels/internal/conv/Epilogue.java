package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.TileOperands;
import coordconv.kernels.internal.pack.PackLoops;
import coordconv.kernels.internal.pack.SegmentLoops;

/**
 * Moves finished tiles to the output, in the layout of the destination; adds them to what an output that is
 * accumulated holds, and activates the sums.
 */
final class Epilogue {
    private final Correlation.Output output;
    private final Correlation.Grid grid;
    private final PackLoops loops;
    private final SegmentLoops segmentLoops;
    private final int pitch;
    private final int mostRows;
    private final float slope;
    private final boolean add;
    /** Whether the columns of an image are evenly spaced, row after row. */
    private final boolean plane;

    /**
     * An epilogue.
     *
     * @param correlation says where results go
     * @param kernels inner loops
     * @param slope factor on negative results
     * @param add whether to add what the output holds
     */
    Epilogue(Correlation correlation, KernelSet kernels, float slope, boolean add) {
        output = correlation.output();
        grid = correlation.grid();
        loops = kernels.loops();
        segmentLoops = kernels.segmentLoops();
        pitch = kernels.nr();
        mostRows = kernels.maxRows();
        this.slope = slope;
        this.add = add;
        plane = output.gridRowStride() == grid.width() * output.gridColumnStride();
    }

    /**
     * Stores tiles, one below the other.
     *
     * @param tile results, without activation where the output is accumulated
     * @param tileAt offset of the first tile
     * @param rows rows of all tiles
     * @param m first output channel
     * @param q first column
     * @param columns columns that exist
     * @param y output
     * @param workspace scratch
     */
    void store(float[] tile, int tileAt, int rows, int m, int q, int columns, FloatRegion y, Workspace workspace) {
        int row = m * output.rowStride();
        int run;
        for (int done = 0; done < columns; done += run) {
            run = Math.min(columns - done, runFrom(q + done));
            storeRun(tile, tileAt + done, rows, run, y, row + at(q + done), workspace);
        }
    }

    /** Offset in the output of a column of the product, for output channel 0. */
    private int at(int q) {
        int image = q / grid.points();
        int point = q - image * grid.points();
        int row = point / grid.width();
        return output.base() + image * output.batchStride() + row * output.gridRowStride()
                + (point - row * grid.width()) * output.gridColumnStride();
    }

    /** How many columns of the product, from one on, are evenly spaced in the output. */
    private int runFrom(int q) {
        int length = plane ? grid.points() : grid.width();
        return length - q % length;
    }

    /**
     * Points operands at the output of columns from {@code q} on and of output channel 0, where a kernel may
     * store whole tiles itself: each half of them lies in one run of an array.
     *
     * @return whether it may
     */
    boolean point(TileOperands t, int q, int columns, FloatRegion y) {
        if (columns < pitch || y.array() == null || output.gridColumnStride() != 1) {
            return false;
        }
        int run = runFrom(q);
        int half = pitch / 2;
        boolean apart = run == half && runFrom(q + half) >= half;
        if (run < pitch && !apart) {
            return false;
        }
        int at = at(q);
        t.y = y.array();
        t.yAt = y.arrayOffset() + at;
        t.yPitch = output.rowStride();
        t.yNext = apart ? at(q + half) - at : half;
        return true;
    }

    private void storeRun(float[] tile, int tileAt, int rows, int run, FloatRegion y, int at, Workspace workspace) {
        if (!add) {
            move(tile, tileAt, rows, run, y, at);
        } else if (y.array() != null && output.gridColumnStride() == 1) {
            loops.accumulate(tile, tileAt, pitch, y.array(), y.arrayOffset() + at, output.rowStride(), rows, run, slope);
        } else {
            workspace.reserveRow(mostRows * pitch);
            for (int r = 0; r < rows; r += mostRows) {
                int some = Math.min(mostRows, rows - r);
                int to = at + r * output.rowStride();
                read(y, to, some, run, workspace.row);
                loops.accumulate(tile, tileAt + r * pitch, pitch, workspace.row, 0, pitch, some, run, slope);
                move(workspace.row, 0, some, run, y, to);
            }
        }
    }

    private void move(float[] tile, int tileAt, int rows, int run, FloatRegion y, int at) {
        int step = output.gridColumnStride();
        if (y.array() == null) {
            segmentLoops.write(tile, tileAt, pitch, y, at, output.rowStride(), step, rows, run);
        } else if (output.rowStride() == 1) {
            // Channels last: transposed, each pixel is written once and in one piece.
            loops.transpose(tile, tileAt, pitch, y.array(), y.arrayOffset() + at, step, rows, run);
        } else {
            loops.spread(tile, tileAt, pitch, y.array(), y.arrayOffset() + at, output.rowStride(), step, rows, run);
        }
    }

    private void read(FloatRegion y, int at, int rows, int run, float[] tile) {
        int step = output.gridColumnStride();
        if (y.array() == null) {
            segmentLoops.read(y, at, output.rowStride(), step, tile, pitch, rows, run);
        } else if (output.rowStride() == 1) {
            loops.transpose(y.array(), y.arrayOffset() + at, step, tile, 0, pitch, run, rows);
        } else {
            for (int r = 0; r < rows; r++) {
                PackLoops.copyStrided(y.array(), y.arrayOffset() + at + r * output.rowStride(), step, tile, r * pitch, run);
            }
        }
    }
}

package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.pack.PackLoops;
import coordconv.kernels.internal.pack.SegmentLoops;

/**
 * Moves tiles to the output, in the layout of the destination. Bias and activation are in them already, but
 * where the output is accumulated: its old values come before the activation.
 */
final class Epilogue {
    private final Correlation.Output output;
    private final Correlation.Grid grid;
    private final PackLoops loops;
    private final SegmentLoops segmentLoops;
    private final int pitch;
    private final float slope;
    private final boolean add;
    /** Whether the columns of an image are evenly spaced, row after row. */
    private final boolean plane;

    /**
     * An epilogue.
     *
     * @param correlation says where results go
     * @param kernels inner loops
     * @param pitch distance of two rows of a tile
     * @param slope factor on negative results
     * @param add whether to add what the output holds
     */
    Epilogue(Correlation correlation, KernelSet kernels, int pitch, float slope, boolean add) {
        output = correlation.output();
        grid = correlation.grid();
        loops = kernels.loops();
        segmentLoops = kernels.segmentLoops();
        this.pitch = pitch;
        this.slope = slope;
        this.add = add;
        plane = output.gridRowStride() == grid.width() * output.gridColumnStride();
    }

    /**
     * Stores one tile.
     *
     * @param tile results, or sums where the output is accumulated
     * @param tileAt offset of the tile
     * @param rows rows of the tile
     * @param m first output channel
     * @param bias bias of every output channel
     * @param biasAt index of output channel 0's
     * @param q first column
     * @param columns columns that exist
     * @param y output
     * @param workspace scratch
     */
    void store(float[] tile, int tileAt, int rows, int m, float[] bias, int biasAt, int q, int columns,
               FloatRegion y, Workspace workspace) {
        int row = m * output.rowStride();
        int run;
        for (int done = 0; done < columns; done += run) {
            run = Math.min(columns - done, runFrom(q + done));
            storeRun(tile, tileAt + done, rows, run, bias, biasAt + m, y, row + at(q + done), workspace);
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

    /** {@return whether results are added to what the output holds, so that a kernel cannot finish them} */
    boolean adds() {
        return add;
    }

    /**
     * Where a kernel may store the results of a whole tile itself: offset of row 0 of the output channel 0,
     * or -1 where the tile has to go through {@link #store}.
     */
    int directAt(int q, int columns, FloatRegion y) {
        if (columns < pitch || y.array() == null || output.gridColumnStride() != 1) {
            return -1;
        }
        return runFrom(q) >= columns ? y.arrayOffset() + at(q) : -1;
    }

    private void storeRun(float[] tile, int tileAt, int rows, int run, float[] bias, int biasAt, FloatRegion y, int at,
                          Workspace workspace) {
        if (!add) {
            move(tile, tileAt, rows, run, y, at);
        } else if (y.array() != null && output.gridColumnStride() == 1) {
            loops.accumulate(tile, tileAt, pitch, y.array(), y.arrayOffset() + at, output.rowStride(), rows, run,
                    bias, biasAt, slope);
        } else {
            workspace.reserveRow(rows * pitch);
            read(y, at, rows, run, workspace.row);
            loops.accumulate(tile, tileAt, pitch, workspace.row, 0, pitch, rows, run, bias, biasAt, slope);
            move(workspace.row, 0, rows, run, y, at);
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

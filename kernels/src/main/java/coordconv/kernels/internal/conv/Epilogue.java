package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.pack.PackLoops;
import coordconv.kernels.internal.pack.SegmentLoops;

/** Moves finished tiles to the output: bias, accumulation, activation, and the layout of the destination. */
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
     * @param tile sums
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

    /**
     * Where a kernel may store the results of a whole tile itself: offset of row 0 of the output channel 0,
     * or -1 where the tile has to go through {@link #store}.
     */
    int directAt(int q, int columns, FloatRegion y) {
        if (add || columns < pitch || y.array() == null || output.gridColumnStride() != 1) {
            return -1;
        }
        return runFrom(q) >= columns ? y.arrayOffset() + at(q) : -1;
    }

    private void storeRun(float[] tile, int tileAt, int rows, int run, float[] bias, int biasAt, FloatRegion y, int at,
                          Workspace workspace) {
        if (y.array() == null) {
            storeSegment(tile, tileAt, rows, run, bias, biasAt, y, at, workspace);
        } else if (output.gridColumnStride() == 1) {
            loops.store(tile, tileAt, pitch, y.array(), y.arrayOffset() + at, output.rowStride(), rows, run,
                    bias, biasAt, slope, add);
        } else if (output.rowStride() == 1) {
            storePixels(tile, tileAt, rows, run, bias, biasAt, y.array(), y.arrayOffset() + at, workspace);
        } else {
            scatter(tile, tileAt, rows, run, bias, biasAt, y.array(), y.arrayOffset() + at);
        }
    }

    private void storeSegment(float[] tile, int tileAt, int rows, int run, float[] bias, int biasAt, FloatRegion y, int at,
                              Workspace workspace) {
        int step = output.gridColumnStride();
        workspace.reserveRow(rows * pitch);
        if (add) {
            segmentLoops.read(y, at, output.rowStride(), step, workspace.row, pitch, rows, run);
        }
        loops.store(tile, tileAt, pitch, workspace.row, 0, pitch, rows, run, bias, biasAt, slope, add);
        segmentLoops.write(workspace.row, 0, pitch, y, at, output.rowStride(), step, rows, run);
    }

    /** Channels last: the finished rows are transposed, so that each pixel is written once and in one piece. */
    private void storePixels(float[] tile, int tileAt, int rows, int run, float[] bias, int biasAt, float[] y, int at,
                             Workspace workspace) {
        int step = output.gridColumnStride();
        workspace.reserveRow(rows * pitch);
        if (add) {
            loops.transpose(y, at, step, workspace.row, 0, pitch, run, rows);
        }
        loops.store(tile, tileAt, pitch, workspace.row, 0, pitch, rows, run, bias, biasAt, slope, add);
        loops.transpose(workspace.row, 0, pitch, y, at, step, rows, run);
    }

    private void scatter(float[] tile, int tileAt, int rows, int run, float[] bias, int biasAt, float[] y, int at) {
        int step = output.gridColumnStride();
        for (int r = 0; r < rows; r++) {
            scatterRow(tile, tileAt + r * pitch, run, bias[biasAt + r], y, at + r * output.rowStride(), step);
        }
    }

    private void scatterRow(float[] tile, int t, int run, float shift, float[] y, int at, int step) {
        for (int j = 0; j < run; j++) {
            float v = tile[t + j] + shift;
            y[at + j * step] = PackLoops.activated(add ? v + y[at + j * step] : v, slope);
        }
    }
}

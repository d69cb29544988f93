package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.SegmentLoops;

/**
 * The output of a correlation as the matrix C: where its columns lie, and how tiles of results get there in the layout
 * of the destination, added to what it holds if it is accumulated.
 */
public final class OutputView {
    private final Correlation.Output output;
    private final Correlation.Grid grid;
    private final PackLoops loops;
    private final SegmentLoops segmentLoops;
    private final int nr;
    private final int maxRows;
    private final Activation activation;
    private final float slope;
    private final boolean add;
    /** Whether the columns of an image are evenly spaced, row after row. */
    private final boolean evenlySpaced;

    /**
     * A view.
     *
     * @param correlation says where results go
     * @param kernels inner loops
     * @param slope factor on negative results, 1 for none
     * @param add whether to add what the output holds
     */
    public OutputView(Correlation correlation, KernelSet kernels, float slope, boolean add) {
        output = correlation.output();
        grid = correlation.grid();
        loops = kernels.loops();
        segmentLoops = kernels.segmentLoops();
        nr = kernels.nr();
        maxRows = kernels.maxRows();
        activation = Activation.ofSlope(slope);
        this.slope = slope;
        this.add = add;
        evenlySpaced = output.gridRowStride() == grid.width() * output.gridColumnStride();
    }

    /**
     * Binds the result of a micro-kernel to the output, where it may store whole tiles itself: each half of them lies
     * in one run of an array.
     *
     * @param c the result
     * @param q first column
     * @param columns columns that exist
     * @param m first output channel
     * @param y output
     * @return whether it was bound
     */
    boolean bind(CView c, int q, int columns, int m, Floats y) {
        if (columns < nr || y.array() == null || output.gridColumnStride() != 1) {
            return false;
        }
        int run = runFrom(q);
        int half = nr / 2;
        boolean apart = run == half && runFrom(q + half) >= half;
        if (run < nr && !apart) {
            return false;
        }
        int at = offsetOf(q);
        c.bindResults(y.array(), y.arrayOffset() + at + m * output.rowStride(), output.rowStride(),
                apart ? offsetOf(q + half) - at : half);
        return true;
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
    public void store(float[] tile, int tileAt, int rows, int m, int q, int columns, Floats y, Workspace workspace) {
        int row = m * output.rowStride();
        int run;
        for (int done = 0; done < columns; done += run) {
            run = Math.min(columns - done, runFrom(q + done));
            int at = row + offsetOf(q + done);
            if (add) {
                addRun(tile, tileAt + done, rows, run, y, at, workspace);
            } else {
                write(tile, tileAt + done, rows, run, y, at);
            }
        }
    }

    /** Offset in the output of a column of the product, for output channel 0. */
    private int offsetOf(int q) {
        int image = q / grid.points();
        int point = q - image * grid.points();
        int row = point / grid.width();
        return output.base() + image * output.batchStride() + row * output.gridRowStride()
                + (point - row * grid.width()) * output.gridColumnStride();
    }

    /** How many columns of the product, from one on, are evenly spaced in the output. */
    private int runFrom(int q) {
        int length = evenlySpaced ? grid.points() : grid.width();
        return length - q % length;
    }

    private void addRun(float[] tile, int tileAt, int rows, int run, Floats y, int at, Workspace workspace) {
        if (y.array() != null && output.gridColumnStride() == 1) {
            loops.accumulate(tile, tileAt, nr, y.array(), y.arrayOffset() + at, output.rowStride(), rows, run,
                    activation, slope);
            return;
        }
        workspace.reserveRow(maxRows * nr);
        for (int r = 0; r < rows; r += maxRows) {
            int some = Math.min(maxRows, rows - r);
            int to = at + r * output.rowStride();
            read(y, to, some, run, workspace.row);
            loops.accumulate(tile, tileAt + r * nr, nr, workspace.row, 0, nr, some, run, activation, slope);
            write(workspace.row, 0, some, run, y, to);
        }
    }

    private void write(float[] tile, int tileAt, int rows, int run, Floats y, int at) {
        int step = output.gridColumnStride();
        if (y.array() == null) {
            segmentLoops.write(tile, tileAt, nr, y, at, output.rowStride(), step, rows, run);
        } else if (output.rowStride() == 1) {
            // Channels last: transposed, each pixel is written once and in one piece.
            loops.transpose(tile, tileAt, nr, y.array(), y.arrayOffset() + at, step, rows, run);
        } else {
            loops.storeStrided(tile, tileAt, nr, y.array(), y.arrayOffset() + at, output.rowStride(), step, rows, run);
        }
    }

    private void read(Floats y, int at, int rows, int run, float[] tile) {
        int step = output.gridColumnStride();
        if (y.array() == null) {
            segmentLoops.read(y, at, output.rowStride(), step, tile, nr, rows, run);
        } else if (output.rowStride() == 1) {
            loops.transpose(y.array(), y.arrayOffset() + at, step, tile, 0, nr, run, rows);
        } else {
            for (int r = 0; r < rows; r++) {
                PackLoops.copyStrided(y.array(), y.arrayOffset() + at + r * output.rowStride(), step, tile, r * nr, run);
            }
        }
    }
}

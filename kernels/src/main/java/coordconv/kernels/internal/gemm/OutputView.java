package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.machine.Machine;
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
    /** Channels of pixels that are added at a time: whole vectors. */
    private static final int ADDED_CHANNELS = 16;

    private final Correlation.Output output;
    private final Correlation.Grid grid;
    private final PackLoops loops;
    private final SegmentLoops segmentLoops;
    private final Transposition transposition;
    private final int nr;
    private final int maxRows;
    private final Activation activation;
    private final float alpha;
    private final boolean add;
    /** Whether the columns of an image are evenly spaced, row after row. */
    private final boolean evenlySpaced;

    /**
     * A view.
     *
     * @param correlation says where results go
     * @param machine kernels and caches
     * @param activation of the results
     * @param alpha its parameter
     * @param add whether to add what the output holds
     */
    public OutputView(Correlation correlation, Machine machine, Activation activation, float alpha, boolean add) {
        KernelSet kernels = machine.kernels();
        output = correlation.output();
        grid = correlation.grid();
        loops = kernels.loops();
        segmentLoops = kernels.segmentLoops();
        transposition = new Transposition(machine);
        nr = kernels.nr();
        maxRows = kernels.maxRows();
        this.activation = activation;
        this.alpha = alpha;
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
        // The next run is a whole one, no shorter than what is left of this.
        boolean apart = run == half;
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
                addRun(tile, tileAt + done, nr, rows, run, y, at, workspace);
            } else {
                write(tile, tileAt + done, nr, rows, run, y, at, workspace);
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

    /**
     * Stores pixels of one row of an image, of several output channels.
     *
     * @param src results, without activation where the output is accumulated
     * @param srcAt offset of the first pixel of the first channel
     * @param srcRowStride stride from one channel to the next
     * @param rows number of channels
     * @param m first output channel
     * @param image image of the batch
     * @param row row of the grid
     * @param column first column of the grid
     * @param columns number of pixels
     * @param y output
     * @param workspace scratch
     */
    public void storeRow(float[] src, int srcAt, int srcRowStride, int rows, int m, int image, int row, int column,
                         int columns, Floats y, Workspace workspace) {
        int at = output.base() + image * output.batchStride() + m * output.rowStride() + row * output.gridRowStride()
                + column * output.gridColumnStride();
        if (add) {
            addRun(src, srcAt, srcRowStride, rows, columns, y, at, workspace);
        } else {
            write(src, srcAt, srcRowStride, rows, columns, y, at, workspace);
        }
    }

    /**
     * Adds what results start at to them, and activates them unless the output is added later.
     *
     * @param starts what they start at
     * @param startsAt offset of the first pixel of the first channel
     * @param startsRowStride stride from one channel to the next
     * @param dst results
     * @param dstAt offset of the first pixel of the first channel
     * @param dstRowStride stride from one channel to the next
     * @param rows number of channels
     * @param columns number of pixels
     */
    public void start(float[] starts, int startsAt, int startsRowStride, float[] dst, int dstAt, int dstRowStride,
                      int rows, int columns) {
        loops.accumulate(starts, startsAt, startsRowStride, dst, dstAt, dstRowStride, rows, columns,
                add ? Activation.IDENTITY : activation, alpha);
    }

    private void addRun(float[] tile, int tileAt, int tileRowStride, int rows, int run, Floats y, int at, Workspace workspace) {
        if (y.array() != null && output.gridColumnStride() == 1) {
            loops.accumulate(tile, tileAt, tileRowStride, y.array(), y.arrayOffset() + at, output.rowStride(), rows, run,
                    activation, alpha);
            return;
        }
        if (y.array() != null && output.rowStride() == 1) {
            addPixels(tile, tileAt, tileRowStride, rows, run, y, at, workspace);
            return;
        }
        workspace.reserveRow(maxRows * run);
        for (int r = 0; r < rows; r += maxRows) {
            int some = Math.min(maxRows, rows - r);
            int to = at + r * output.rowStride();
            read(y, to, some, run, workspace.row);
            loops.accumulate(tile, tileAt + r * tileRowStride, tileRowStride, workspace.row, 0, run, some, run, activation, alpha);
            write(workspace.row, 0, run, some, run, y, to, workspace);
        }
    }

    /** Channels last: results are transposed once, and added pixel by pixel. */
    private void addPixels(float[] tile, int tileAt, int tileRowStride, int rows, int run, Floats y, int at, Workspace workspace) {
        workspace.reserveRow(ADDED_CHANNELS * run);
        for (int r = 0; r < rows; r += ADDED_CHANNELS) {
            int some = Math.min(ADDED_CHANNELS, rows - r);
            transposition.copy(tile, tileAt + r * tileRowStride, tileRowStride, some, run, workspace.row, 0, some, workspace);
            loops.accumulate(workspace.row, 0, some, y.array(), y.arrayOffset() + at + r, output.gridColumnStride(), run, some,
                    activation, alpha);
        }
    }

    private void write(float[] tile, int tileAt, int tileRowStride, int rows, int run, Floats y, int at, Workspace workspace) {
        int step = output.gridColumnStride();
        if (y.array() == null) {
            segmentLoops.write(tile, tileAt, tileRowStride, y, at, output.rowStride(), step, rows, run);
        } else if (output.rowStride() == 1) {
            // Channels last: transposed, each pixel is written once and in one piece.
            transposition.copy(tile, tileAt, tileRowStride, rows, run, y.array(), y.arrayOffset() + at, step, workspace);
        } else {
            loops.storeStrided(tile, tileAt, tileRowStride, y.array(), y.arrayOffset() + at, output.rowStride(), step, rows, run);
        }
    }

    private void read(Floats y, int at, int rows, int run, float[] tile) {
        int step = output.gridColumnStride();
        if (y.array() == null) {
            segmentLoops.read(y, at, output.rowStride(), step, tile, run, rows, run);
        } else {
            for (int r = 0; r < rows; r++) {
                PackLoops.copyStrided(y.array(), y.arrayOffset() + at + r * output.rowStride(), step, tile, r * run, run);
            }
        }
    }
}

package coordconv.kernels.internal.pixels;

import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.PixelView;
import java.util.Arrays;
import java.util.List;

/**
 * Where the patches of a block of pixels lie: in the input itself, or, where they reach into the padding or the input is no
 * array of pixels, in a copy of the rows that the block touches, the halo buffer.
 */
final class Patches {
    private final Correlation.Image input;
    private final Correlation.Grid grid;
    private final PatchExtent extent;
    private final PixelBlocks blocks;
    private final PixelCopy copy;
    private final int features;
    private final int firstFeature;
    /** Whether patches are read from a copy whatever memory the input lies in. */
    private final boolean copied;
    private final int copyRowStride;
    /** Taps in the order of the input. */
    private final int[] order;
    private final int[][] piecesInCopy;
    private final int[][] piecesInPlace;
    private final Depths depths;
    private final int[] lengths;

    /**
     * Finds patches.
     *
     * @param correlation without coordinates, with taps
     * @param blocks how its pixels are cut, which {@link PixelBlocks#fit}
     * @param longestRun floats of a run at the most
     * @param mostDepths floats of a patch that are multiplied at a time
     */
    Patches(Correlation correlation, PixelBlocks blocks, int longestRun, int mostDepths) {
        this.blocks = blocks;
        input = correlation.input();
        grid = correlation.grid();
        extent = PatchExtent.of(grid);
        copy = new PixelCopy(correlation);
        features = correlation.channels().features();
        firstFeature = correlation.channels().firstFeature();
        copied = input.channelStride() != 1 && features > 1 || !extent.isInside(input, grid);
        copyRowStride = blocks.columns() * features;
        order = inOrder(grid.tapRow(), grid.tapColumn());
        // The floats of two taps side by side are contiguous in a copy; in the input, if it has no other channels.
        int tapsOfRun = copied || input.columnStride() == features ? neighbours() : 1;
        depths = Depths.of(order.length / tapsOfRun, tapsOfRun * features, mostDepths);
        lengths = depths.lengths(longestRun);
        piecesInCopy = depths.cut(runs(tapsOfRun, extent.firstRow(), extent.firstColumn(), copyRowStride, features), longestRun);
        piecesInPlace = depths.cut(runs(tapsOfRun, 0, 0, input.rowStride(), input.columnStride()), longestRun);
    }

    /** {@return the taps by one of their places, and where that is equal by the other} */
    static int[] inOrder(int[] first, int[] second) {
        int[] order = new int[first.length];
        for (int t = 0; t < order.length; t++) {
            int place = t;
            for (; place > 0; place--) {
                int before = order[place - 1];
                if (first[before] < first[t] || first[before] == first[t] && second[before] <= second[t]) {
                    break;
                }
                order[place] = before;
            }
            order[place] = t;
        }
        return order;
    }

    private boolean copies(Floats x) {
        return copied || x.array() == null;
    }

    /** How many taps follow one another in a row of the input: the same number in every row. */
    private int neighbours() {
        int run = 1;
        while (run < order.length && follows(run)) {
            run++;
        }
        return run;
    }

    private boolean follows(int i) {
        return grid.tapRow()[order[i]] == grid.tapRow()[order[i - 1]]
                && grid.tapColumn()[order[i]] == grid.tapColumn()[order[i - 1]] + 1;
    }

    /** Offsets of runs from the place of a row and a column. */
    private int[] runs(int tapsOfRun, int row, int column, int rowStride, int columnStride) {
        int[] runs = new int[order.length / tapsOfRun];
        for (int run = 0; run < runs.length; run++) {
            int t = order[run * tapsOfRun];
            runs[run] = (grid.tapRow()[t] - row) * rowStride + (grid.tapColumn()[t] - column) * columnStride;
        }
        return runs;
    }

    /** {@return how a patch is cut} */
    Depths depths() {
        return depths;
    }

    /** {@return the taps in the order in which the runs pass them} */
    int[] order() {
        return order;
    }

    /** {@return the same to compare by} */
    List<Integer> orderedTaps() {
        return Arrays.stream(order).boxed().toList();
    }

    /**
     * Finds the patches of a block of pixels, and copies the rows that they touch where that is needed.
     *
     * @param x input
     * @param from first pixel
     * @param to pixel after the last
     * @param workspace scratch, whose view is given their places
     */
    void bind(Floats x, int from, int to, Workspace workspace) {
        PixelView view = workspace.pixels;
        boolean copying = copies(x);
        if (copying) {
            workspace.reserveHalo(blocks.floats());
            workspace.haloOwner = 0;
        }
        int copyAt = 0;
        int place = 0;
        for (int q = from; q < to;) {
            int image = q / grid.points();
            int first = q - image * grid.points();
            int end = Math.min(grid.points(), first + to - q);
            if (copying) {
                place = listCopied(x, image, first, end, copyAt, place, workspace);
                copyAt += copyRows(first, end) * copyRowStride;
            } else {
                int at = x.arrayOffset() + image * input.batchStride() + firstFeature * input.channelStride();
                place = list(first, end, at, grid.strideH() * input.rowStride(), grid.strideW() * input.columnStride(),
                        view.xAt, place);
            }
            q += end - first;
        }
        PixelResults.repeatLast(view.xAt, place);
    }

    /**
     * Binds a piece of the patches of the block.
     *
     * @param x input
     * @param piece index of the piece
     * @param workspace scratch, whose view is bound to it
     */
    void bindPiece(Floats x, int piece, Workspace workspace) {
        boolean copying = copies(x);
        workspace.pixels.bindPatches(copying ? workspace.halo : x.array(), copying ? piecesInCopy[piece] : piecesInPlace[piece],
                lengths);
    }

    /** Rows of the input that the pixels of an image touch, all that lie between them included. */
    private int copyRows(int first, int end) {
        return ((end - 1) / grid.width() - first / grid.width()) * grid.strideH() + extent.rows();
    }

    private int listCopied(Floats x, int image, int first, int end, int copyAt, int place, Workspace workspace) {
        int row = first / grid.width();
        int column = blocks.byRows() ? first - row * grid.width() : 0;
        int columns = blocks.byRows() ? (int) extent.columns(grid, end - first) : blocks.columns();
        copy.copy(x, image, row * grid.strideH() + extent.firstRow(), copyRows(first, end),
                column * grid.strideW() + extent.firstColumn(), columns, workspace.halo, copyAt, copyRowStride);
        int rowStep = grid.strideH() * copyRowStride;
        int columnStep = grid.strideW() * features;
        return list(first, end, copyAt - row * rowStep - column * columnStep, rowStep, columnStep, workspace.pixels.xAt, place);
    }

    /** Lists the offsets of the patches of an image's pixels, given that of the first. */
    private int list(int first, int end, int at, int rowStep, int columnStep, int[] xAt, int firstPlace) {
        int place = firstPlace;
        for (int q = first; q < end;) {
            int row = q / grid.width();
            int column = q - row * grid.width();
            int count = Math.min(end - q, grid.width() - column);
            int of = at + row * rowStep + column * columnStep;
            for (int i = 0; i < count; i++) {
                xAt[place + i] = of + i * columnStep;
            }
            place += count;
            q += count;
        }
        return place;
    }
}

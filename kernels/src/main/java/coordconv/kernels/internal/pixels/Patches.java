package coordconv.kernels.internal.pixels;

import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Where the patches of pixels lie: in the input itself, or, where they reach into the padding or the input is no array of
 * pixels, in a copy of the rows that a block of pixels touches, the halo buffer.
 *
 * <p>Pixels are cut into lines, and lines into tiles. Where rows are wide a line is one row of outputs, of which a block
 * copies just the columns that it touches; elsewhere all outputs of the batch are one line, so that few tiles are not full.
 */
final class Patches {
    /** Outputs of a row from which a line is a row: its last tile wastes three percent at the most. */
    private static final int WIDE = 192;
    /** Weights are read once for the tiles of a block. */
    private static final int MOST_TILES = 64;

    private final Correlation.Image input;
    private final Correlation.Grid grid;
    private final int features;
    private final int firstFeature;
    private final boolean wide;
    private final int lineLength;
    private final int lineTiles;
    private final int blockTiles;
    /** Whether patches are read from a copy whatever memory the input lies in. */
    private final boolean copied;
    private final int minRow;
    private final int minColumn;
    private final int spanRows;
    private final int spanColumns;
    private final int copyColumns;
    private final int copyFloats;
    /** Taps in the order of the input. */
    private final int[] order;
    private final int runLength;
    private final int[] runInCopy;
    private final int[] runInPlace;

    Patches(Correlation correlation, long l2) {
        input = correlation.input();
        grid = correlation.grid();
        features = correlation.channels().features();
        firstFeature = correlation.channels().firstFeature();
        wide = grid.width() >= WIDE;
        lineLength = wide ? grid.width() : correlation.columns();
        lineTiles = (lineLength + PixelKernel.PIXELS - 1) / PixelKernel.PIXELS;
        minRow = Arrays.stream(grid.tapRow()).min().orElseThrow();
        minColumn = Arrays.stream(grid.tapColumn()).min().orElseThrow();
        spanRows = Arrays.stream(grid.tapRow()).max().orElseThrow() - minRow + 1;
        spanColumns = Arrays.stream(grid.tapColumn()).max().orElseThrow() - minColumn + 1;
        boolean inside = minRow >= 0 && minColumn >= 0
                && (grid.height() - 1) * grid.strideH() + minRow + spanRows <= input.height()
                && (grid.width() - 1) * grid.strideW() + minColumn + spanColumns <= input.width();
        copied = !inside || !isInPixels();
        order = IntStream.range(0, grid.taps()).boxed()
                .sorted((s, t) -> grid.tapRow()[s] != grid.tapRow()[t] ? Integer.compare(grid.tapRow()[s], grid.tapRow()[t])
                        : Integer.compare(grid.tapColumn()[s], grid.tapColumn()[t]))
                .mapToInt(Integer::intValue).toArray();
        int merged = tapsOfARun();
        // The floats of two taps side by side are contiguous in the copy; in the input, if it has no other channels.
        boolean together = copied || input.columnStride() == features;
        int tapsTogether = together ? merged : 1;
        runLength = tapsTogether * features;
        int tiles = MOST_TILES;
        while (tiles > 4 && (long) Float.BYTES * copyFloats(tiles) > l2 / 4) {
            tiles /= 2;
        }
        blockTiles = Math.min(tiles, lineTiles);
        copyColumns = copyColumns(blockTiles);
        copyFloats = Math.toIntExact(copyFloats(blockTiles));
        runInCopy = runs(tapsTogether, minRow, minColumn, copyColumns * features, features);
        runInPlace = runs(tapsTogether, 0, 0, input.rowStride(), input.columnStride());
    }

    /** Whether the channels of a pixel lie side by side. */
    private boolean isInPixels() {
        return input.channelStride() == 1;
    }

    /** How many taps, the same number everywhere, follow one another in a row of the input. */
    private int tapsOfARun() {
        int taps = grid.taps();
        int first = 1;
        while (first < taps && follows(first)) {
            first++;
        }
        for (int t = 0; t < taps; t++) {
            if (follows(t) != (t % first != 0)) {
                return 1;
            }
        }
        return taps % first == 0 ? first : 1;
    }

    private boolean follows(int t) {
        return t > 0 && grid.tapRow()[order[t]] == grid.tapRow()[order[t - 1]]
                && grid.tapColumn()[order[t]] == grid.tapColumn()[order[t - 1]] + 1;
    }

    /** Offsets of runs, a tap at a row and column of 0 being at 0. */
    private int[] runs(int tapsTogether, int rowOfPatch, int columnOfPatch, int rowStride, int columnStride) {
        return IntStream.range(0, grid.taps() / tapsTogether).map(run -> order[run * tapsTogether])
                .map(t -> (grid.tapRow()[t] - rowOfPatch) * rowStride + (grid.tapColumn()[t] - columnOfPatch) * columnStride)
                .toArray();
    }

    private int copyColumns(int tiles) {
        int outputs = wide ? Math.min(grid.width(), tiles * PixelKernel.PIXELS) : grid.width();
        return Math.addExact(Math.multiplyExact(outputs - 1, grid.strideW()), spanColumns);
    }

    private long copyFloats(int tiles) {
        long pixels = Math.min((long) tiles * PixelKernel.PIXELS, lineLength);
        long images = wide ? 1 : Math.min(input.batch(), (pixels + grid.points() - 2) / grid.points() + 1);
        long rows = wide ? 1 : Math.min(pixels / grid.width() + 1 + images, images * grid.height());
        return (rows * grid.strideH() + images * spanRows) * copyColumns(tiles) * features;
    }

    int[] order() {
        return order;
    }

    int tiles() {
        return Math.multiplyExact(wide ? Math.multiplyExact(input.batch(), grid.height()) : 1, lineTiles);
    }

    int blockTiles() {
        return blockTiles;
    }

    int runLength() {
        return runLength;
    }

    int copyFloats() {
        return copyFloats;
    }

    /** {@return tile after the last of the block that begins with a tile} */
    int endOfBlock(int tile, int toTile) {
        int line = tile / lineTiles;
        return Math.min(Math.min(toTile, tile + blockTiles), (line + 1) * lineTiles);
    }

    /** {@return first pixel of a tile} */
    int firstPixel(int tile) {
        int line = tile / lineTiles;
        return line * lineLength + (tile - line * lineTiles) * PixelKernel.PIXELS;
    }

    /** {@return pixel after the last of the tiles before one, which end a block} */
    int endPixel(int tile) {
        int line = (tile - 1) / lineTiles;
        return Math.min(line * lineLength + (tile - line * lineTiles) * PixelKernel.PIXELS, (line + 1) * lineLength);
    }

    /**
     * Finds the patches of a block of pixels, and copies the rows that they touch where that is needed.
     *
     * @param x input
     * @param from first pixel
     * @param to pixel after the last
     * @param workspace scratch, whose view is bound to them
     */
    void bind(Floats x, int from, int to, Workspace workspace) {
        boolean copying = copied || x.array() == null;
        PixelView view = workspace.pixels;
        if (!copying) {
            view.bindPatches(x.array(), runInPlace, runLength);
        } else {
            workspace.reserveHalo(copyFloats);
            workspace.haloOwner = 0;
            view.bindPatches(workspace.halo, runInCopy, runLength);
        }
        int copyAt = 0;
        int place = 0;
        for (int q = from; q < to;) {
            int image = q / grid.points();
            int first = q - image * grid.points();
            int last = Math.min(grid.points(), to - image * grid.points()) - 1;
            int fromRow = first / grid.width();
            int toRow = last / grid.width();
            int firstColumn = wide ? first - fromRow * grid.width() : 0;
            int rowStep = copying ? grid.strideH() * copyColumns * features : grid.strideH() * input.rowStride();
            int columnStep = grid.strideW() * (copying ? features : input.columnStride());
            int base = copying ? copyAt - firstColumn * columnStep
                    : x.arrayOffset() + image * input.batchStride() + firstFeature + fromRow * rowStep;
            if (copying) {
                int columns = wide ? (last - first) * grid.strideW() + spanColumns : copyColumns;
                copyAt = copy(x, image, fromRow * grid.strideH() + minRow, (toRow - fromRow) * grid.strideH() + spanRows,
                        firstColumn * grid.strideW() + minColumn, columns, copyAt, workspace);
            }
            for (int i = fromRow; i <= toRow; i++) {
                int j = i == fromRow ? first - i * grid.width() : 0;
                int end = i == toRow ? last - i * grid.width() + 1 : grid.width();
                int at = base + (i - fromRow) * rowStep;
                for (; j < end; j++) {
                    view.xAt[place++] = at + j * columnStep;
                }
            }
            q = image * grid.points() + last + 1;
        }
        while (place % PixelKernel.PIXELS != 0) {
            view.xAt[place] = view.xAt[place - 1];
            place++;
        }
    }

    private int copy(Floats x, int image, int fromRow, int rows, int fromColumn, int columns, int copyAt, Workspace workspace) {
        int inside = Math.clamp(-(long) fromColumn, 0, columns);
        int outside = Math.clamp((long) input.width() - fromColumn, inside, columns);
        float[] copy = workspace.halo;
        int at = copyAt;
        for (int row = fromRow; row < fromRow + rows; row++) {
            if (row < 0 || row >= input.height()) {
                Arrays.fill(copy, at, at + columns * features, 0);
            } else {
                Arrays.fill(copy, at, at + inside * features, 0);
                copyPixels(x, image * input.batchStride() + row * input.rowStride() + (fromColumn + inside) * input.columnStride(),
                        outside - inside, copy, at + inside * features);
                Arrays.fill(copy, at + outside * features, at + columns * features, 0);
            }
            at += copyColumns * features;
        }
        return at;
    }

    private void copyPixels(Floats x, int from, int pixels, float[] copy, int at) {
        if (isInPixels() && input.columnStride() == features) {
            copyFloats(x, from, pixels * features, copy, at);
        } else if (isInPixels()) {
            for (int p = 0; p < pixels; p++) {
                copyFloats(x, from + firstFeature + p * input.columnStride(), features, copy, at + p * features);
            }
        } else {
            for (int c = 0; c < features; c++) {
                int channel = from + (firstFeature + c) * input.channelStride();
                for (int p = 0; p < pixels; p++) {
                    copy[at + p * features + c] = x.array() != null ? x.array()[x.arrayOffset() + channel + p * input.columnStride()]
                            : x.get((long) channel + p * input.columnStride());
                }
            }
        }
    }

    private static void copyFloats(Floats x, int from, int count, float[] copy, int at) {
        if (x.array() != null) {
            System.arraycopy(x.array(), x.arrayOffset() + from, copy, at, count);
        } else {
            MemorySegment.copy(x.segment(), x.layout(), (long) from * Float.BYTES, copy, at, count);
        }
    }
}

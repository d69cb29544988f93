package coordconv.kernels.internal.pixels;

import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.PixelKernel;

/**
 * How the pixels of a batch are cut: into lines, lines into tiles, and these are computed block by block, so that the weights
 * are read once for all tiles of a block. A line is one row of outputs where rows are wide, of which a block copies no more
 * than the columns that it touches; elsewhere all outputs of the batch are one line, so that few tiles are not full.
 */
final class PixelBlocks {
    /** Outputs of a row, in blocks, from which a line is a row: other blocks would copy little but halo. */
    private static final int WIDE_BLOCKS = 4;
    /** Outputs of a row from which a line is a row in any case: its last tile wastes three percent at the most. */
    private static final int WIDE = 192;
    private static final int FEWEST_TILES = 4;
    /** Weights are read once for the tiles of a block. */
    private static final int MOST_TILES = 64;
    /** Bytes that any second-level cache holds. */
    private static final long SMALLEST_CACHE = 256 << 10;

    private final Correlation.Grid grid;
    private final PatchExtent extent;
    private final int batch;
    private final int features;
    private final boolean byRows;
    private final int lineLength;
    private final int lineTiles;
    private final int blockTiles;
    private final boolean fits;

    /**
     * Cuts a batch.
     *
     * @param correlation without coordinates, with taps
     * @param l2 bytes of the second-level cache: a block's copy of the input takes a half, the weights need the rest
     */
    PixelBlocks(Correlation correlation, long l2) {
        grid = correlation.grid();
        extent = PatchExtent.of(grid);
        batch = correlation.input().batch();
        features = correlation.channels().features();
        int tiles = blockTiles(false, correlation.columns(), l2 / 2);
        byRows = grid.width() >= WIDE || grid.width() > WIDE_BLOCKS * tiles * PixelKernel.PIXELS;
        lineLength = byRows ? grid.width() : correlation.columns();
        lineTiles = (lineLength + PixelKernel.PIXELS - 1) / PixelKernel.PIXELS;
        blockTiles = Math.min(byRows ? blockTiles(true, grid.width(), l2 / 2) : tiles, lineTiles);
        fits = Float.BYTES * floats(byRows, lineLength, blockTiles) <= Math.max(l2, SMALLEST_CACHE);
    }

    private int blockTiles(boolean rows, int line, long bytes) {
        int tiles = MOST_TILES;
        while (tiles > FEWEST_TILES && Float.BYTES * floats(rows, line, tiles) > bytes) {
            tiles--;
        }
        return tiles;
    }

    /** Floats of the input that a block of tiles touches at the most; in double precision, where nothing overflows. */
    private double floats(boolean rows, int line, int tiles) {
        int pixels = (int) Math.min((long) tiles * PixelKernel.PIXELS, line);
        int images = rows ? 1 : (int) Math.min(batch, (pixels + grid.points() - 2L) / grid.points() + 1);
        long gridRows = rows ? 1 : Math.min((pixels + grid.width() - 2L) / grid.width() + 1, (long) images * grid.height());
        return ((double) (gridRows - images) * grid.strideH() + (double) images * extent.rows())
                * extent.columns(grid, rows ? pixels : grid.width()) * features;
    }

    /** {@return whether what a block touches stays in the second-level cache until every panel of weights has met it} */
    boolean fit() {
        return fits;
    }

    /** {@return whether a line is a row of outputs} */
    boolean byRows() {
        return byRows;
    }

    /** {@return columns of the input that a block touches at the most, where it {@link #fit}s} */
    int columns() {
        return (int) extent.columns(grid, byRows ? Math.min(grid.width(), blockTiles * PixelKernel.PIXELS) : grid.width());
    }

    /** {@return floats of the input that a block touches at the most, where it {@link #fit}s} */
    int floats() {
        return (int) floats(byRows, lineLength, blockTiles);
    }

    /** {@return tiles of the batch} */
    int tiles() {
        return Math.multiplyExact(byRows ? batch * grid.height() : 1, lineTiles);
    }

    /** {@return pixels of a block at the most, those included that are missing in its last tile} */
    int pixels() {
        return blockTiles * PixelKernel.PIXELS;
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

    /** {@return pixel after the last of a block} */
    int endPixel(int endOfBlock) {
        int line = (endOfBlock - 1) / lineTiles;
        return Math.min(line * lineLength + (endOfBlock - line * lineTiles) * PixelKernel.PIXELS, (line + 1) * lineLength);
    }
}

package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.algorithm.KernelLines;
import coordconv.kernels.internal.gemm.BlockMap;
import coordconv.kernels.internal.shape.Correlation;
import java.util.Arrays;

/**
 * The layout of the halo buffer, a padded copy of the input rows that a block of columns touches.
 *
 * <p>Rows and columns are sorted by their phase modulo the stride, so that the output columns of one tap
 * lie side by side whatever the stride: element (channel, tap, output row, output column) is found at
 * {@code channel * plane + tapAt[tap] + row * rowStride + column}. That sum of a part that depends on k
 * alone and a part that depends on the column alone is the virtual im2col matrix.
 */
public final class HaloLayout {
    /** Row stride of one phase: the columns of a block, and the extent of the taps. */
    final int rowStride;
    /** Rows beyond those of the block, for the extent of the taps. */
    final int haloRows;
    /** Columns beyond those of the block, likewise. */
    final int haloColumns;
    /** Rows of one phase at the most. */
    final int maxRows;
    /** Row phases in use. */
    final int[] rowPhases;
    /** Column phases in use. */
    final int[] columnPhases;
    /** Smallest tap row. */
    final int minTapRow;
    /** Smallest tap column. */
    final int minTapColumn;
    /** Offset of each tap in a plane. */
    final int[] tapAt;
    /** Floats of one channel. */
    final int plane;
    /** Whether some tap of some output falls outside the image. */
    final boolean padded;
    private final Correlation correlation;

    /**
     * Lays out blocks.
     *
     * @param correlation taps, stride, sizes
     * @param blockColumns columns of a block at the most
     */
    public HaloLayout(Correlation correlation, int blockColumns) {
        this.correlation = correlation;
        Correlation.Grid grid = correlation.grid();
        int taps = grid.taps();
        minTapRow = Arrays.stream(grid.tapRow()).min().orElse(0);
        minTapColumn = Arrays.stream(grid.tapColumn()).min().orElse(0);
        rowPhases = phases(grid.tapRow(), minTapRow, grid.strideH());
        columnPhases = phases(grid.tapColumn(), minTapColumn, grid.strideW());
        int maxTapRow = Arrays.stream(grid.tapRow()).max().orElse(0);
        int maxTapColumn = Arrays.stream(grid.tapColumn()).max().orElse(0);
        haloRows = (maxTapRow - minTapRow) / grid.strideH();
        haloColumns = (maxTapColumn - minTapColumn) / grid.strideW();
        rowStride = Math.min(grid.width(), blockColumns) + haloColumns;
        maxRows = rowsOf(blockColumns);
        tapAt = new int[taps];
        for (int t = 0; t < taps; t++) {
            int row = grid.tapRow()[t] - minTapRow;
            int column = grid.tapColumn()[t] - minTapColumn;
            int phases = slot(rowPhases, row % grid.strideH()) * columnPhases.length
                    + slot(columnPhases, column % grid.strideW());
            tapAt[t] = (phases * maxRows + row / grid.strideH()) * rowStride + column / grid.strideW();
        }
        plane = Math.multiplyExact(rowPhases.length * columnPhases.length, Math.multiplyExact(maxRows, rowStride));
        padded = minTapRow < 0 || minTapColumn < 0
                || (grid.height() - 1) * grid.strideH() + maxTapRow >= correlation.input().height()
                || (grid.width() - 1) * grid.strideW() + maxTapColumn >= correlation.input().width();
    }

    private int rowsOf(int blockColumns) {
        Correlation.Grid grid = correlation.grid();
        int batch = correlation.input().batch();
        int images = Math.min(batch, (blockColumns + grid.points() - 2) / grid.points() + 1);
        int rows = Math.min((blockColumns + grid.width() - 2) / grid.width() + 1, batch * grid.height());
        return Math.addExact(rows, Math.multiplyExact(images, haloRows));
    }

    /** {@return floats of one channel} */
    public int plane() {
        return plane;
    }

    /** {@return row stride of one phase} */
    public int rowStride() {
        return rowStride;
    }

    /** {@return offset in a plane of what a tap sees} */
    public int tapAt(int tap) {
        return tapAt[tap];
    }

    private static int[] phases(int[] taps, int min, int stride) {
        int[] phases = new int[taps.length];
        for (int t = 0; t < phases.length; t++) {
            phases[t] = (taps[t] - min) % stride;
        }
        return KernelLines.distinct(phases);
    }

    private static int slot(int[] phases, int phase) {
        return Arrays.binarySearch(phases, phase);
    }

    /** {@return rows of the list that a block can need at the most} */
    public int maxListedRows() {
        return rowPhases.length * maxRows;
    }

    /** {@return offset in a plane of a column phase} */
    int columnPhaseAt(int slot) {
        return slot * maxRows * rowStride;
    }

    /** {@return input column, perhaps negative, that rows of a column phase begin with} */
    int firstColumn(int slot, BlockMap block) {
        return minTapColumn + columnPhases[slot] + block.firstGridColumn * correlation.grid().strideW();
    }

    /** {@return columns of a phase that lie left of the image} */
    int paddingLeft(int slot, BlockMap block) {
        int column = firstColumn(slot, block);
        int stride = correlation.grid().strideW();
        return column < 0 ? (-column + stride - 1) / stride : 0;
    }

    /** {@return the first input column of a phase that is not left of the image} */
    int firstInside(int slot, BlockMap block) {
        return firstColumn(slot, block) + paddingLeft(slot, block) * correlation.grid().strideW();
    }

    /** {@return columns of a phase that lie inside the image; less than one for none} */
    int columnsInside(int slot, BlockMap block) {
        int stride = correlation.grid().strideW();
        int room = block.gridColumns + haloColumns - paddingLeft(slot, block);
        return Math.min(room, (correlation.input().width() - firstInside(slot, block) + stride - 1) / stride);
    }

    /**
     * Maps columns {@code first} to {@code last - 1}.
     *
     * @param block filled
     * @param first first column
     * @param last column after the last
     * @param nr columns of a tile
     */
    public void map(BlockMap block, int first, int last, int nr) {
        Correlation.Grid grid = correlation.grid();
        int points = grid.points();
        int width = grid.width();
        block.from = first;
        block.columns = last - first;
        block.rows = 0;
        block.wholeImages = 0;
        block.wholeImagesFrom = 0;
        block.wholeImagesTo = 0;
        boolean oneRow = first / width == (last - 1) / width;
        int firstBefore = block.firstGridColumn;
        int columnsBefore = block.gridColumns;
        int paddingBefore = block.paddingRows;
        block.firstGridColumn = oneRow ? first % width : 0;
        block.gridColumns = oneRow ? block.columns : width;
        block.samePadding = block.firstGridColumn == firstBefore && block.gridColumns == columnsBefore;
        block.paddingRows = 0;
        int haloRow = 0;
        for (int q = first; q < last; ) {
            int image = q / points;
            int end = Math.min(last, (image + 1) * points);
            int firstRow = (q - image * points) / width;
            int lastRow = (end - 1 - image * points) / width;
            placeColumns(block, q, end, image * points + firstRow * width, haloRow);
            int rows = lastRow - firstRow + 1 + haloRows;
            boolean whole = end - q == points;
            if (whole && block.wholeImages++ == 0) {
                block.firstWholeImage = image;
                block.wholeImagesRow = haloRow;
                block.wholeImagesFrom = block.rows;
            }
            listRows(block, image, firstRow, rows, haloRow);
            block.wholeImagesTo = whole ? block.rows : block.wholeImagesTo;
            haloRow += rows;
            q = end;
        }
        block.samePadding &= block.paddingRows == paddingBefore;
        block.repeatLastColumn(nr);
    }

    private void placeColumns(BlockMap block, int q, int end, int rowStart, int haloRow) {
        int width = correlation.grid().width();
        int column = q - rowStart;
        int at = haloRow * rowStride + column - block.firstGridColumn;
        for (int i = q - block.from; i < end - block.from; i++) {
            block.columnAt[i] = at++;
            if (++column == width) {
                column = 0;
                at += rowStride - width;
            }
        }
    }

    private void listRows(BlockMap block, int image, int gridRow, int count, int haloRow) {
        Correlation.Image input = correlation.input();
        int stride = correlation.grid().strideH();
        for (int slot = 0; slot < rowPhases.length; slot++) {
            int row = minTapRow + rowPhases[slot] + gridRow * stride;
            int at = (slot * columnPhases.length * maxRows + haloRow) * rowStride;
            for (int i = 0; i < count; i++) {
                if (row >= 0 && row < input.height()) {
                    block.sourceAt[block.rows] = image * input.batchStride() + row * input.rowStride();
                    block.haloAt[block.rows] = at;
                    block.imageOf[block.rows] = image;
                    block.rowOf[block.rows] = row;
                    block.rows++;
                } else {
                    block.samePadding &= block.paddingAt[block.paddingRows] == at;
                    block.paddingAt[block.paddingRows++] = at;
                }
                row += stride;
                at += rowStride;
            }
        }
    }
}

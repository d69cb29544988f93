package coordconv.kernels.internal.conv;

import java.util.Arrays;

/**
 * How the input rows that a block of columns touches are laid out in the stage, a padded copy of a few
 * channels' rows.
 *
 * <p>Rows and columns are sorted by their phase modulo the stride, so that the grid columns of one tap
 * lie side by side whatever the stride: element (channel, tap, grid row, grid column) is found at
 * {@code channel * plane + tapAt[tap] + row * rowLength + column}. That sum of a part that depends on k
 * alone and a part that depends on the column alone is the virtual im2col matrix.
 */
final class StageLayout {
    /** Distance of two rows of one phase: the columns of a block, and the reach of the taps. */
    final int rowLength;
    /** Staged rows beyond those of the grid, for the reach of the taps. */
    final int rowReach;
    /** Staged columns beyond those of the grid, likewise. */
    final int columnReach;
    /** Staged rows of one phase at the most. */
    final int maxRows;
    /** Row phases in use. */
    final int[] rowPhases;
    /** Column phases in use. */
    final int[] columnPhases;
    /** Smallest tap row. */
    final int firstRow;
    /** Smallest tap column. */
    final int firstColumn;
    /** Offset of each tap in a plane. */
    final int[] tapAt;
    /** Floats of one channel. */
    final int plane;
    /** Whether some tap of some grid point falls outside the image. */
    final boolean padded;

    StageLayout(Correlation correlation, int blockColumns) {
        Correlation.Grid grid = correlation.grid();
        int taps = grid.taps();
        firstRow = Arrays.stream(grid.tapRow()).min().orElse(0);
        firstColumn = Arrays.stream(grid.tapColumn()).min().orElse(0);
        rowPhases = phases(grid.tapRow(), firstRow, grid.strideH());
        columnPhases = phases(grid.tapColumn(), firstColumn, grid.strideW());
        int lastRow = Arrays.stream(grid.tapRow()).max().orElse(0);
        int lastColumn = Arrays.stream(grid.tapColumn()).max().orElse(0);
        rowReach = (lastRow - firstRow) / grid.strideH();
        columnReach = (lastColumn - firstColumn) / grid.strideW();
        rowLength = Math.min(grid.width(), blockColumns) + columnReach;
        maxRows = rowsOf(blockColumns, correlation);
        tapAt = new int[taps];
        for (int t = 0; t < taps; t++) {
            int row = grid.tapRow()[t] - firstRow;
            int column = grid.tapColumn()[t] - firstColumn;
            int slot = slot(rowPhases, row % grid.strideH()) * columnPhases.length
                    + slot(columnPhases, column % grid.strideW());
            tapAt[t] = (slot * maxRows + row / grid.strideH()) * rowLength + column / grid.strideW();
        }
        plane = Math.multiplyExact(rowPhases.length * columnPhases.length, Math.multiplyExact(maxRows, rowLength));
        padded = firstRow < 0 || firstColumn < 0
                || (grid.height() - 1) * grid.strideH() + lastRow >= correlation.input().height()
                || (grid.width() - 1) * grid.strideW() + lastColumn >= correlation.input().width();
    }

    private int rowsOf(int blockColumns, Correlation correlation) {
        Correlation.Grid grid = correlation.grid();
        int images = Math.min(correlation.input().batch(), (blockColumns + grid.points() - 2) / grid.points() + 1);
        int rows = Math.min((blockColumns + grid.width() - 2) / grid.width() + 1,
                correlation.input().batch() * grid.height());
        return Math.addExact(rows, Math.multiplyExact(images, rowReach));
    }

    private static int[] phases(int[] taps, int first, int stride) {
        return Arrays.stream(taps).map(tap -> (tap - first) % stride).distinct().sorted().toArray();
    }

    private static int slot(int[] phases, int phase) {
        return Arrays.binarySearch(phases, phase);
    }

    /** {@return rows of the list that a block can need at the most} */
    int maxListedRows() {
        return rowPhases.length * maxRows;
    }
}

package coordconv.kernels.internal.pixels;

import coordconv.kernels.internal.shape.Correlation;
import java.util.Arrays;

/**
 * The rows and columns of the input between the outermost taps of an output, both included.
 *
 * @param firstRow first row at grid row 0; negative in the padding
 * @param firstColumn first column at grid column 0
 * @param rows number of rows
 * @param columns number of columns
 */
record PatchExtent(int firstRow, int firstColumn, int rows, int columns) {
    static PatchExtent of(Correlation.Grid grid) {
        int firstRow = Arrays.stream(grid.tapRow()).min().orElseThrow();
        int firstColumn = Arrays.stream(grid.tapColumn()).min().orElseThrow();
        return new PatchExtent(firstRow, firstColumn, Arrays.stream(grid.tapRow()).max().orElseThrow() - firstRow + 1,
                Arrays.stream(grid.tapColumn()).max().orElseThrow() - firstColumn + 1);
    }

    /** Columns of the input that neighbouring outputs of a row touch; in double precision, where nothing overflows. */
    double columns(Correlation.Grid grid, int outputs) {
        return (outputs - 1.0) * grid.strideW() + columns;
    }

    /** Whether no tap of any output lies in the padding. */
    boolean isInside(Correlation.Image input, Correlation.Grid grid) {
        return firstRow >= 0 && firstColumn >= 0
                && (grid.height() - 1) * grid.strideH() + firstRow + rows <= input.height()
                && (grid.width() - 1) * grid.strideW() + firstColumn + columns <= input.width();
    }
}

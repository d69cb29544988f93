package coordconv.kernels.internal.winograd;

import coordconv.kernels.internal.shape.Correlation;
import java.util.Arrays;

/** The outputs of a 3 x 3 correlation of stride 1 as tiles of m x m, each with the (m + 2) x (m + 2) inputs that it reads. */
final class TileGrid {
    static final int TAPS = 3;

    private TileGrid() {}

    /** {@return whether a correlation has the nine taps of a 3 x 3 kernel, in any order, and stride 1} */
    static boolean serves(Correlation correlation) {
        Correlation.Grid grid = correlation.grid();
        return grid.strideH() == 1 && grid.strideW() == 1 && grid.taps() == TAPS * TAPS
                && span(grid.tapRow()) == TAPS && span(grid.tapColumn()) == TAPS;
    }

    /** Rows or columns from the first tap to the last. Nine taps of a kernel that spans three of each are all there are. */
    private static int span(int[] taps) {
        return Arrays.stream(taps).max().orElse(0) - first(taps) + 1;
    }

    /** {@return the first row or column that taps meet} */
    static int first(int[] taps) {
        return Arrays.stream(taps).min().orElse(0);
    }

    /** {@return the correlation whose grid points are tiles of m x m outputs, and whose taps are the inputs that they read} */
    static Correlation of(Correlation correlation, int size) {
        Correlation.Grid grid = correlation.grid();
        int points = size + TAPS - 1;
        int[] tapRow = new int[points * points];
        int[] tapColumn = new int[points * points];
        for (int k = 0; k < points * points; k++) {
            tapRow[k] = first(grid.tapRow()) + k / points;
            tapColumn[k] = first(grid.tapColumn()) + k % points;
        }
        return new Correlation(correlation.input(), correlation.channels(),
                new Correlation.Grid((grid.height() + size - 1) / size, (grid.width() + size - 1) / size, size, size,
                        tapRow, tapColumn),
                correlation.output(), correlation.weights(), correlation.biasAt());
    }
}

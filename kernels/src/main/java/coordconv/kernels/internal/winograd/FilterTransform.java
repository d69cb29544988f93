package coordconv.kernels.internal.winograd;

import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The transform {@code U = G g G^T} of the weights of a correlation for F(m x m, 3 x 3), in double precision and rounded
 * once. After Cook and Toom: row j of G evaluates the polynomial of three weights at point {@code a_j}, divided by the
 * product of {@code a_j - a_l} over the other finite points; the last row, the point at infinity, takes the highest
 * coefficient.
 */
final class FilterTransform {
    private static final int TAPS = TileGrid.TAPS;
    private static final double[] TWO = {0, 1, -1};
    private static final double[] FOUR = {0, Math.sqrt(0.5), -Math.sqrt(0.5), Math.sqrt(2), -Math.sqrt(2)};

    private final Correlation correlation;
    private final double[][] g;
    private final List<Integer> tapPlaces;

    /**
     * Plans the transform.
     *
     * @param correlation says where weights lie, and in which order its taps are
     * @param size m: 2 or 4
     */
    FilterTransform(Correlation correlation, int size) {
        this.correlation = correlation;
        Correlation.Grid grid = correlation.grid();
        int firstRow = TileGrid.first(grid.tapRow());
        int firstColumn = TileGrid.first(grid.tapColumn());
        tapPlaces = IntStream.range(0, TAPS * TAPS)
                .mapToObj(t -> (grid.tapRow()[t] - firstRow) * TAPS + grid.tapColumn()[t] - firstColumn).toList();
        double[] points = size == 2 ? TWO : FOUR;
        g = new double[points.length + 1][TAPS];
        for (int j = 0; j < points.length; j++) {
            double divisor = 1;
            for (int l = 0; l < points.length; l++) {
                divisor *= l == j ? 1 : points[j] - points[l];
            }
            for (int k = 0; k < TAPS; k++) {
                g[j][k] = Math.pow(points[j], k) / divisor;
            }
        }
        g[points.length][TAPS - 1] = 1;
    }

    /**
     * Transforms the weights of one pair of channels.
     *
     * @param weights of the convolution
     * @param m output channel of the correlation
     * @param c joined channel
     * @param scratch {@link #scratch}
     * @param dst where they go
     * @param at index of element (0, 0)
     * @param stride from one element to the next, row by row
     */
    void apply(Floats weights, int m, int c, double[] scratch, float[] dst, int at, int stride) {
        read(weights, m, c, scratch);
        int half = TAPS * TAPS;
        for (int i = 0; i < g.length; i++) {
            for (int k = 0; k < TAPS; k++) {
                scratch[half + i * TAPS + k] = g[i][0] * scratch[k] + g[i][1] * scratch[TAPS + k] + g[i][2] * scratch[2 * TAPS + k];
            }
        }
        for (int i = 0; i < g.length; i++) {
            int row = half + i * TAPS;
            for (int j = 0; j < g.length; j++) {
                double u = scratch[row] * g[j][0] + scratch[row + 1] * g[j][1] + scratch[row + 2] * g[j][2];
                dst[at + (i * g.length + j) * stride] = (float) u;
            }
        }
    }

    /** {@return doubles that {@link #apply} needs} */
    double[] scratch() {
        return new double[(TAPS + g.length) * TAPS];
    }

    /** {@return for each tap its place among the nine, by the input row and column that it meets: a gradient meets them in reverse} */
    List<Integer> tapPlaces() {
        return tapPlaces;
    }

    private void read(Floats weights, int m, int c, double[] dst) {
        Correlation.Weights view = correlation.weights();
        long first = view.base() + (long) m * view.rowStride() + (long) c * view.channelStride();
        for (int t = 0; t < TAPS * TAPS; t++) {
            dst[tapPlaces.get(t)] = weights.get(first + view.tapAt()[t]);
        }
    }
}

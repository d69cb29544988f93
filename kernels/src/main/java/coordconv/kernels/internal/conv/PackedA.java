package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.RowTiles;
import coordconv.kernels.internal.pack.PackLoops;

/**
 * The layout of packed weights: for each depth block, for each row tile, a panel in which element
 * (row r, depth k) lies at {@code k * rows + r}.
 */
final class PackedA {
    private PackedA() {}

    /** Packs the weights of a correlation from {@code at} on. */
    static void pack(Correlation correlation, RowTiles tiles, int channelsPerBlock, FloatRegion weights,
                     float[] panels, int at) {
        int total = correlation.channels().total();
        for (int c = 0; c < total; c += channelsPerBlock) {
            int end = Math.min(total, c + channelsPerBlock);
            int kc = (end - c) * correlation.grid().taps();
            int block = at + c * correlation.grid().taps() * tiles.rows();
            for (int tile = 0; tile < tiles.count(); tile++) {
                packTile(correlation, tiles.start(tile), tiles.size(tile), c, end, weights,
                        panels, block + tiles.start(tile) * kc);
            }
        }
    }

    private static void packTile(Correlation correlation, int m, int rows, int from, int to, FloatRegion weights,
                                 float[] panels, int at) {
        Correlation.Weights view = correlation.weights();
        int taps = view.tapAt().length;
        for (int c = from; c < to; c++) {
            int first = view.base() + m * view.rowStride() + c * view.channelStride();
            for (int t = 0; t < taps; t++) {
                int k = (c - from) * taps + t;
                packColumn(weights, first + view.tapAt()[t], view.rowStride(), rows, panels, at + k * rows);
            }
        }
    }

    /** One depth of a panel. */
    private static void packColumn(FloatRegion weights, int first, int rowStride, int rows, float[] panels, int at) {
        if (weights.array() != null) {
            PackLoops.copyStrided(weights.array(), weights.arrayOffset() + first, rowStride, panels, at, rows);
            return;
        }
        for (int r = 0; r < rows; r++) {
            panels[at + r] = weights.segment().get(weights.layout(), (long) (first + r * rowStride) * Float.BYTES);
        }
    }
}

package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.PackLoops;

/**
 * The layout of packed weights: for each depth block, for each row tile, a panel in which element
 * (row r, depth k) lies at {@code k * MR + r}.
 */
public final class PackedA {
    private PackedA() {}

    /**
     * Packs the weights of a correlation.
     *
     * @param correlation says where they lie
     * @param tiles row tiles
     * @param channelsPerBlock joined channels of a depth block
     * @param weights source
     * @param panels destination
     * @param at offset of the first panel
     */
    public static void pack(Correlation correlation, RowTiles tiles, int channelsPerBlock, Floats weights,
                            float[] panels, int at) {
        int total = correlation.channels().total();
        int taps = correlation.grid().taps();
        for (int c = 0; c < total; c += channelsPerBlock) {
            int end = Math.min(total, c + channelsPerBlock);
            int kc = (end - c) * taps;
            int block = at + c * taps * tiles.rows();
            for (int tile = 0; tile < tiles.count(); tile++) {
                packTile(correlation, tiles.start(tile), tiles.size(tile), c, end, weights,
                        panels, block + tiles.start(tile) * kc);
            }
        }
    }

    private static void packTile(Correlation correlation, int m, int rows, int from, int to, Floats weights,
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

    private static void packColumn(Floats weights, int first, int rowStride, int rows, float[] panels, int at) {
        if (weights.array() != null) {
            PackLoops.copyStrided(weights.array(), weights.arrayOffset() + first, rowStride, panels, at, rows);
            return;
        }
        for (int r = 0; r < rows; r++) {
            panels[at + r] = weights.segment().get(weights.layout(), (long) (first + r * rowStride) * Float.BYTES);
        }
    }
}

package coordconv.kernels.internal.winograd;

import coordconv.kernels.internal.gemm.RowTiles;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.shape.Correlation;

/**
 * Sizes of the blocks of a Winograd convolution.
 *
 * @param panels panels of NR tiles that are transformed together: their inputs and their products take half of the
 *     second-level cache, where one panel leaves room for that
 * @param rowTiles row tiles whose products are kept together: a quarter of the second level at the most, where one panel
 *     of all output channels takes more
 * @param kc channels of a depth block of the products: one panel of them lives in the first-level cache
 * @param haloTiles tiles that the halo buffer is laid out for: a row of them, so that a block need not end with a row
 * @param loadChannels channels that are loaded into the halo buffer at a time
 */
record WinogradBlocking(int panels, int rowTiles, int kc, int haloTiles, int loadChannels) {
    /** Rows of more tiles than these panels hold waste little where a block ends with the row. */
    private static final int MAX_HALO_PANELS = 8;

    static WinogradBlocking choose(Machine machine, Correlation tiles, RowTiles rows) {
        int nr = machine.kernels().nr();
        int depth = tiles.channels().total();
        long l2 = machine.caches().l2() / Float.BYTES;
        int all = (tiles.columns() + nr - 1) / nr;
        long points = tiles.grid().taps();
        long panel = points * nr * (depth + rows.rows());
        int panels = (int) Math.clamp(l2 / 2 / panel, 1, all);
        int tallest = rows.size(0);
        long rowsOfPass = panel > l2 / 2 ? Math.max(l2 / 4 / (points * nr), 4L * tallest) : rows.rows();
        int rowTiles = (int) Math.clamp(rowsOfPass / tallest, 1, rows.count());
        int haloTiles = panels * nr;
        if (tiles.grid().width() <= MAX_HALO_PANELS * nr) {
            haloTiles = Math.max(haloTiles, tiles.grid().width());
        }
        long maxKc = Math.clamp(machine.caches().l1() * machine.tuning().l1SixthsPacked() / 6 / Float.BYTES / nr,
                machine.tuning().minKc(), machine.tuning().maxKc());
        int blocks = (int) ((depth + maxKc - 1) / maxKc);
        int kc = (depth + blocks - 1) / blocks;
        // As many as a transposition of pixels takes, or what a thirty-second of the second level holds.
        long plane = (long) (haloTiles / nr + 1) * nr * points;
        int loadChannels = (int) Math.clamp(l2 / 32 / plane, Math.min(depth, machine.kernels().lanes()), depth);
        return new WinogradBlocking(panels, rowTiles, kc, haloTiles, loadChannels);
    }
}

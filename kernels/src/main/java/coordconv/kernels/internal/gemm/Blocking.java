package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.machine.Tuning;

/**
 * Sizes of the cache blocks of one product, after Goto and van de Geijn, "Anatomy of high-performance
 * matrix multiplication", 2008.
 *
 * @param kc depth of a block: one B panel, KC x NR, lives in the first-level cache
 * @param mc rows of a block: the A panels in use, MC x KC, take half of the second level
 * @param nc columns of a block: the B panels, KC x NC, take a quarter of it, and so do sums that are kept; where
 *     neither is kept the halo buffer takes a quarter
 */
public record Blocking(int kc, int mc, int nc) {
    /**
     * The choice for a product.
     *
     * @param machine tile, cache sizes and measured shares of them
     * @param rows M of the product
     * @param columns columns of the product
     * @param depth K of the product
     * @param depthUnit KC is a multiple of this (the taps of a channel), and at least this
     * @param packsAll whether every B panel is packed, and none is read where its elements lie
     * @param haloFloats floats of a channel in the halo buffer for each column, or 0 without such a buffer
     * @return the block sizes
     */
    public static Blocking choose(Machine machine, int rows, int columns, int depth, int depthUnit,
                                  boolean packsAll, int haloFloats) {
        Tuning tuning = machine.tuning();
        int nr = machine.kernels().nr();
        long panel = machine.caches().l1() * (packsAll ? tuning.l1SixthsPacked() : tuning.l1SixthsInPlace()) / 6;
        long maxKc = Math.clamp(panel / Float.BYTES / nr, tuning.minKc(), tuning.maxKc());
        int maxUnits = (int) Math.max(1, maxKc / depthUnit);
        int units = depth / depthUnit;
        // Blocks of even depth: a last block of a few rows would cost a whole pass over the sums.
        int blocks = (units + maxUnits - 1) / maxUnits;
        int kc = (units + blocks - 1) / blocks * depthUnit;
        long part = machine.caches().l2() / tuning.l2Parts() / Float.BYTES;
        int mc = (int) Math.max(2 * part / kc, machine.kernels().maxRows());
        long nc = Math.min(part / kc, tuning.maxBlockColumns());
        if (blocks > 1) {
            nc = Math.min(nc, 2 * part / rows);
        } else if (mc >= rows && haloFloats > 0) {
            nc = Math.min(part / units / haloFloats, tuning.maxHaloBlockColumns());
        }
        int minTiles = tuning.minBlockTiles();
        int tiles = (int) Math.clamp(nc / nr, minTiles, Math.max(minTiles, (columns + nr - 1) / nr));
        return new Blocking(kc, Math.min(mc, Math.max(rows, 1)), tiles * nr);
    }
}

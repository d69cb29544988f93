package coordconv.kernels.internal.gemm;

/**
 * Sizes of the cache blocks of one product, after Goto and van de Geijn, "Anatomy of high-performance
 * matrix multiplication", 2008.
 *
 * @param kc depth of a block: one B panel, KC x NR, takes five sixths of the first-level cache, two thirds
 *     where it is written just before it is read, for then it shares the cache with what it is made of
 * @param mc rows of a block: the A panels that are live, MC x KC, take half of the second level
 * @param nc columns of a block: the B panels, KC x NC, take another quarter, and so do unfinished sums; where
 *     neither is kept it is the stage that takes a quarter
 */
public record Blocking(int kc, int mc, int nc) {
    /** More columns would only push the stage out of the cache; 1024 keep the halo rows few. */
    private static final int MOST_COLUMNS = 1024;
    /** Where the stage is all that a block keeps: of a 3x3 layer 256 columns wide 16 rows, and 2 of halo. */
    private static final int MOST_STAGED_COLUMNS = 4096;
    /** Fewer tiles would stage nearly as many halo rows as rows of their own. */
    private static final int LEAST_TILES = 4;

    /**
     * The choice for a product.
     *
     * @param kernels width and tile
     * @param caches cache sizes
     * @param rows M of the product
     * @param columns columns of the product
     * @param depth K of the product
     * @param depthUnit KC is a multiple of this (the taps of a channel), and at least this
     * @param packs whether every B panel is packed, and none read where the patches lie
     * @param staged floats of a channel in the stage for each column, or 0 without a stage
     * @return the block sizes
     */
    public static Blocking choose(KernelSet kernels, CacheSizes caches, int rows, int columns, int depth, int depthUnit,
                                  boolean packs, int staged) {
        int nr = kernels.nr();
        long panel = packs ? caches.l1() * 2 / 3 : caches.l1() * 5 / 6;
        long most = Math.clamp(panel / Float.BYTES / nr, 64, 512);
        int channels = (int) Math.max(1, most / depthUnit);
        int units = depth / depthUnit;
        // Blocks of even depth: a last block of a few rows would pay for a whole pass over the sums.
        int blocks = (units + channels - 1) / channels;
        int kc = (units + blocks - 1) / blocks * depthUnit;
        long quarter = caches.l2() / 4 / Float.BYTES;
        int mc = (int) Math.max(2 * quarter / kc, kernels.maxRows());
        long nc = Math.min(quarter / kc, MOST_COLUMNS);
        if (blocks > 1) {
            nc = Math.min(nc, 2 * quarter / rows);
        } else if (mc >= rows && staged > 0) {
            nc = Math.min(quarter / units / staged, MOST_STAGED_COLUMNS);
        }
        int tiles = (int) Math.clamp(nc / nr, LEAST_TILES, Math.max(LEAST_TILES, (columns + nr - 1) / nr));
        return new Blocking(kc, Math.min(mc, Math.max(rows, 1)), tiles * nr);
    }
}

package coordconv.kernels.internal.machine;

/**
 * Every constant that was measured, not derived. Figures are of JDK 25 on one core with AVX-512, 48 KiB and 2 MiB of
 * caches, unless a line says otherwise.
 *
 * @param l1SixthsPacked sixths of the first-level cache for a B panel that is written just before it is read, since it
 *     shares the cache with what it is packed from
 * @param l1SixthsInPlace the same for B read where it lies; the last sixth is for A and the results
 * @param minKc a shallower block spends its time storing sums
 * @param maxKc a deeper block gains nothing, and its A panels crowd the second level
 * @param l2Parts parts of the second-level cache: two for A panels, one for B, one for sums
 * @param maxBlockColumns NC: more columns push the halo buffer out of the second level; 1024 keep its extra rows few
 * @param maxHaloBlockColumns NC where a block keeps nothing but the halo buffer: 16 rows of a 256 columns wide image,
 *     for 2 rows of halo
 * @param minBlockTiles fewer column tiles a block would load nearly as many halo rows as rows of their own
 * @param minEfficientRows MR from which a tile of two vectors a row keeps both multiply-add units busy: 8 x 2 reaches
 *     173 of 178 GFLOP/s
 * @param maxEqualRows M up to which tiles of equal height are preferred to the tallest: beyond it the loads of B tell,
 *     12 x 2 being up to 7% faster than 8 x 2 at M = 512
 * @param minTilesForFullLast column tiles from which half of the last tile is below a percent of the work, and not
 *     worth a kernel of its own
 * @param maxShuffledRowTiles row tiles up to which shuffling two vectors in each of them is cheaper than packing in the
 *     first
 * @param maxPlaneTable entries of a table for small planes; a kernel far larger than the image would make a table far
 *     larger than it
 * @param weightGradientDepth columns of a depth block of the gradient to the weights: {@code KernelSet.A_ROW_STRIDE}
 *     less the padding of a row
 * @param weightGradientRows rows of patches packed at a time: 256 of 272 floats stay inside the second level
 * @param biasGradientChunk floats summed at a time where they have to be copied first: 16 KiB, a third of the first level
 * @param packingCost multiply-adds that packing a float takes as long as: a panel of B as a tile of 12 rows under it
 * @param weightCost multiply-adds that reading a packed weight takes as long as, of more of them than the second level holds
 * @param entryCost multiply-adds that entering the loops of a rectangle of cells takes as long as, half a microsecond
 * @param maxFeaturesClosedForm features up to which coordinates leave the product: beyond it they are less than a percent
 *     of it, and the table that replaces them costs as much
 * @param maxCoordTable floats of such a table at the most, 64 MiB
 * @param winogradInputCost multiply-adds that loading and transforming an element of a tile takes as long as
 * @param winogradOutputCost the same for transforming and storing
 * @param winogradPixelCost what either takes longer where channels lie last, and squares of vectors are transposed
 * @param winogradShortRowCost what loading takes longer where channels lie last and a row has fewer tiles than a vector has
 *     lanes: they are transposed one by one
 * @param winogradWeightCost what reading a weight takes as long as after other layers have run: 20 to 35 in ResNet-18 and 50 and
 *     SqueezeNet. A layer that is called alone again and again finds fewer than the second level holds for nothing
 * @param deformableRows taps times channels whose samples' gradients are computed at a time: two vectors of channels of a
 *     3x3 kernel
 * @param minGroupsPerThread groups a thread from which groups alone are shared, and none is split
 */
public record Tuning(int l1SixthsPacked, int l1SixthsInPlace, int minKc, int maxKc, int l2Parts,
                     int maxBlockColumns, int maxHaloBlockColumns, int minBlockTiles,
                     int minEfficientRows, int maxEqualRows, int minTilesForFullLast, int maxShuffledRowTiles,
                     int maxPlaneTable, int weightGradientDepth, int weightGradientRows, int biasGradientChunk,
                     int packingCost, int weightCost, int entryCost,
                     int maxFeaturesClosedForm, int maxCoordTable,
                     int winogradInputCost, int winogradOutputCost, int winogradPixelCost, int winogradShortRowCost,
                     int winogradWeightCost, int deformableRows, int minGroupsPerThread) {
    /** The values in use. */
    public static final Tuning DEFAULTS = new Tuning(4, 5, 64, 512, 4, 1024, 4096, 4, 8, 128, 64, 2,
            1 << 14, 256, 256, 4096, 12, 8, 40_000, 256, 1 << 24, 30, 20, 10, 30, 30, 288, 4);
}

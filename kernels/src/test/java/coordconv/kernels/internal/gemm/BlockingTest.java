package coordconv.kernels.internal.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.machine.CacheSizes;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.machine.Tuning;
import coordconv.kernels.internal.simd.vector.VectorKernels;
import org.junit.jupiter.api.Test;

class BlockingTest {
    private static final Machine AVX_512 = new Machine(new VectorKernels(512, true, 12),
            new CacheSizes(48 << 10, 2 << 20, true, true), Tuning.DEFAULTS);

    private static Blocking choose(int rows, int columns, int depth, int unit, boolean packsAll, int haloFloats) {
        return Blocking.choose(AVX_512, rows, columns, depth, unit, packsAll, haloFloats);
    }

    /** 5/6 of 48 KiB hold 320 depths of 32 floats: 35 channels of 9 taps, and 256 channels make 8 blocks of 32. */
    @Test
    void deepBlocksAreEven() {
        // A quarter of 2 MiB holds 131072 floats: 455 columns of 288, which are 14 tiles, or the sums of 1000 rows in 262 of
        // twice as many; half of the 2 MiB holds 910 rows.
        assertEquals(new Blocking(288, 910, 256), choose(1000, 1 << 20, 256 * 9, 9, false, 1));
        assertEquals(new Blocking(288, 256, 448), choose(256, 1 << 20, 256 * 9, 9, false, 1));
    }

    /** 4/6 of it hold 256. */
    @Test
    void packedPanelsLeaveRoomForTheirSource() {
        assertEquals(252, choose(256, 1 << 20, 28 * 9, 9, true, 0).kc());
        assertEquals(135, choose(256, 1 << 20, 30 * 9, 9, true, 0).kc());
        assertEquals(270, choose(256, 1 << 20, 30 * 9, 9, false, 0).kc());
    }

    /** One block of depth and one pass of rows: the halo buffer alone has to fit. */
    @Test
    void shallowProductsHaveLongBlocks() {
        assertEquals(new Blocking(27, 64, 4096), choose(64, 1 << 20, 27, 9, false, 1));
        assertEquals(new Blocking(288, 64, 4096), choose(64, 1 << 20, 288, 9, false, 1));
        assertEquals(new Blocking(288, 64, 1024), choose(64, 1 << 20, 288, 9, false, 4));
        assertEquals(new Blocking(27, 64, 1024), choose(64, 1 << 20, 27, 9, false, 0));
    }

    /** Sums are kept between blocks of depth: a quarter of the cache holds two for each of 131072 / rows columns. */
    @Test
    void manyRowsShortenTheBlocksOfADeepProduct() {
        assertEquals(128, choose(2048, 1 << 20, 256 * 9, 9, false, 1).nc());
    }

    @Test
    void noBlockIsLargerThanTheProduct() {
        Blocking small = choose(3, 5, 18, 9, false, 1);
        assertEquals(new Blocking(18, 3, 4 * 32), small);
    }

    /** Two blocks of depth keep sums from one to the next, and one block under more rows than a pass takes keeps panels. */
    @Test
    void whatIsKeptBetweenPassesShortensTheBlocks() {
        assertEquals(new Blocking(288, 910, 128), choose(2048, 1 << 20, 64 * 9, 9, false, 1));
        assertEquals(new Blocking(288, 910, 448), choose(1000, 1 << 20, 32 * 9, 9, false, 1));
    }

    /** Whatever the caches, 64 to 512 depths and a tile of rows: 7 of 256 channels, 52, and 12 rows. */
    @Test
    void cachesOfAnySizeGiveBlocksWithinBounds() {
        assertEquals(63, Blocking.choose(AVX_512.withCaches(4 << 10, 2 << 20), 256, 1 << 20, 256 * 9, 9, false, 1).kc());
        assertEquals(468, Blocking.choose(AVX_512.withCaches(192 << 10, 2 << 20), 256, 1 << 20, 256 * 9, 9, false, 1).kc());
        assertEquals(12, Blocking.choose(AVX_512.withCaches(48 << 10, 8 << 10), 256, 1 << 20, 256 * 9, 9, false, 1).mc());
    }

    @Test
    void theLastTileOfColumnsBelongsToTheBlock() {
        assertEquals(6 * 32, choose(64, 5 * 32 + 1, 27, 9, false, 1).nc());
    }

    /** A kernel of more taps than KC is one unit all the same. */
    @Test
    void aUnitIsNeverCut() {
        assertEquals(31 * 31, choose(8, 1000, 3 * 31 * 31, 31 * 31, false, 1).kc());
    }

    @Test
    void rowTilesCoverTheRows() {
        for (int maxRows : new int[] {4, 6, 12}) {
            for (int rows = 1; rows <= 300; rows++) {
                RowTiles tiles = RowTiles.of(rows, maxRows, Tuning.DEFAULTS);
                assertEquals(rows, tiles.rows());
                assertEquals(0, tiles.start(0));
                assertEquals(rows, tiles.start(tiles.count()));
                for (int tile = 0; tile < tiles.count(); tile++) {
                    int size = tiles.size(tile);
                    assertTrue(size >= 1 && size <= maxRows, size + " of " + rows);
                    assertTrue(size % 2 == 0 || tile == tiles.count() - 1, size + " of " + rows);
                    int end = tile + 1;
                    while (end < tiles.count() && tiles.size(end) == size) {
                        end++;
                    }
                    assertEquals(end, tiles.endOfEqual(tile));
                }
            }
        }
    }

    @Test
    void smallProductsHaveEqualTilesOfEfficientHeight() {
        assertEquals(8, RowTiles.of(64, 12, Tuning.DEFAULTS).count());
        assertEquals(8, RowTiles.of(64, 12, Tuning.DEFAULTS).size(7));
        assertEquals(3, RowTiles.of(30, 12, Tuning.DEFAULTS).count());
        assertEquals(16, RowTiles.of(128, 12, Tuning.DEFAULTS).count());
        // Nine rows are no height.
        assertEquals(4, RowTiles.of(45, 12, Tuning.DEFAULTS).count());
        // Above 128 rows the fewest.
        assertEquals(22, RowTiles.of(256, 12, Tuning.DEFAULTS).count());
        // No height of a processor with 16 registers is efficient.
        assertEquals(7, RowTiles.of(37, 6, Tuning.DEFAULTS).count());
    }
}

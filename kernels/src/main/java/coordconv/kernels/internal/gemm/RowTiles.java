package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.machine.Tuning;

/**
 * The split of M rows into tiles of even height, equal where M is small and allows it, so that no tile is mostly padding
 * and few kernels have to be compiled; where M is odd the last tile has one row less.
 *
 * <p>Even, because C2 of JDK 25 makes an 11 x 2 kernel of 512-bit vectors that reaches 155 GFLOP/s where
 * 10 x 2 and 12 x 2 reach 174, and a split into tiles that differ by one row is full of elevens.
 */
public final class RowTiles {
    private final int count;
    /** Kept in tables: the divisions of every tile of a narrow product are a tenth of its time. */
    private final int[] start;
    private final int[] endOfEqual;

    private RowTiles(int rows, int count) {
        this.count = count;
        start = new int[count + 1];
        for (int tile = 0; tile <= count; tile++) {
            start[tile] = start(tile, rows, count);
        }
        endOfEqual = new int[count];
        for (int tile = count - 1; tile >= 0; tile--) {
            boolean equal = tile + 1 < count && size(tile) == size(tile + 1);
            endOfEqual[tile] = equal ? endOfEqual[tile + 1] : tile + 1;
        }
    }

    /**
     * The fewest equal tiles of efficient height, or the fewest tiles.
     *
     * @param rows M
     * @param maxRows the greatest MR, an even number
     * @param tuning which heights are efficient
     * @return the split
     */
    public static RowTiles of(int rows, int maxRows, Tuning tuning) {
        for (int height = maxRows; height >= tuning.minEfficientRows(); height -= 2) {
            if (rows % height == 0 && rows <= tuning.maxEqualRows()) {
                return new RowTiles(rows, rows / height);
            }
        }
        return new RowTiles(rows, (rows + maxRows - 1) / maxRows);
    }

    /**
     * First row of a tile of a split into tiles of even height, where the taller ones come first.
     *
     * @param tile 0 to count; count gives M
     * @param rows M
     * @param count number of tiles
     * @return the row
     */
    public static int start(int tile, int rows, int count) {
        int pairs = (rows + 1) / 2;
        return Math.min(rows, 2 * (tile * (pairs / count) + Math.min(tile, pairs % count)));
    }

    /** {@return M} */
    public int rows() {
        return start[count];
    }

    /** {@return number of tiles} */
    public int count() {
        return count;
    }

    /** {@return first row of a tile, or M for {@link #count}} */
    public int start(int tile) {
        return start[tile];
    }

    /** {@return rows of a tile} */
    public int size(int tile) {
        return start[tile + 1] - start[tile];
    }

    /** {@return the tile behind those, from one on, that have its height} */
    public int endOfEqual(int tile) {
        return endOfEqual[tile];
    }
}

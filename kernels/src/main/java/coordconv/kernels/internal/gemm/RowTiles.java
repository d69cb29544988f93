package coordconv.kernels.internal.gemm;

/**
 * The split of M rows into tiles that differ by one row at most, so that no tile is mostly padding.
 *
 * @param rows M
 * @param count number of tiles
 */
public record RowTiles(int rows, int count) {
    /**
     * The fewest tiles of at most {@code maxRows} rows.
     *
     * @param rows M
     * @param maxRows MR
     * @return the split
     */
    public static RowTiles of(int rows, int maxRows) {
        return new RowTiles(rows, (rows + maxRows - 1) / maxRows);
    }

    /** {@return first row of a tile} */
    public int start(int tile) {
        return start(tile, rows, count);
    }

    /**
     * First element of a part, where {@code size} elements are split into {@code count} even parts.
     *
     * @param part 0 to count; count gives the end of the last
     * @param size elements
     * @param count parts
     * @return the element
     */
    public static int start(int part, int size, int count) {
        return (int) ((long) part * size / count);
    }

    /** {@return rows of a tile} */
    public int size(int tile) {
        return start(tile + 1) - start(tile);
    }
}

package coordconv.kernels.internal.conv;

/**
 * The split of a rectangle of tiles into parts: along the columns as far as they go, so that every part
 * packs patches of its own, and along the rows where there are fewer column tiles than parts.
 *
 * @param columnTiles tiles along the columns
 * @param rowTiles tiles along the rows
 * @param columnParts parts along the columns
 * @param rowParts parts along the rows
 */
record Split(int columnTiles, int rowTiles, int columnParts, int rowParts) {
    /** Splits for a number of threads; there may be fewer parts. */
    static Split of(int columnTiles, int rowTiles, int threads) {
        int columnParts = Math.min(threads, columnTiles);
        // A part of one or two tiles more than the others would keep them waiting: rather split rows.
        while (columnParts > 1 && columnTiles < 4 * columnParts && columnTiles % columnParts != 0
                && rowTiles * (columnParts - 1) >= threads) {
            columnParts--;
        }
        int rowParts = Math.clamp((threads + columnParts - 1) / columnParts, 1, rowTiles);
        return new Split(columnTiles, rowTiles, columnParts, rowParts);
    }

    int parts() {
        return columnParts * rowParts;
    }

    int from(int part) {
        return start(part / rowParts, columnTiles, columnParts);
    }

    int rowFrom(int part) {
        return start(part % rowParts, rowTiles, rowParts);
    }

    int rowTo(int part) {
        return start(part % rowParts + 1, rowTiles, rowParts);
    }

    /** First of {@code size} elements that belongs to a part, of {@code count} even parts. */
    private static int start(int part, int size, int count) {
        return (int) ((long) part * size / count);
    }
}

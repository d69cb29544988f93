package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.machine.Tuning;

/**
 * The partition of a grid into rectangles: along the columns as far as they go, so that every part packs patches of its
 * own, and along the rows where there are fewer columns than parts.
 *
 * @param gridColumns columns of the grid
 * @param gridRows rows of the grid
 * @param columnParts parts along the columns
 * @param rowParts parts along the rows
 */
record WorkPartition(int gridColumns, int gridRows, int columnParts, int rowParts) {
    /** Cuts a grid for a number of threads; there may be fewer parts. */
    static WorkPartition of(int gridColumns, int gridRows, int threads, Tuning tuning) {
        int columnParts = Math.min(threads, gridColumns);
        // A part of one or two columns more than the others would keep them waiting: rather cut rows.
        while (columnParts > 1 && gridColumns < tuning.minTilesPerPart() * columnParts && gridColumns % columnParts != 0
                && gridRows * (columnParts - 1) >= threads) {
            columnParts--;
        }
        int rowParts = Math.clamp((threads + columnParts - 1) / columnParts, 1, gridRows);
        return new WorkPartition(gridColumns, gridRows, columnParts, rowParts);
    }

    int parts() {
        return columnParts * rowParts;
    }

    int fromColumn(int part) {
        return start(part / rowParts, gridColumns, columnParts);
    }

    int toColumn(int part) {
        return start(part / rowParts + 1, gridColumns, columnParts);
    }

    int fromRow(int part) {
        return start(part % rowParts, gridRows, rowParts);
    }

    int toRow(int part) {
        return start(part % rowParts + 1, gridRows, rowParts);
    }

    /** First of {@code size} elements that belongs to a part, of {@code count} even parts. */
    private static int start(int part, int size, int count) {
        return (int) ((long) part * size / count);
    }
}

package coordconv.kernels.internal.conv;

/**
 * One block of columns: where each lies in the stage (or in the input itself), and which input rows the
 * stage needs for them. Reused from block to block.
 */
final class ColumnBlock {
    /** Offset of each column, the last repeated up to a whole tile. */
    int[] columnAt = new int[0];
    /** Offset in the input of each listed row, of column 0. */
    int[] sourceAt = new int[0];
    /** Offset in a plane of the stage of each listed row. */
    int[] stageAt = new int[0];
    /** Image of each listed row. */
    int[] imageOf = new int[0];
    /** Input row of each listed row. */
    int[] rowOf = new int[0];
    /** Number of listed rows. */
    int rows;
    /** Whether padding lies in the stage where it lay for the block before. */
    boolean samePadding;
    /** First column of the block. */
    int from;
    /** Columns of the block. */
    int columns;
    /** Grid column that staged rows begin with. */
    int firstGridColumn;
    /** Grid columns that staged rows hold. */
    int gridColumns;
    /** Images that the block holds whole, one after another. */
    int wholeImages;
    /** The first of them. */
    int firstWhole;
    /** Its first row in the stage. */
    int wholeAt;
    /** Listed row that they begin with. */
    int wholeFrom;
    /** Listed row after their last. */
    int wholeTo;
    /** Offset in a plane of the stage of each row that lies outside the image. */
    private int[] blankAt = new int[0];
    private int blanks;

    void reserve(int columnCapacity, int rowCapacity) {
        if (columnAt.length < columnCapacity) {
            columnAt = new int[columnCapacity];
        }
        if (sourceAt.length < rowCapacity) {
            stageAt = new int[rowCapacity];
            imageOf = new int[rowCapacity];
            rowOf = new int[rowCapacity];
            blankAt = new int[rowCapacity];
            // Last: where memory runs out before it, the next call reserves again.
            sourceAt = new int[rowCapacity];
        }
    }

    /** Lays out columns {@code first} to {@code last - 1} for a staged correlation. */
    void layOut(Correlation correlation, StageLayout layout, int first, int last, int nr) {
        Correlation.Grid grid = correlation.grid();
        int points = grid.points();
        int width = grid.width();
        from = first;
        columns = last - first;
        rows = 0;
        wholeImages = 0;
        wholeFrom = 0;
        wholeTo = 0;
        boolean oneRow = first / width == (last - 1) / width;
        int firstBefore = firstGridColumn;
        int columnsBefore = gridColumns;
        int blanksBefore = blanks;
        firstGridColumn = oneRow ? first % width : 0;
        gridColumns = oneRow ? columns : width;
        samePadding = firstGridColumn == firstBefore && gridColumns == columnsBefore;
        blanks = 0;
        int stageRow = 0;
        for (int q = first; q < last; ) {
            int image = q / points;
            int end = Math.min(last, (image + 1) * points);
            int firstRow = (q - image * points) / width;
            int lastRow = (end - 1 - image * points) / width;
            place(q, end, image * points + firstRow * width, stageRow, layout.rowLength, width);
            int staged = lastRow - firstRow + 1 + layout.rowReach;
            if (end - q == points && wholeImages++ == 0) {
                firstWhole = image;
                wholeAt = stageRow;
                wholeFrom = rows;
            }
            list(correlation, layout, image, firstRow, staged, stageRow);
            wholeTo = end - q == points ? rows : wholeTo;
            stageRow += staged;
            q = end;
        }
        samePadding &= blanks == blanksBefore;
        repeatLast(nr);
    }

    private void place(int q, int end, int rowStart, int stageRow, int rowLength, int width) {
        int column = q - rowStart;
        int at = stageRow * rowLength + column - firstGridColumn;
        for (int i = q - from; i < end - from; i++) {
            columnAt[i] = at++;
            if (++column == width) {
                column = 0;
                at += rowLength - width;
            }
        }
    }

    private void list(Correlation correlation, StageLayout layout, int image, int gridRow, int staged, int stageRow) {
        Correlation.Image input = correlation.input();
        int stride = correlation.grid().strideH();
        for (int slot = 0; slot < layout.rowPhases.length; slot++) {
            int row = layout.firstRow + layout.rowPhases[slot] + gridRow * stride;
            int at = (slot * layout.columnPhases.length * layout.maxRows + stageRow) * layout.rowLength;
            for (int i = 0; i < staged; i++) {
                if (row >= 0 && row < input.height()) {
                    sourceAt[rows] = image * input.batchStride() + row * input.rowStride();
                    stageAt[rows] = at;
                    imageOf[rows] = image;
                    rowOf[rows] = row;
                    rows++;
                } else {
                    samePadding &= blankAt[blanks] == at;
                    blankAt[blanks++] = at;
                }
                row += stride;
                at += layout.rowLength;
            }
        }
    }

    /** Lays out columns {@code first} to {@code last - 1} that are read in the input itself. */
    void layOutPointwise(Correlation correlation, int first, int last, int nr) {
        int points = correlation.grid().points();
        from = first;
        columns = last - first;
        for (int q = first; q < last; ) {
            int image = q / points;
            int end = Math.min(last, (image + 1) * points);
            int step = correlation.input().columnStride();
            int at = image * correlation.input().batchStride() + (q - image * points) * step;
            for (int i = q - first; i < end - first; i++) {
                columnAt[i] = at;
                at += step;
            }
            q = end;
        }
        repeatLast(nr);
    }

    private void repeatLast(int nr) {
        for (int i = columns; i % nr != 0; i++) {
            columnAt[i] = columnAt[i - 1];
        }
    }
}

package coordconv.kernels.internal.gemm;

/**
 * One block of columns: where each lies in the halo buffer (or in the input itself), and which input rows the buffer
 * needs for them. Reused from block to block.
 */
public final class BlockMap {
    /** Offset of each column, the last repeated up to a whole tile. */
    public int[] columnAt = new int[0];
    /** Offset in the input of each listed row, of column 0. */
    public int[] sourceAt = new int[0];
    /** Offset in a plane of the halo buffer of each listed row. */
    public int[] haloAt = new int[0];
    /** Image of each listed row. */
    public int[] imageOf = new int[0];
    /** Input row of each listed row. */
    public int[] rowOf = new int[0];
    /** Offset in a plane of the halo buffer of each row that lies outside the image. */
    public int[] paddingAt = new int[0];
    /** Number of listed rows. */
    public int rows;
    /** Number of rows outside the image. */
    public int paddingRows;
    /** Whether padding lies in the halo buffer where it lay for the block before. */
    public boolean samePadding;
    /** First column of the block. */
    public int from;
    /** Columns of the block. */
    public int columns;
    /** Output column that the rows of the halo buffer begin with. */
    public int firstGridColumn;
    /** Output columns that the rows of the halo buffer hold. */
    public int gridColumns;
    /** Images that the block holds whole, one after another. */
    public int wholeImages;
    /** The first of them. */
    public int firstWholeImage;
    /** Row of the halo buffer that it begins with. */
    public int wholeImagesRow;
    /** Listed row that the whole images begin with. */
    public int wholeImagesFrom;
    /** Listed row after their last. */
    public int wholeImagesTo;

    /**
     * Makes room.
     *
     * @param columnCapacity columns of a block at the most
     * @param rowCapacity rows of the halo buffer at the most
     */
    public void reserve(int columnCapacity, int rowCapacity) {
        if (columnAt.length < columnCapacity) {
            columnAt = new int[columnCapacity];
        }
        if (sourceAt.length < rowCapacity) {
            haloAt = new int[rowCapacity];
            imageOf = new int[rowCapacity];
            rowOf = new int[rowCapacity];
            paddingAt = new int[rowCapacity];
            // Last: where memory runs out before it, the next call reserves again.
            sourceAt = new int[rowCapacity];
        }
    }

    /**
     * Repeats the last column up to a whole tile, which is read whole.
     *
     * @param nr columns of a tile
     */
    public void repeatLastColumn(int nr) {
        for (int i = columns; i % nr != 0; i++) {
            columnAt[i] = columnAt[i - 1];
        }
    }
}

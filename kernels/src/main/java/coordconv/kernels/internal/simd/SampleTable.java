package coordconv.kernels.internal.simd;

/**
 * Where the samples of a block of columns lie, and the bilinear weights of the four pixels around each. The samples of one
 * tap of one deformable group are a row of the table, one entry a column.
 *
 * <p>Pixels are those of a stage: a copy of input rows in which the channels of a pixel lie side by side, each row followed
 * by a pixel of zeros. So the four pixels of a sample lie at {@code at}, {@code at + 1}, {@code at + row} and
 * {@code at + row + 1}, and what lies outside the image reads as zero.
 */
public final class SampleTable {
    /** Pixel of the stage that is the upper left of the four; negative where the sample lies outside the image. */
    public int[] at = new int[0];
    /** Weight of the upper row: one less the fraction of the row. */
    public float[] up = new float[0];
    /** Weight of the lower row: the fraction of the row. */
    public float[] down = new float[0];
    /** Weight of the left column. */
    public float[] left = new float[0];
    /** Weight of the right column. */
    public float[] right = new float[0];
    /** Factor of the sample. */
    public float[] mask = new float[0];
    /** Entries of a row. */
    public int columns;
    /** Input row that tap row 0 of each column sees without an offset. */
    public int[] row = new int[0];
    /** Input column likewise. */
    public int[] column = new int[0];
    /** First input row that samples of the current image touch, -1 for the zeros above it. */
    public int firstRow;
    /** The last upper one of the two rows that a sample touches. */
    public int lastRow;
    /** Image of each window of the stage. */
    public int[] windowImage = new int[0];
    /** First input row of each window, -1 for the zeros above the image. */
    public int[] windowRow = new int[0];
    /** Rows of each window. */
    public int[] windowRows = new int[0];
    /** First pixel of each window. */
    public int[] windowAt = new int[0];
    /** Number of windows. */
    public int windows;
    /** Pixels of all windows. */
    public int pixels;
    /** Samples of a tile before they are transposed. */
    public float[] tile = new float[0];

    /**
     * Makes room.
     *
     * @param rows taps times deformable groups
     * @param blockColumns columns of a block at the most
     * @param images images of a block at the most
     */
    public void reserve(int rows, int blockColumns, int images) {
        columns = blockColumns;
        int entries = Math.multiplyExact(rows, blockColumns);
        if (row.length < blockColumns) {
            column = new int[blockColumns];
            row = new int[blockColumns];
        }
        if (windowImage.length < images) {
            windowRow = new int[images];
            windowRows = new int[images];
            windowAt = new int[images];
            windowImage = new int[images];
        }
        if (at.length < entries) {
            up = new float[entries];
            down = new float[entries];
            left = new float[entries];
            right = new float[entries];
            mask = new float[entries];
            // Last: where memory runs out before it, the next call reserves again.
            at = new int[entries];
        }
    }

    /**
     * Makes room for a tile.
     *
     * @param floats its length, at least
     */
    public void reserveTile(int floats) {
        if (tile.length < floats) {
            tile = new float[floats];
        }
    }
}

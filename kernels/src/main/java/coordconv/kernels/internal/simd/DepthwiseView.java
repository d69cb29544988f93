package coordconv.kernels.internal.simd;

/**
 * Operands and results of a {@link DepthwiseKernel}. References are stored only where they change: a collector's barrier would
 * wait for results that are still on their way to memory.
 */
public final class DepthwiseView {
    /** For each row of the kernel what holds the row of the input that it meets. */
    public float[][] x = new float[0][];
    /** For each of them the offset of the first pixel of the image. */
    public int[] xAt = new int[0];
    /** Floats from one pixel to the next. */
    public int xStep;
    /** Pixels of a row; zeros lie on both sides. */
    public int width;
    /** Holds zeros, as many as a row has floats: for columns outside the image, and for whole rows. */
    public float[] zeros = new float[0];
    /** For each tap its row of the kernel. */
    public int[] tapRow;
    /** For each tap its column, relative to that of the output. */
    public int[] tapColumn;
    /** The least of them. */
    public int leftmost;
    /** For each tap the offset of what it meets, if the output is at column 0. */
    public int[] tapAt = new int[0];
    /** Column of the input that the first output meets; maybe outside the image. */
    public int firstColumn;
    /** Columns of the input from one output to the next. */
    public int stride;
    /** Holds the weights: for each tap one for each channel. */
    public float[] weights;
    /** Offset of the first. */
    public int weightsAt;
    /** What sums begin with. */
    public float[] bias;
    /** Offset of that of the first channel. */
    public int biasAt;
    /** What sums begin with besides, if anything. */
    public float[] start;
    /** Offset of that of the first output. */
    public int startAt;
    /** Floats from one output to the next there. */
    public int startStep;
    /** Receives the results. */
    public float[] y;
    /** Offset of the first. */
    public int yAt;
    /** Floats from one output to the next. */
    public int yStep;
    /** Parameter of the activation. */
    public float alpha;

    /**
     * Makes room for the rows of a kernel, and for zeros.
     *
     * @param rows number of rows, at least
     * @param floats number of zeros, at least
     */
    public void reserve(int rows, int floats) {
        if (x.length < rows) {
            x = new float[rows][];
            xAt = new int[rows];
        }
        if (zeros.length < floats) {
            zeros = new float[floats];
        }
    }

    /**
     * Binds the row of the input that a row of the kernel meets.
     *
     * @param row of the kernel
     * @param array holds it
     * @param at offset of the first pixel of the image
     */
    public void bindRow(int row, float[] array, int at) {
        if (x[row] != array) {
            x[row] = array;
        }
        xAt[row] = at;
    }

    /**
     * Binds the taps, when the rows are bound.
     *
     * @param rows for each tap its row of the kernel
     * @param columns for each tap its column
     */
    public void bindTaps(int[] rows, int[] columns) {
        if (tapRow != rows) {
            tapRow = rows;
        }
        if (tapColumn != columns) {
            tapColumn = columns;
        }
        if (tapAt.length != rows.length) {
            tapAt = new int[rows.length];
        }
        for (int t = 0; t < rows.length; t++) {
            tapAt[t] = xAt[rows[t]] + columns[t] * xStep;
        }
    }

    /**
     * Binds weights and bias.
     *
     * @param array holds the weights
     * @param at offset of the first
     * @param begin holds the bias
     * @param beginAt offset of that of the first channel
     */
    public void bindWeights(float[] array, int at, float[] begin, int beginAt) {
        if (weights != array) {
            weights = array;
        }
        weightsAt = at;
        if (bias != begin) {
            bias = begin;
        }
        biasAt = beginAt;
    }

    /**
     * Binds what sums begin with.
     *
     * @param array holds it
     * @param at offset of that of the first output
     * @param step floats from one output to the next
     */
    public void bindStart(float[] array, int at, int step) {
        if (start != array) {
            start = array;
        }
        startAt = at;
        startStep = step;
    }

    /**
     * Binds the results.
     *
     * @param array receives them
     * @param at offset of the first
     * @param step floats from one output to the next
     */
    public void bindResults(float[] array, int at, int step) {
        if (y != array) {
            y = array;
        }
        yAt = at;
        yStep = step;
    }

    /** Forgets the caller's arrays. */
    public void clear() {
        for (int row = 0; row < x.length; row++) {
            x[row] = null;
        }
        weights = null;
        bias = null;
        start = null;
        y = null;
    }
}

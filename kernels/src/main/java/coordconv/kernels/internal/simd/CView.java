package coordconv.kernels.internal.simd;

/**
 * The result of a micro-kernel: {@code y = f(sums + bias + A * B)}, for register tiles one below the other.
 */
public final class CView {
    /** Holds what is added to the product where the kernel accumulates: sums of the depths before. */
    public float[] sums;
    /** Offset of the element (row 0, column 0) of the first tile in the sums. */
    public int sumsAt;
    /** Stride from one row of the sums to the next. */
    public int sumsRowStride;
    /** Holds the results; it may be the array of the sums. */
    public float[] y;
    /** Offset of the element (row 0, column 0) of the first tile in the results. */
    public int yAt;
    /** Stride from one row of the results to the next. */
    public int yRowStride;
    /** Offset of the second half of the columns of a row from the first. */
    public int ySecondHalf;
    /** Holds the bias of every row. */
    public float[] bias;
    /** Index of the bias of the first row. */
    public int biasAt;
    /** Parameter of the activation. */
    public float alpha;

    /**
     * Sets what is added to the product.
     *
     * @param values holds it
     * @param at offset of the first tile
     * @param rowStride stride from one row to the next
     */
    public void bindSums(float[] values, int at, int rowStride) {
        if (sums != values) {
            sums = values;
        }
        sumsAt = at;
        sumsRowStride = rowStride;
    }

    /**
     * Sets where results go.
     *
     * @param results holds them
     * @param at offset of the first tile
     * @param rowStride stride from one row to the next
     * @param secondHalf offset of the second half of the columns of a row from the first
     */
    public void bindResults(float[] results, int at, int rowStride, int secondHalf) {
        if (y != results) {
            y = results;
        }
        yAt = at;
        yRowStride = rowStride;
        ySecondHalf = secondHalf;
    }

    /**
     * Sets the bias.
     *
     * @param values bias of every row
     * @param at index of the first tile's first row
     */
    public void bindBias(float[] values, int at) {
        if (bias != values) {
            bias = values;
        }
        biasAt = at;
    }
}

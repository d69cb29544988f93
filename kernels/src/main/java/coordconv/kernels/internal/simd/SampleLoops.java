package coordconv.kernels.internal.simd;

/**
 * The inner loops of deformable convolution over a stage, in which the channels of a pixel lie side by side: every loop
 * runs over the channels, so that position and weights of a sample are used for all of them, and no two channels meet in
 * one float. {@code S = up * (left * x00 + right * x01) + down * (left * x10 + right * x11)} is a sample of a channel.
 */
public interface SampleLoops {
    /** Offsets from this on, either way, lie outside every image: 2^30. */
    float FAR = 0x1p30f;

    /**
     * Turns offsets into positions and weights, for one tap and columns of one image. Of entry {@code first + i} of the
     * table, {@code up} holds the offset along the height and {@code left} that along the width; both are replaced by
     * weights. A position is inside where it lies above -1 and below the size along both axes; else, as for an offset that
     * is not finite, {@code at} is -1. It is {@code (row + 1) * (width + 1) + column + 1} for the cell (row, column), the floor
     * of the position. First and last row of the table are extended to those of the cells.
     *
     * @param samples the table
     * @param first entry of the first column
     * @param column index of the first column in {@code samples.row} and {@code samples.column}
     * @param count number of columns
     * @param tapRow added to the row that a column sees
     * @param tapColumn added to the column that it sees
     * @param height rows of the image
     * @param width columns of the image
     */
    void locate(SampleTable samples, int first, int column, int count, int tapRow, int tapColumn, int height, int width);

    /**
     * Samples channels: {@code dst[dstAt + i * dstRowStride + c] = mask * S} for entry {@code first + i} of the table.
     *
     * @param stage source, readable a vector further than the last channel
     * @param stageAt offset of channel 0 of pixel 0
     * @param pixelStride floats from one pixel to the next
     * @param rowStride floats from one row of pixels to the next
     * @param samples positions and weights
     * @param first entry of sample 0
     * @param count number of samples
     * @param channels number of channels
     * @param dst destination, writable up to a whole vector of channels
     * @param dstAt offset of channel 0 of sample 0
     * @param dstRowStride floats from one sample to the next
     */
    void sample(float[] stage, int stageAt, int pixelStride, int rowStride, SampleTable samples, int first, int count,
                int channels, float[] dst, int dstAt, int dstRowStride);

    /**
     * The adjoint of {@link #sample}: adds {@code mask * weight * src} to the four pixels of each sample, sample by sample.
     *
     * @param src gradient of the samples; that of sample i, channel c at {@code srcAt + i * srcRowStride + c}
     * @param srcAt offset of channel 0 of sample 0
     * @param srcRowStride floats from one sample to the next
     * @param samples positions and weights
     * @param first entry of sample 0
     * @param count number of samples
     * @param channels number of channels
     * @param stage destination; nothing but the channels is written
     * @param stageAt offset of channel 0 of pixel 0
     * @param pixelStride floats from one pixel to the next
     * @param rowStride floats from one row of pixels to the next
     */
    void scatter(float[] src, int srcAt, int srcRowStride, SampleTable samples, int first, int count, int channels,
                 float[] stage, int stageAt, int pixelStride, int rowStride);

    /**
     * Multiplies the gradient of each sample by each of the four pixels, and adds the sums over the channels:
     * {@code sums[sumsAt + 4 * i + e] += sum over c of src[srcAt + i * srcRowStride + c] * xe}, where e counts x00, x01, x10
     * and x11. Added up in float over the channels of one call. Samples outside the image add nothing.
     *
     * @param src gradient of the samples
     * @param srcAt offset of channel 0 of sample 0
     * @param srcRowStride floats from one sample to the next
     * @param stage the pixels
     * @param stageAt offset of channel 0 of pixel 0
     * @param pixelStride floats from one pixel to the next
     * @param rowStride floats from one row of pixels to the next
     * @param samples positions
     * @param first entry of sample 0
     * @param count number of samples
     * @param channels number of channels
     * @param sums four a sample
     * @param sumsAt offset of the first
     * @param scratch four vectors of floats at least
     */
    void dots(float[] src, int srcAt, int srcRowStride, float[] stage, int stageAt, int pixelStride, int rowStride,
              SampleTable samples, int first, int count, int channels, double[] sums, int sumsAt, float[] scratch);
}

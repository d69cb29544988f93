package coordconv.kernels.internal.pack;

import coordconv.kernels.FloatRegion;

/**
 * The inner loops that meet the caller's tensors where those are no arrays: staging and epilogue. Apart from
 * {@link PackLoops}, because a loop that meets both kinds of memory is fast on neither.
 */
public interface SegmentLoops {
    /**
     * Copies rows, taking every {@code stride}-th float: {@code dst[d + v] = src[s + v * stride]} for
     * {@code s = srcBase + srcAt[i]}, {@code d = dstBase + dstAt[i]}.
     *
     * @param src source
     * @param srcBase added to every source offset, in floats
     * @param srcAt offset of each row in the source
     * @param dst destination; nothing but the copied floats is written
     * @param dstBase added to every destination offset
     * @param dstAt offset of each row in the destination
     * @param from first row
     * @param to row after the last
     * @param length floats taken of each row
     * @param stride distance in the source
     */
    void stageRows(FloatRegion src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                   int from, int to, int length, int stride);

    /**
     * Writes a block of rows: {@code dst[dstAt + r * dstPitch + j * step] = src[srcAt + r * srcPitch + j]}.
     *
     * @param src source
     * @param srcAt offset of its first float
     * @param srcPitch distance of two rows of the source
     * @param dst destination
     * @param dstAt offset of the first float written
     * @param dstPitch distance of two rows of the destination
     * @param step distance of two columns of the destination
     * @param rows rows
     * @param columns columns
     */
    void write(float[] src, int srcAt, int srcPitch, FloatRegion dst, int dstAt, int dstPitch, int step,
               int rows, int columns);

    /**
     * Reads a block of rows: {@code dst[r * dstPitch + j] = src[srcAt + r * srcPitch + j * step]}.
     *
     * @param src source
     * @param srcAt offset of its first float
     * @param srcPitch distance of two rows of the source
     * @param step distance of two columns of the source
     * @param dst destination
     * @param dstPitch distance of two rows of the destination
     * @param rows rows
     * @param columns columns
     */
    void read(FloatRegion src, int srcAt, int srcPitch, int step, float[] dst, int dstPitch, int rows, int columns);
}

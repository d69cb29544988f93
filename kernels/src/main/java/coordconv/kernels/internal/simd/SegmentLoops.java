package coordconv.kernels.internal.simd;

import coordconv.kernels.internal.memory.Floats;

/**
 * The inner loops over the caller's tensors where those are no arrays. Kept apart from {@link PackLoops}, because C2
 * compiles a loop that meets both kinds of memory for neither.
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
     * @param length floats taken of each row, 1 or more
     * @param stride stride in the source
     */
    void copyRows(Floats src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                   int from, int to, int length, int stride);

    /**
     * Writes a block of rows: {@code dst[dstAt + r * dstRowStride + j * step] = src[srcAt + r * srcRowStride + j]}.
     *
     * @param src source
     * @param srcAt offset of its first float
     * @param srcRowStride row stride of the source
     * @param dst destination
     * @param dstAt offset of the first float written
     * @param dstRowStride row stride of the destination
     * @param step column stride of the destination
     * @param rows rows
     * @param columns columns
     */
    void write(float[] src, int srcAt, int srcRowStride, Floats dst, int dstAt, int dstRowStride, int step,
               int rows, int columns);

    /**
     * Reads a block of rows: {@code dst[r * dstRowStride + j] = src[srcAt + r * srcRowStride + j * step]}.
     *
     * @param src source
     * @param srcAt offset of its first float
     * @param srcRowStride row stride of the source
     * @param step column stride of the source
     * @param dst destination
     * @param dstRowStride row stride of the destination
     * @param rows rows
     * @param columns columns
     */
    void read(Floats src, int srcAt, int srcRowStride, int step, float[] dst, int dstRowStride, int rows, int columns);
}

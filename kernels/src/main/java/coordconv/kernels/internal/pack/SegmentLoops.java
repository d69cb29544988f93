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
     * The epilogue over one run of columns of a finished tile:
     * {@code dst[dstAt + r * dstPitch + j * step] = f(tile[tileAt + r * tilePitch + j] + bias[biasAt + r] (+ dst))}.
     *
     * @param tile finished sums
     * @param tileAt offset of the first
     * @param tilePitch distance of two rows of the tile
     * @param dst destination
     * @param dstAt offset of the first float written
     * @param dstPitch distance of two rows in the destination
     * @param step distance of two columns in the destination
     * @param rows rows
     * @param columns columns of the run
     * @param bias one value a row
     * @param biasAt index of the first row's
     * @param slope factor that f puts on negative values: 1 for none, 0 for ReLU
     * @param add whether to add what the destination holds, before f
     */
    void store(float[] tile, int tileAt, int tilePitch, FloatRegion dst, int dstAt, int dstPitch, int step,
               int rows, int columns, float[] bias, int biasAt, float slope, boolean add);
}

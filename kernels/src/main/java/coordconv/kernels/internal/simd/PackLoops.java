package coordconv.kernels.internal.simd;

/** The inner loops of copying, packing and the epilogue over arrays, at one vector width. */
public interface PackLoops {
    /** A plane of as many vectors stays in registers while its elements are put in order. */
    int MAX_PLANE_VECTORS = 4;

    /**
     * Copies every {@code stride}-th float: {@code dst[to + i] = src[from + i * stride]}.
     *
     * @param src source
     * @param from offset of the first float
     * @param stride stride in the source
     * @param dst destination
     * @param to where the first float goes
     * @param count how many
     */
    static void copyStrided(float[] src, int from, int stride, float[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            dst[to + i] = src[from + i * stride];
        }
    }

    /**
     * Copies rows, taking every {@code stride}-th float: {@code dst[d + v] = src[s + v * stride]} for
     * {@code s = srcBase + srcAt[i]}, {@code d = dstBase + dstAt[i]}.
     *
     * @param src source
     * @param srcBase added to every source offset
     * @param srcAt offset of each row in the source
     * @param dst destination; nothing but the copied floats is written
     * @param dstBase added to every destination offset
     * @param dstAt offset of each row in the destination
     * @param from first row
     * @param to row after the last
     * @param length floats taken of each row
     * @param stride stride in the source
     */
    void copyRows(float[] src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                   int from, int to, int length, int stride);

    /**
     * Deinterleaves rows into their even and their odd floats:
     * {@code dst[evenBase + d + v] = src[s + 2 * v]} and {@code dst[oddBase + d + v] = src[s + 2 * v + 1]} for
     * {@code s = srcBase + srcAt[i]}, {@code d = dstAt[i]}.
     *
     * @param src source
     * @param srcBase added to every source offset
     * @param srcAt offset of each row in the source
     * @param dst destination; nothing but the copied floats is written
     * @param evenBase added to the destination offsets of even floats
     * @param oddBase added to the destination offsets of odd floats
     * @param dstAt offset of each row in the destination
     * @param rows number of rows
     * @param evens even floats taken of each row
     * @param odds odd floats taken of each row; differs from {@code evens} by one at the most
     */
    void deinterleave(float[] src, int srcBase, int[] srcAt, float[] dst, int evenBase, int oddBase, int[] dstAt,
                    int rows, int evens, int odds);

    /**
     * {@link #deinterleave} of planes whose rows are written one behind the other: up to a vector of floats behind each row may be
     * overwritten before the rows that follow are written.
     *
     * @param src source
     * @param srcBase added to every source offset
     * @param srcPlane distance of planes in the source
     * @param srcAt offset of each row in the source, ascending
     * @param dst destination
     * @param evenBase added to the destination offsets of even floats
     * @param oddBase added to the destination offsets of odd floats
     * @param dstPlane distance of planes in the destination
     * @param dstAt offset of each row in the destination; each lies behind the row two before it, {@code dstAt[i] = dstAt[i - 2] + columns}
     * @param rows number of rows
     * @param columns even floats and odd floats taken of each row
     * @param planes number of planes
     */
    default void deinterleavePlanes(float[] src, int srcBase, int srcPlane, int[] srcAt, float[] dst, int evenBase, int oddBase,
                                    int dstPlane, int[] dstAt, int rows, int columns, int planes) {
        for (int p = 0; p < planes; p++) {
            deinterleave(src, srcBase + p * srcPlane, srcAt, dst, evenBase + p * dstPlane, oddBase + p * dstPlane, dstAt, rows, columns, columns);
        }
    }

    /**
     * Deinterleaves rows into every fourth float, from each of the first four on:
     * {@code dst[dstBase[e] + d + v] = src[s + 4 * v + e]} for {@code e = 0 .. 3}, {@code v = 0 .. counts[e] - 1},
     * {@code s = srcBase + srcAt[i]}, {@code d = dstAt[i]}.
     *
     * @param src source
     * @param srcBase added to every source offset
     * @param srcAt offset of each row in the source
     * @param dst destination; nothing but the copied floats is written
     * @param dstBase added to the destination offsets, for each of the four
     * @param dstAt offset of each row in the destination
     * @param from first row
     * @param to row after the last
     * @param counts floats taken of each row, for each of the four
     */
    void deinterleaveFour(float[] src, int srcBase, int[] srcAt, float[] dst, int[] dstBase, int[] dstAt,
                          int from, int to, int[] counts);

    /**
     * Permutes the elements of small planes, one plane a channel, by a table:
     * {@code dst[dstAt + c * dstRowStride + e] = src[srcAt + c * srcRowStride + table[e]]} for {@code e = 0 .. length - 1}.
     *
     * @param src source, planes of at most {@link #MAX_PLANE_VECTORS} vectors
     * @param srcAt offset of the first plane
     * @param srcRowStride stride from one plane to the next in the source
     * @param table which float of the plane each element is, -1 for a zero; readable up to a whole vector
     * @param tableAt offset in the table
     * @param dst destination; nothing but the {@code length} elements is written
     * @param dstAt offset of the first plane in the destination
     * @param dstRowStride stride from one plane to the next in the destination
     * @param length elements
     * @param channels number of planes
     */
    void permutePlanes(float[] src, int srcAt, int srcRowStride, int[] table, int tableAt,
                     float[] dst, int dstAt, int dstRowStride, int length, int channels);

    /**
     * Packs one vector of columns of a small plane, of several channels, element by element of a table:
     * {@code dst[dstAt + (c * taps + t) * rowStride + j] = src[srcAt + c * srcRowStride + table[tableAt + t * tableRowStride + j]]}.
     *
     * @param src source, planes one after another of at most {@link #MAX_PLANE_VECTORS} vectors
     * @param srcAt offset of the first plane
     * @param srcRowStride floats of a plane
     * @param table which float of the plane each column sees, -1 for a zero
     * @param tableAt offset in the table of the first column, for the first tap
     * @param tableRowStride stride from one tap to the next in the table
     * @param taps number of taps
     * @param dst destination
     * @param dstAt where the first tap of the first channel goes
     * @param rowStride row stride of the destination
     * @param channels number of planes
     */
    void packPlanes(float[] src, int srcAt, int srcRowStride, int[] table, int tableAt, int tableRowStride, int taps,
                    float[] dst, int dstAt, int rowStride, int channels);

    /**
     * Packs one vector of columns that are contiguous in the source: {@code dst[k * rowStride + j] = src[base + rowAt[k] + j]}.
     *
     * @param src source
     * @param base offset of the first column
     * @param rowAt offset of each k row
     * @param from first k row
     * @param to k row after the last
     * @param dst destination
     * @param dstAt where k row {@code from} goes
     * @param rowStride row stride of the destination
     */
    void packContiguous(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int rowStride);

    /**
     * As {@link #packContiguous} for two vectors side by side.
     */
    void packContiguousPair(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int rowStride);

    /**
     * Packs one vector of columns at increasing offsets, all within two vectors from the first:
     * {@code dst[k * rowStride + j] = src[srcBase + rowAt[k] + columnAt[columnFrom + j]]}; the source must be
     * readable for two vectors from the first column.
     */
    void packTwoVectorShuffle(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                  float[] dst, int dstAt, int rowStride);

    /**
     * Packs one vector of columns at any offsets:
     * {@code dst[k * rowStride + j] = src[srcBase + rowAt[k] + columnAt[columnFrom + j]]}.
     */
    void packGather(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                    float[] dst, int dstAt, int rowStride);

    /**
     * Accumulates one run of columns of a tile:
     * {@code dst[dstAt + r * dstRowStride + j] = f(tile[tileAt + r * tileRowStride + j] + dst)}.
     *
     * @param tile finished sums, bias included
     * @param tileAt offset of the first
     * @param tileRowStride row stride of the tile
     * @param dst destination, whose old values are added before f
     * @param dstAt offset of the first float written
     * @param dstRowStride row stride of the destination
     * @param rows rows
     * @param columns columns of the run
     * @param activation f
     * @param alpha parameter of f
     */
    void accumulate(float[] tile, int tileAt, int tileRowStride, float[] dst, int dstAt, int dstRowStride, int rows, int columns,
                    Activation activation, float alpha);

    /**
     * Stores rows with a column stride: {@code dst[dstAt + r * dstRowStride + j * step] = src[srcAt + r * srcRowStride + j]}.
     *
     * @param src source
     * @param srcAt offset of its first float
     * @param srcRowStride row stride of the source
     * @param dst destination; what lies between the floats is left alone, for another thread may be writing it
     * @param dstAt offset of the first float written
     * @param dstRowStride row stride of the destination
     * @param step column stride of the destination, 1 or more
     * @param rows rows
     * @param columns columns
     */
    void storeStrided(float[] src, int srcAt, int srcRowStride, float[] dst, int dstAt, int dstRowStride, int step, int rows, int columns);

    /**
     * Adds rows of a panel to one sum for each column and to one sum for each row: for
     * {@code v = panel[at + i * rowStride + j * nr + c]}, {@code columnSums[columnAt + j * nr + c] += sum over i of v} and
     * {@code rowSums[rowAt + i * nr + c] += sum over j of v}.
     *
     * @param panel columns of NR channels each
     * @param at offset of the first column of the first row
     * @param nr channels of a column, a multiple of the lanes
     * @param rowStride stride from one row to the next
     * @param rows number of rows
     * @param columns number of columns
     * @param columnSums sums of each column, another array than {@code panel}
     * @param columnAt offset of those of the first column
     * @param rowSums sums of each row, another array than {@code panel}
     * @param rowAt offset of those of the first row
     */
    void addSums(float[] panel, int at, int nr, int rowStride, int rows, int columns, float[] columnSums, int columnAt,
                 float[] rowSums, int rowAt);

    /**
     * Weighted sums of a panel, one for each channel: {@code sums[sumsAt + c] = sum over j of
     * factors[factorsAt + j] * panel[at + j * nr + c]}, where every fourth column goes to the same partial sum.
     *
     * @param factors one factor a column
     * @param factorsAt offset of the first
     * @param panel consecutive columns of NR channels each
     * @param at offset of the first column
     * @param nr channels of a column, a multiple of the lanes
     * @param columns number of columns
     * @param sums destination
     * @param sumsAt offset of the first channel
     */
    void weightedSums(float[] factors, int factorsAt, float[] panel, int at, int nr, int columns, float[] sums, int sumsAt);
}

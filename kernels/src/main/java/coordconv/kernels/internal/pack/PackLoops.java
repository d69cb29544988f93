package coordconv.kernels.internal.pack;

/** The inner loops of staging, packing and the epilogue, at one vector width. */
public interface PackLoops {
    /** A plane of as many vectors stays in registers while its elements are put in order. */
    int MOST_PLANE_VECTORS = 4;

    /**
     * The activation of one finished sum.
     *
     * @param v the sum
     * @param slope factor on negative values: 1 for none, 0 for ReLU
     * @return its activation; NaN stays NaN
     */
    static float activated(float v, float slope) {
        // A slope of 0 must give 0 for negative infinity too, where a product would give NaN.
        return v < 0 ? slope == 0 ? 0 : slope * v : v;
    }

    /**
     * Copies every {@code stride}-th float: {@code dst[to + i] = src[from + i * stride]}.
     *
     * @param src source
     * @param from offset of the first float
     * @param stride distance in the source
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
     * @param stride distance in the source
     */
    void stageRows(float[] src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                   int from, int to, int length, int stride);

    /**
     * Takes rows apart into their even and their odd floats:
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
    void stageApart(float[] src, int srcBase, int[] srcAt, float[] dst, int evenBase, int oddBase, int[] dstAt,
                    int rows, int evens, int odds);

    /**
     * Stages a small plane of several channels, element by element of a table:
     * {@code dst[dstAt + c * dstPitch + e] = src[srcAt + c * srcPitch + table[e]]} for {@code e = 0 .. length - 1}.
     *
     * @param src source, planes of at most {@link #MOST_PLANE_VECTORS} vectors
     * @param srcAt offset of the first plane
     * @param srcPitch distance of two planes in the source
     * @param table which float of the plane each element is, -1 for a zero; readable up to a whole vector
     * @param tableAt offset in the table
     * @param dst destination; nothing but the {@code length} elements is written
     * @param dstAt offset of the first plane in the destination
     * @param dstPitch distance of two planes in the destination
     * @param length elements
     * @param channels number of planes
     */
    void stagePlanes(float[] src, int srcAt, int srcPitch, int[] table, int tableAt,
                     float[] dst, int dstAt, int dstPitch, int length, int channels);

    /**
     * Packs one vector of columns of a small plane, of several channels, element by element of a table:
     * {@code dst[dstAt + (c * taps + t) * pitch + j] = src[srcAt + c * srcPitch + table[tableAt + t * tablePitch + j]]}.
     *
     * @param src source, planes one after another of at most {@link #MOST_PLANE_VECTORS} vectors
     * @param srcAt offset of the first plane
     * @param srcPitch floats of a plane
     * @param table which float of the plane each column sees, -1 for a zero
     * @param tableAt offset in the table of the first column, for the first tap
     * @param tablePitch distance of two taps in the table
     * @param taps number of taps
     * @param dst destination
     * @param dstAt where the first tap of the first channel goes
     * @param pitch distance of two k rows in the destination
     * @param channels number of planes
     */
    void packPlanes(float[] src, int srcAt, int srcPitch, int[] table, int tableAt, int tablePitch, int taps,
                    float[] dst, int dstAt, int pitch, int channels);

    /**
     * Packs one chunk of columns that lie side by side: {@code dst[k * pitch + j] = src[base + rowAt[k] + j]}.
     *
     * @param src source
     * @param base offset of the first column
     * @param rowAt offset of each k row
     * @param from first k row
     * @param to k row after the last
     * @param dst destination
     * @param dstAt where k row {@code from} goes
     * @param pitch distance of two k rows in the destination
     */
    void packRun(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int pitch);

    /**
     * As {@link #packRun} for two chunks side by side.
     */
    void packRunPair(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int pitch);

    /**
     * Packs one chunk of columns at increasing places, all within two vectors of the first:
     * {@code dst[k * pitch + j] = src[srcBase + rowAt[k] + columnAt[columnFrom + j]]}; the source must be
     * readable two vectors far from the first column.
     */
    void packNear(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                  float[] dst, int dstAt, int pitch);

    /**
     * Packs one chunk of columns at any places:
     * {@code dst[k * pitch + j] = src[srcBase + rowAt[k] + columnAt[columnFrom + j]]}.
     */
    void packGather(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                    float[] dst, int dstAt, int pitch);

    /**
     * Accumulates one run of columns of a tile:
     * {@code dst[dstAt + r * dstPitch + j] = f(tile[tileAt + r * tilePitch + j] + dst)}.
     *
     * @param tile finished sums, bias included
     * @param tileAt offset of the first
     * @param tilePitch distance of two rows of the tile
     * @param dst destination, whose old values are added before f
     * @param dstAt offset of the first float written
     * @param dstPitch distance of two rows in the destination
     * @param rows rows
     * @param columns columns of the run
     * @param slope factor that f puts on negative values: 1 for none, 0 for ReLU
     */
    void accumulate(float[] tile, int tileAt, int tilePitch, float[] dst, int dstAt, int dstPitch, int rows, int columns,
                    float slope);

    /**
     * Spreads rows out: {@code dst[dstAt + r * dstPitch + j * step] = src[srcAt + r * srcPitch + j]}.
     *
     * @param src source
     * @param srcAt offset of its first float
     * @param srcPitch distance of two rows in the source
     * @param dst destination; what lies between the floats is left alone, for another thread may be writing it
     * @param dstAt offset of the first float written
     * @param dstPitch distance of two rows in the destination
     * @param step distance of two columns in the destination, 1 or more
     * @param rows rows
     * @param columns columns
     */
    void spread(float[] src, int srcAt, int srcPitch, float[] dst, int dstAt, int dstPitch, int step, int rows, int columns);

    /**
     * Transposes a block: {@code dst[dstAt + j * dstPitch + r] = src[srcAt + r * srcPitch + j]}.
     *
     * @param rows rows of the source
     * @param columns columns of the source
     */
    void transpose(float[] src, int srcAt, int srcPitch, float[] dst, int dstAt, int dstPitch, int rows, int columns);
}

package coordconv.kernels.internal.scalar;

import coordconv.kernels.internal.pack.PackLoops;

/** {@link PackLoops} in plain Java. */
public class ScalarPackLoops implements PackLoops {
    private final int lanes;

    /**
     * Loops over chunks of some width.
     *
     * @param lanes columns in a chunk
     */
    public ScalarPackLoops(int lanes) {
        this.lanes = lanes;
    }

    @Override
    public void stageRows(float[] src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                          int from, int to, int length, int stride) {
        for (int i = from; i < to; i++) {
            PackLoops.copyStrided(src, srcBase + srcAt[i], stride, dst, dstBase + dstAt[i], length);
        }
    }

    @Override
    public void stageApart(float[] src, int srcBase, int[] srcAt, float[] dst, int evenBase, int oddBase, int[] dstAt,
                           int rows, int evens, int odds) {
        for (int i = 0; i < rows; i++) {
            PackLoops.copyStrided(src, srcBase + srcAt[i], 2, dst, evenBase + dstAt[i], evens);
            PackLoops.copyStrided(src, srcBase + srcAt[i] + 1, 2, dst, oddBase + dstAt[i], odds);
        }
    }

    @Override
    public void stagePlanes(float[] src, int srcAt, int srcPitch, int[] table, int tableAt,
                            float[] dst, int dstAt, int dstPitch, int length, int channels) {
        for (int c = 0; c < channels; c++) {
            for (int e = 0; e < length; e++) {
                int from = table[tableAt + e];
                dst[dstAt + c * dstPitch + e] = from < 0 ? 0 : src[srcAt + c * srcPitch + from];
            }
        }
    }

    @Override
    public void packPlanes(float[] src, int srcAt, int srcPitch, int[] table, int tableAt, int tablePitch, int taps,
                           float[] dst, int dstAt, int pitch, int channels) {
        for (int t = 0; t < taps; t++) {
            stagePlanes(src, srcAt, srcPitch, table, tableAt + t * tablePitch, dst, dstAt + t * pitch, taps * pitch, lanes, channels);
        }
    }

    @Override
    public void packRun(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int pitch) {
        for (int k = from; k < to; k++) {
            System.arraycopy(src, base + rowAt[k], dst, dstAt + (k - from) * pitch, lanes);
        }
    }

    @Override
    public void packRunPair(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int pitch) {
        for (int k = from; k < to; k++) {
            System.arraycopy(src, base + rowAt[k], dst, dstAt + (k - from) * pitch, 2 * lanes);
        }
    }

    @Override
    public void packNear(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                         float[] dst, int dstAt, int pitch) {
        packGather(src, srcBase, columnAt, columnFrom, rowAt, from, to, dst, dstAt, pitch);
    }

    @Override
    public void packGather(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                           float[] dst, int dstAt, int pitch) {
        for (int k = from; k < to; k++) {
            int s = srcBase + rowAt[k];
            int d = dstAt + (k - from) * pitch;
            for (int j = 0; j < lanes; j++) {
                dst[d + j] = src[s + columnAt[columnFrom + j]];
            }
        }
    }

    @Override
    public void accumulate(float[] tile, int tileAt, int tilePitch, float[] dst, int dstAt, int dstPitch,
                           int rows, int columns, float slope) {
        for (int r = 0; r < rows; r++) {
            accumulateRow(tile, tileAt + r * tilePitch, dst, dstAt + r * dstPitch, columns, slope);
        }
    }

    private static void accumulateRow(float[] tile, int t, float[] dst, int d, int columns, float slope) {
        for (int j = 0; j < columns; j++) {
            dst[d + j] = PackLoops.activated(tile[t + j] + dst[d + j], slope);
        }
    }

    @Override
    public void spread(float[] src, int srcAt, int srcPitch, float[] dst, int dstAt, int dstPitch, int step,
                       int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            int s = srcAt + r * srcPitch;
            int d = dstAt + r * dstPitch;
            for (int j = 0; j < columns; j++) {
                dst[d + j * step] = src[s + j];
            }
        }
    }

    @Override
    public void transpose(float[] src, int srcAt, int srcPitch, float[] dst, int dstAt, int dstPitch,
                          int rows, int columns) {
        int r = 0;
        for (; r + 4 <= rows; r += 4) {
            transposeFour(src, srcAt + r * srcPitch, srcPitch, dst, dstAt + r, dstPitch, columns);
        }
        for (; r < rows; r++) {
            transposeRow(src, srcAt + r * srcPitch, dst, dstAt + r, dstPitch, columns);
        }
    }

    /** Four rows at a time, so that a cache line of the destination is visited a quarter as often. */
    private static void transposeFour(float[] src, int s, int srcPitch, float[] dst, int d, int dstPitch, int columns) {
        int s1 = s + srcPitch;
        int s2 = s1 + srcPitch;
        int s3 = s2 + srcPitch;
        int to = d;
        for (int j = 0; j < columns; j++) {
            dst[to] = src[s + j];
            dst[to + 1] = src[s1 + j];
            dst[to + 2] = src[s2 + j];
            dst[to + 3] = src[s3 + j];
            to += dstPitch;
        }
    }

    private static void transposeRow(float[] src, int s, float[] dst, int d, int dstPitch, int columns) {
        for (int j = 0; j < columns; j++) {
            dst[d + j * dstPitch] = src[s + j];
        }
    }
}

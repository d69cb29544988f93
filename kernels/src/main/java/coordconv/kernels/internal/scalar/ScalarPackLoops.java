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
            int s = srcBase + srcAt[i];
            int d = dstBase + dstAt[i];
            for (int v = 0; v < length; v++) {
                dst[d + v] = src[s + v * stride];
            }
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
    public void packNear(float[] src, int base, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                         float[] dst, int dstAt, int pitch) {
        packGather(src, 0, columnAt, columnFrom, rowAt, from, to, dst, dstAt, pitch);
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
    public void activate(float[] c, int at, int ldc, int rows, int columns, float slope) {
        for (int r = 0; r < rows; r++) {
            for (int i = at + r * ldc; i < at + r * ldc + columns; i++) {
                float v = c[i];
                // Not Math.max: a slope of 0 must give +0 for every negative number, infinity included.
                c[i] = v < 0 ? slope == 0 ? 0 : slope * v : v;
            }
        }
    }

    @Override
    public void storeRun(float[] tile, int tileAt, int tilePitch, float[] dst, int dstAt, int dstPitch,
                         int rows, int columns, boolean add) {
        for (int r = 0; r < rows; r++) {
            int t = tileAt + r * tilePitch;
            int d = dstAt + r * dstPitch;
            for (int j = 0; j < columns; j++) {
                dst[d + j] = add ? dst[d + j] + tile[t + j] : tile[t + j];
            }
        }
    }

    @Override
    public void transpose(float[] src, int srcAt, int srcPitch, float[] dst, int dstAt, int dstPitch,
                          int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            int s = srcAt + r * srcPitch;
            int d = dstAt + r;
            for (int j = 0; j < columns; j++) {
                dst[d + j * dstPitch] = src[s + j];
            }
        }
    }
}

package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.PackLoops;

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
    public void copyRows(float[] src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                          int from, int to, int length, int stride) {
        for (int i = from; i < to; i++) {
            PackLoops.copyStrided(src, srcBase + srcAt[i], stride, dst, dstBase + dstAt[i], length);
        }
    }

    @Override
    public void deinterleave(float[] src, int srcBase, int[] srcAt, float[] dst, int evenBase, int oddBase, int[] dstAt,
                           int rows, int evens, int odds) {
        for (int i = 0; i < rows; i++) {
            PackLoops.copyStrided(src, srcBase + srcAt[i], 2, dst, evenBase + dstAt[i], evens);
            PackLoops.copyStrided(src, srcBase + srcAt[i] + 1, 2, dst, oddBase + dstAt[i], odds);
        }
    }

    @Override
    public void deinterleaveFour(float[] src, int srcBase, int[] srcAt, float[] dst, int[] dstBase, int[] dstAt,
                                 int from, int to, int[] counts) {
        for (int i = from; i < to; i++) {
            for (int e = 0; e < 4; e++) {
                PackLoops.copyStrided(src, srcBase + srcAt[i] + e, 4, dst, dstBase[e] + dstAt[i], counts[e]);
            }
        }
    }

    @Override
    public void permutePlanes(float[] src, int srcAt, int srcRowStride, int[] table, int tableAt,
                            float[] dst, int dstAt, int dstRowStride, int length, int channels) {
        for (int c = 0; c < channels; c++) {
            for (int e = 0; e < length; e++) {
                int from = table[tableAt + e];
                dst[dstAt + c * dstRowStride + e] = from < 0 ? 0 : src[srcAt + c * srcRowStride + from];
            }
        }
    }

    @Override
    public void packPlanes(float[] src, int srcAt, int srcRowStride, int[] table, int tableAt, int tableRowStride, int taps,
                           float[] dst, int dstAt, int rowStride, int channels) {
        for (int t = 0; t < taps; t++) {
            permutePlanes(src, srcAt, srcRowStride, table, tableAt + t * tableRowStride, dst, dstAt + t * rowStride, taps * rowStride, lanes, channels);
        }
    }

    @Override
    public void packContiguous(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int rowStride) {
        for (int k = from; k < to; k++) {
            System.arraycopy(src, base + rowAt[k], dst, dstAt + (k - from) * rowStride, lanes);
        }
    }

    @Override
    public void packContiguousPair(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int rowStride) {
        for (int k = from; k < to; k++) {
            System.arraycopy(src, base + rowAt[k], dst, dstAt + (k - from) * rowStride, 2 * lanes);
        }
    }

    @Override
    public void packTwoVectorShuffle(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                         float[] dst, int dstAt, int rowStride) {
        packGather(src, srcBase, columnAt, columnFrom, rowAt, from, to, dst, dstAt, rowStride);
    }

    @Override
    public void packGather(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                           float[] dst, int dstAt, int rowStride) {
        for (int k = from; k < to; k++) {
            int s = srcBase + rowAt[k];
            int d = dstAt + (k - from) * rowStride;
            for (int j = 0; j < lanes; j++) {
                dst[d + j] = src[s + columnAt[columnFrom + j]];
            }
        }
    }

    @Override
    public void accumulate(float[] tile, int tileAt, int tileRowStride, float[] dst, int dstAt, int dstRowStride,
                           int rows, int columns, Activation activation, float alpha) {
        for (int r = 0; r < rows; r++) {
            accumulateRow(tile, tileAt + r * tileRowStride, dst, dstAt + r * dstRowStride, columns, activation, alpha);
        }
    }

    private static void accumulateRow(float[] tile, int t, float[] dst, int d, int columns, Activation activation, float alpha) {
        for (int j = 0; j < columns; j++) {
            dst[d + j] = activation.apply(tile[t + j] + dst[d + j], alpha);
        }
    }

    @Override
    public void storeStrided(float[] src, int srcAt, int srcRowStride, float[] dst, int dstAt, int dstRowStride, int step,
                       int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            int s = srcAt + r * srcRowStride;
            int d = dstAt + r * dstRowStride;
            for (int j = 0; j < columns; j++) {
                dst[d + j * step] = src[s + j];
            }
        }
    }

    @Override
    public void addSums(float[] panel, int at, int nr, int rowStride, int rows, int columns, float[] columnSums, int columnAt,
                        float[] rowSums, int rowAt) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (int c = 0; c < nr; c++) {
                    float v = panel[at + i * rowStride + j * nr + c];
                    columnSums[columnAt + j * nr + c] += v;
                    rowSums[rowAt + i * nr + c] += v;
                }
            }
        }
    }

    @Override
    public void weightedSums(float[] factors, int factorsAt, float[] panel, int at, int nr, int columns, float[] sums, int sumsAt) {
        for (int c = 0; c < nr; c++) {
            float a = 0;
            float b = 0;
            float d = 0;
            float e = 0;
            int from = at + c;
            int j = 0;
            for (; j < columns - 3; j += 4) {
                a += factors[factorsAt + j] * panel[from + j * nr];
                b += factors[factorsAt + j + 1] * panel[from + (j + 1) * nr];
                d += factors[factorsAt + j + 2] * panel[from + (j + 2) * nr];
                e += factors[factorsAt + j + 3] * panel[from + (j + 3) * nr];
            }
            for (; j < columns; j++) {
                a += factors[factorsAt + j] * panel[from + j * nr];
            }
            sums[sumsAt + c] = (a + b) + (d + e);
        }
    }
}

package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.SampleLoops;
import coordconv.kernels.internal.simd.SampleTable;
import java.util.Arrays;

/** {@link SampleLoops} in plain Java. */
public class ScalarSampleLoops implements SampleLoops {
    @Override
    public void locate(SampleTable samples, int first, int column, int count, int tapRow, int tapColumn, int height, int width) {
        for (int i = 0; i < count; i++) {
            int e = first + i;
            float y = samples.up[e];
            float x = samples.left[e];
            int floorY = (int) y;
            floorY -= floorY > y ? 1 : 0;
            int floorX = (int) x;
            floorX -= floorX > x ? 1 : 0;
            // Both weights straight from the offset: where one is rounded, the other keeps all its digits.
            float down = y - floorY;
            float right = x - floorX;
            int row = samples.row[column + i] + tapRow + floorY;
            int col = samples.column[column + i] + tapColumn + floorX;
            boolean inside = y > -FAR && y < FAR && x > -FAR && x < FAR && row >= -1 && row < height && col >= -1 && col < width
                    && (row >= 0 || down > 0) && (col >= 0 || right > 0);
            samples.at[e] = inside ? (row + 1) * (width + 1) + col + 1 : -1;
            samples.up[e] = inside ? down == 0 ? 1 : floorY + 1 - y : 0;
            samples.down[e] = inside ? down : 0;
            samples.left[e] = inside ? right == 0 ? 1 : floorX + 1 - x : 0;
            samples.right[e] = inside ? right : 0;
            if (inside) {
                samples.firstRow = Math.min(samples.firstRow, row);
                samples.lastRow = Math.max(samples.lastRow, row);
            }
        }
    }

    @Override
    public void sample(float[] stage, int stageAt, int pixelStride, int rowStride, SampleTable samples, int first, int count,
                       int channels, float[] dst, int dstAt, int dstRowStride) {
        for (int i = 0; i < count; i++) {
            int e = first + i;
            int to = dstAt + i * dstRowStride;
            float mask = samples.mask[e];
            if (samples.at[e] < 0) {
                Arrays.fill(dst, to, to + channels, mask * 0);
                continue;
            }
            int p00 = stageAt + samples.at[e] * pixelStride;
            int p10 = p00 + rowStride;
            float w00 = samples.up[e] * samples.left[e];
            float w01 = samples.up[e] * samples.right[e];
            float w10 = samples.down[e] * samples.left[e];
            float w11 = samples.down[e] * samples.right[e];
            for (int c = 0; c < channels; c++) {
                float even = w00 * stage[p00 + c] + w10 * stage[p10 + c];
                float odd = w01 * stage[p00 + pixelStride + c] + w11 * stage[p10 + pixelStride + c];
                dst[to + c] = mask * (even + odd);
            }
        }
    }

    @Override
    public void scatter(float[] src, int srcAt, int srcRowStride, SampleTable samples, int first, int count, int channels,
                        float[] stage, int stageAt, int pixelStride, int rowStride) {
        for (int i = 0; i < count; i++) {
            int e = first + i;
            if (samples.at[e] < 0) {
                continue;
            }
            int from = srcAt + i * srcRowStride;
            int p00 = stageAt + samples.at[e] * pixelStride;
            int p10 = p00 + rowStride;
            float up = samples.mask[e] * samples.up[e];
            float down = samples.mask[e] * samples.down[e];
            addPair(src, from, up * samples.left[e], up * samples.right[e], stage, p00, pixelStride, channels);
            addPair(src, from, down * samples.left[e], down * samples.right[e], stage, p10, pixelStride, channels);
        }
    }

    private static void addPair(float[] src, int from, float left, float right, float[] stage, int at, int pixelStride, int channels) {
        for (int c = 0; c < channels; c++) {
            stage[at + c] += left * src[from + c];
        }
        for (int c = 0; c < channels; c++) {
            stage[at + pixelStride + c] += right * src[from + c];
        }
    }

    @Override
    public void dots(float[] src, int srcAt, int srcRowStride, float[] stage, int stageAt, int pixelStride, int rowStride,
                     SampleTable samples, int first, int count, int channels, double[] sums, int sumsAt,
                     float[] scratch) {
        for (int i = 0; i < count; i++) {
            int pixel = samples.at[first + i];
            if (pixel < 0) {
                continue;
            }
            int from = srcAt + i * srcRowStride;
            int p00 = stageAt + pixel * pixelStride;
            int p10 = p00 + rowStride;
            float d00 = 0;
            float d01 = 0;
            float d10 = 0;
            float d11 = 0;
            for (int c = 0; c < channels; c++) {
                float g = src[from + c];
                d00 += g * stage[p00 + c];
                d01 += g * stage[p00 + pixelStride + c];
                d10 += g * stage[p10 + c];
                d11 += g * stage[p10 + pixelStride + c];
            }
            int to = sumsAt + 4 * i;
            sums[to] += d00;
            sums[to + 1] += d01;
            sums[to + 2] += d10;
            sums[to + 3] += d11;
        }
    }
}

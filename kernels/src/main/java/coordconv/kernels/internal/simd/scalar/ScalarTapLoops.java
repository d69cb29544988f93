package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.TapLoops;
import java.util.Arrays;

/** {@link TapLoops} in plain Java, in loops along rows that C2 vectorises. */
public class ScalarTapLoops implements TapLoops {
    /** Stateless. */
    public ScalarTapLoops() {}

    @Override
    public void sumTaps(float[] src, int srcAt, int srcRowStride, int[] tapAt, int taps, float[] weights, int weightsAt,
                        float bias, float[] dst, int dstAt, int dstRowStride, int rows, int columns,
                        Activation activation, float slope) {
        for (int i = 0; i < rows; i++) {
            int d = dstAt + i * dstRowStride;
            Arrays.fill(dst, d, d + columns, bias);
            for (int t = 0; t < taps; t++) {
                addProduct(weights[weightsAt + t], src, srcAt + tapAt[t] + i * srcRowStride, dst, d, columns);
            }
            for (int j = 0; j < columns && activation != Activation.IDENTITY; j++) {
                dst[d + j] = activation.apply(dst[d + j], slope);
            }
        }
    }

    private static void addProduct(float w, float[] src, int s, float[] dst, int d, int count) {
        for (int j = 0; j < count; j++) {
            dst[d + j] += w * src[s + j];
        }
    }

    @Override
    public void dotTaps(float[] src, int srcAt, int srcRowStride, int[] tapAt, int taps, float[] dy, int dyAt, int dyRowStride,
                        int rows, int columns, double[] sums, int sumsAt, float[] scratch) {
        for (int t = 0; t < taps; t++) {
            float sum = 0;
            for (int i = 0; i < rows; i++) {
                int s = srcAt + tapAt[t] + i * srcRowStride;
                int d = dyAt + i * dyRowStride;
                for (int j = 0; j < columns; j++) {
                    sum += src[s + j] * dy[d + j];
                }
            }
            sums[sumsAt + t] += sum;
        }
    }
}

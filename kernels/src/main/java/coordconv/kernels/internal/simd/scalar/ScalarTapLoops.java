package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.TapLoops;
import java.util.Arrays;

/** {@link TapLoops} in plain Java, in loops along rows that C2 vectorises. */
public class ScalarTapLoops implements TapLoops {
    /** Taps of a 3x3 kernel. */
    protected static final int NINE = 9;

    /** Stateless. */
    public ScalarTapLoops() {}

    @Override
    public void sumTaps(float[] src, int srcAt, int srcRowStride, int[] tapAt, int taps, float[] weights, int weightsAt,
                        float bias, float[] dst, int dstAt, int dstRowStride, int rows, int columns,
                        Activation activation, float alpha) {
        for (int i = 0; i < rows; i++) {
            int d = dstAt + i * dstRowStride;
            Arrays.fill(dst, d, d + columns, bias);
            for (int t = 0; t < taps; t++) {
                addProduct(weights[weightsAt + t], src, srcAt + tapAt[t] + i * srcRowStride, dst, d, columns);
            }
            for (int j = 0; j < columns && activation != Activation.IDENTITY; j++) {
                dst[d + j] = activation.apply(dst[d + j], alpha);
            }
        }
    }

    private static void addProduct(float w, float[] src, int s, float[] dst, int d, int count) {
        for (int j = 0; j < count; j++) {
            dst[d + j] += w * src[s + j];
        }
    }

    @Override
    public void sumPlanes(float[] src, int srcAt, int srcPlane, int[] tapAt, int[] first, int[] last, float[] weights, int weightsAt,
                          float[] bias, int biasAt, float[] dst, int dstAt, int dstPlane, int points, int planes,
                          Activation activation, float alpha) {
        for (int p = 0; p < planes; p++) {
            int d = dstAt + p * dstPlane;
            Arrays.fill(dst, d, d + points, bias[biasAt + p]);
            for (int t = 0; t < NINE; t++) {
                float w = weights[weightsAt + NINE * p + t];
                int s = srcAt + p * srcPlane + tapAt[t];
                if (t % 3 == 1) {
                    addProduct(w, src, s, dst, d, points);
                } else {
                    addMaskedProduct(w, src, s, t % 3 == 0 ? first : last, dst, d, points);
                }
            }
            for (int i = 0; i < points && activation != Activation.IDENTITY; i++) {
                dst[d + i] = activation.apply(dst[d + i], alpha);
            }
        }
    }

    private static void addMaskedProduct(float w, float[] src, int s, int[] mask, float[] dst, int d, int count) {
        for (int j = 0; j < count; j++) {
            dst[d + j] += w * (mask[j] == 0 ? 0 : src[s + j]);
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

package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.OutputTransform;
import coordconv.kernels.internal.simd.WinogradPoints;

/**
 * {@link OutputTransform} in plain Java.
 *
 * @param shape what it is for
 * @param lanes tiles of a vector
 */
public record ScalarOutputTransform(Shape shape, int lanes) implements OutputTransform {
    @Override
    public void run(float[] values, int srcAt, int srcRowStride, int pointStride, int rows, int vectors,
                    float[] bias, int biasAt, float alpha, int dstAt, int scratchAt) {
        int size = shape.outputSize();
        int points = size + 2;
        int tiles = vectors * lanes;
        for (int r = 0; r < rows; r++) {
            for (int t = 0; t < tiles; t++) {
                int s = srcAt + r * srcRowStride + t;
                int d = dstAt + (r * size * tiles + t) * size;
                for (int j = 0; j < points; j++) {
                    transform(values, s + j * pointStride, points * pointStride, values, scratchAt + j, points);
                }
                for (int i = 0; i < size; i++) {
                    transform(values, scratchAt + i * points, 1, values, d + i * size * tiles, 1);
                    finish(values, d + i * size * tiles, size, bias[biasAt + r], alpha);
                }
            }
        }
    }

    private void finish(float[] dst, int d, int count, float bias, float alpha) {
        for (int j = 0; j < count; j++) {
            dst[d + j] = shape.activation().apply(dst[d + j] + bias, alpha);
        }
    }

    private void transform(float[] src, int s, int step, float[] dst, int d, int dstStep) {
        if (shape.outputSize() == 2) {
            two(src, s, step, dst, d, dstStep);
        } else {
            four(src, s, step, dst, d, dstStep);
        }
    }

    private static void two(float[] src, int s, int step, float[] dst, int d, int dstStep) {
        float m1 = src[s + step];
        float m2 = src[s + 2 * step];
        dst[d] = src[s] + (m1 + m2);
        dst[d + dstStep] = src[s + 3 * step] + (m1 - m2);
    }

    private static void four(float[] src, int s, int step, float[] dst, int d, int dstStep) {
        float nearSum = src[s + step] + src[s + 2 * step];
        float nearDifference = src[s + step] - src[s + 2 * step];
        float farSum = src[s + 3 * step] + src[s + 4 * step];
        float farDifference = src[s + 3 * step] - src[s + 4 * step];
        dst[d] = src[s] + (nearSum + farSum);
        dst[d + dstStep] = WinogradPoints.NEAR * nearDifference + WinogradPoints.FAR * farDifference;
        dst[d + 2 * dstStep] = 0.5f * nearSum + 2 * farSum;
        dst[d + 3 * dstStep] = WinogradPoints.NEAR_CUBED * nearDifference + WinogradPoints.FAR_CUBED * farDifference
                + src[s + 5 * step];
    }
}

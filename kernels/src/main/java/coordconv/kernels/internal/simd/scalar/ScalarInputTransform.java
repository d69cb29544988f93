package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.InputTransform;
import coordconv.kernels.internal.simd.WinogradPoints;

/**
 * {@link InputTransform} in plain Java.
 *
 * @param shape what it is for
 * @param lanes tiles of a vector
 */
public record ScalarInputTransform(Shape shape, int lanes) implements InputTransform {
    @Override
    public void run(float[] src, int srcAt, int channelStride, int channels, int[] tapAt, int[] columnAt, int column, int vectors,
                    float[] dst, int dstAt, int dstChannelStride, int pointStride, int scratchAt) {
        int points = shape.outputSize() + 2;
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < vectors * lanes; t++) {
                int s = srcAt + c * channelStride + columnAt[column + t];
                for (int k = 0; k < points * points; k++) {
                    dst[scratchAt + k] = src[s + tapAt[k]];
                }
                int d = dstAt + c * dstChannelStride + t;
                for (int j = 0; j < points; j++) {
                    transform(dst, scratchAt + j, points, dst, scratchAt + j, points);
                }
                for (int i = 0; i < points; i++) {
                    transform(dst, scratchAt + i * points, 1, dst, d + i * points * pointStride, pointStride);
                }
            }
        }
    }

    private void transform(float[] src, int s, int step, float[] dst, int d, int dstStep) {
        if (shape.outputSize() == 2) {
            four(src, s, step, dst, d, dstStep);
        } else {
            six(src, s, step, dst, d, dstStep);
        }
    }

    private static void four(float[] src, int s, int step, float[] dst, int d, int dstStep) {
        float d0 = src[s];
        float d1 = src[s + step];
        float d2 = src[s + 2 * step];
        float d3 = src[s + 3 * step];
        dst[d] = d2 - d0;
        dst[d + dstStep] = d2 + d1;
        dst[d + 2 * dstStep] = d2 - d1;
        dst[d + 3 * dstStep] = d3 - d1;
    }

    private static void six(float[] src, int s, int step, float[] dst, int d, int dstStep) {
        float d1 = src[s + step];
        float d2 = src[s + 2 * step];
        float d3 = src[s + 3 * step];
        float d4 = src[s + 4 * step];
        float first = src[s] + d4 - 2.5f * d2;
        float last = src[s + 5 * step] + d1 - 2.5f * d3;
        float nearEven = d4 - 2 * d2;
        float nearOdd = WinogradPoints.NEAR * (d3 - 2 * d1);
        float farEven = d4 - 0.5f * d2;
        float farOdd = WinogradPoints.FAR * (d3 - 0.5f * d1);
        dst[d] = first;
        dst[d + dstStep] = nearEven + nearOdd;
        dst[d + 2 * dstStep] = nearEven - nearOdd;
        dst[d + 3 * dstStep] = farEven + farOdd;
        dst[d + 4 * dstStep] = farEven - farOdd;
        dst[d + 5 * dstStep] = last;
    }
}

package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;

/**
 * The micro-kernel of one output channel in plain Java. Where vectors are used it serves until theirs is compiled, and gives the
 * same bits.
 *
 * @param shape what it is for
 * @param fused whether to multiply and add with one rounding
 * @param isStandIn whether it serves for another
 */
public record ScalarDots(Shape shape, boolean fused, boolean isStandIn) implements PixelKernel {
    @Override
    public void run(int tiles, PixelView view) {
        for (int pixel = 0; pixel < tiles * PIXELS; pixel++) {
            // What stands in for a missing pixel is finished already.
            if (ScalarPixels.isFirst(view, pixel)) {
                float begin = view.bias[view.biasAt];
                if (shape.start()) {
                    begin = view.start[view.startAt[pixel] + view.startColumn] + begin;
                }
                view.y[view.yAt[pixel] + view.yColumn] = shape.activation().apply(begin + sum(view, pixel), view.alpha);
            }
        }
    }

    private float sum(PixelView view, int pixel) {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        float s8 = 0, s9 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0, s14 = 0, s15 = 0;
        float rest = 0;
        float[] x = view.x;
        float[] w = view.weights;
        int wAt = view.weightsAt;
        for (int run = 0; run < view.runAt.length; run++) {
            int at = view.xAt[pixel] + view.runAt[run];
            int length = view.runLength[run];
            int k = 0;
            for (; k <= length - PARTIAL_SUMS; k += PARTIAL_SUMS) {
                int a = at + k;
                int b = wAt + k;
                s0 = add(x[a], w[b], s0);
                s1 = add(x[a + 1], w[b + 1], s1);
                s2 = add(x[a + 2], w[b + 2], s2);
                s3 = add(x[a + 3], w[b + 3], s3);
                s4 = add(x[a + 4], w[b + 4], s4);
                s5 = add(x[a + 5], w[b + 5], s5);
                s6 = add(x[a + 6], w[b + 6], s6);
                s7 = add(x[a + 7], w[b + 7], s7);
                s8 = add(x[a + 8], w[b + 8], s8);
                s9 = add(x[a + 9], w[b + 9], s9);
                s10 = add(x[a + 10], w[b + 10], s10);
                s11 = add(x[a + 11], w[b + 11], s11);
                s12 = add(x[a + 12], w[b + 12], s12);
                s13 = add(x[a + 13], w[b + 13], s13);
                s14 = add(x[a + 14], w[b + 14], s14);
                s15 = add(x[a + 15], w[b + 15], s15);
            }
            for (; k < length; k++) {
                rest = add(x[at + k], w[wAt + k], rest);
            }
            wAt += length;
        }
        float even = s0 + s8 + (s4 + s12) + (s2 + s10 + (s6 + s14));
        float odd = s1 + s9 + (s5 + s13) + (s3 + s11 + (s7 + s15));
        return even + odd + rest;
    }

    private float add(float x, float w, float sum) {
        return fused ? Math.fma(x, w, sum) : x * w + sum;
    }
}

package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;

/**
 * In plain Java, output channels innermost so that C2 vectorises the loop.
 *
 * @param fused whether to multiply and add with one rounding
 */
public record PlainPixelProduct(boolean fused) implements PixelProduct {
    @Override
    public void add(PixelView view, int first, int width) {
        for (int pixel = first; pixel < first + PixelKernel.PIXELS; pixel++) {
            if (ScalarPixels.isFirst(view, pixel)) {
                addPatch(view, view.xAt[pixel], view.yAt[pixel] + view.yColumn, width);
            }
        }
    }

    private void addPatch(PixelView view, int x, int y, int width) {
        int w = view.weightsAt;
        for (int run = 0; run < view.runAt.length; run++) {
            int at = x + view.runAt[run];
            int length = view.runLength[run];
            int k = 0;
            for (; fused && k + 4 <= length; k += 4) {
                addFourProducts(view.x, at + k, view.weights, w, view.y, y, width);
                w += 4 * width;
            }
            for (; k < length; k++) {
                addProduct(view.x[at + k], view.weights, w, view.y, y, width);
                w += width;
            }
        }
    }

    /** Four elements of a patch at a time: a sum is loaded and stored once for all of them. */
    private static void addFourProducts(float[] x, int at, float[] w, int w0, float[] y, int yAt, int width) {
        float x0 = x[at];
        float x1 = x[at + 1];
        float x2 = x[at + 2];
        float x3 = x[at + 3];
        int w1 = w0 + width;
        int w2 = w1 + width;
        int w3 = w2 + width;
        for (int j = 0; j < width; j++) {
            float sum = Math.fma(x1, w[w1 + j], Math.fma(x0, w[w0 + j], y[yAt + j]));
            y[yAt + j] = Math.fma(x3, w[w3 + j], Math.fma(x2, w[w2 + j], sum));
        }
    }

    private void addProduct(float x, float[] w, int wAt, float[] y, int yAt, int width) {
        for (int j = 0; j < width; j++) {
            y[yAt + j] = fused ? Math.fma(x, w[wAt + j], y[yAt + j]) : x * w[wAt + j] + y[yAt + j];
        }
    }
}

package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;

/**
 * The micro-kernel of pixels in plain Java: sums stand in the results themselves, output channels innermost so that C2
 * vectorises the loop. Where vectors are used it serves until theirs is compiled, and gives the same bits.
 *
 * @param shape what it is for
 * @param lanes floats of a vector
 * @param fused whether to multiply and add with one rounding
 * @param isStandIn whether it serves for another
 */
public record ScalarPixels(Shape shape, int lanes, boolean fused, boolean isStandIn) implements PixelKernel {
    @Override
    public void run(int tiles, PixelView view) {
        for (int pixel = 0; pixel < tiles * PIXELS; pixel++) {
            // What stands in for a missing pixel is finished already.
            if (pixel % PIXELS == 0 || view.yAt[pixel] != view.yAt[pixel - 1]) {
                run(view, pixel, view.yAt[pixel] + view.yColumn);
            }
        }
    }

    private void run(PixelView view, int pixel, int y) {
        int width = shape.vectors() * lanes;
        int startAt = shape.start() ? view.startAt[pixel] + view.startColumn : 0;
        for (int j = 0; j < width; j++) {
            float bias = view.bias[view.biasAt + j];
            view.y[y + j] = shape.start() ? view.start[startAt + j] + bias : bias;
        }
        int w = view.weightsAt;
        for (int run = 0; run < view.runAt.length; run++) {
            int at = view.xAt[pixel] + view.runAt[run];
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
        Activation activation = shape.activation();
        if (activation != Activation.IDENTITY) {
            for (int j = 0; j < width; j++) {
                view.y[y + j] = activation.apply(view.y[y + j], view.alpha);
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

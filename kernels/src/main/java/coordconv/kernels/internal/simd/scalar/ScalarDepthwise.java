package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.PixelView;

/**
 * The micro-kernel of depthwise convolutions in plain Java: sums stand in the results themselves, channels innermost so that C2
 * vectorises the loop. Where vectors are used it serves until theirs is compiled, and gives the same bits.
 *
 * @param shape what it is for
 * @param fused whether to multiply and add with one rounding
 * @param isStandIn whether it serves for another
 */
public record ScalarDepthwise(Shape shape, boolean fused, boolean isStandIn) implements DepthwiseKernel {
    @Override
    public void run(int pixels, int channels, PixelView view) {
        Activation activation = shape.activation();
        for (int p = 0; p < pixels; p++) {
            int y = view.yAt[p] + view.yColumn;
            begin(view, p, y, channels);
            for (int t = 0; t < view.runAt.length; t++) {
                addTap(view.x, view.xAt[p] + view.runAt[t], view.weights, view.weightsAt + t * channels, view.y, y, channels);
            }
            if (activation != Activation.IDENTITY) {
                for (int c = 0; c < channels; c++) {
                    view.y[y + c] = activation.apply(view.y[y + c], view.alpha);
                }
            }
        }
    }

    private void begin(PixelView view, int p, int y, int channels) {
        int start = shape.start() ? view.startAt[p] + view.startColumn : 0;
        for (int c = 0; c < channels; c++) {
            float bias = view.bias[view.biasAt + c];
            view.y[y + c] = shape.start() ? view.start[start + c] + bias : bias;
        }
    }

    private void addTap(float[] x, int xAt, float[] w, int wAt, float[] y, int yAt, int channels) {
        if (fused) {
            for (int c = 0; c < channels; c++) {
                y[yAt + c] = Math.fma(x[xAt + c], w[wAt + c], y[yAt + c]);
            }
        } else {
            for (int c = 0; c < channels; c++) {
                y[yAt + c] = x[xAt + c] * w[wAt + c] + y[yAt + c];
            }
        }
    }
}

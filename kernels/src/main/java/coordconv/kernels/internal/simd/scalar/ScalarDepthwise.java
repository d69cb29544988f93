package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.DepthwiseView;

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
    public void run(int outputs, int channels, DepthwiseView view) {
        for (int j = 0; j < outputs; j++) {
            int y = view.yAt + j * view.yStep;
            begin(view, view.startAt + j * view.startStep, y, channels);
            int first = view.firstColumn + j * view.stride;
            for (int t = 0; t < view.tapRow.length; t++) {
                int column = first + view.tapColumn[t];
                boolean inside = column >= 0 && column < view.width;
                addTap(inside ? view.x[view.tapRow[t]] : view.zeros, inside ? first * view.xStep + view.tapAt[t] : 0, view.weights,
                        view.weightsAt + t * channels, view.y, y, channels);
            }
            if (shape.activation() != Activation.IDENTITY) {
                for (int c = 0; c < channels; c++) {
                    view.y[y + c] = shape.activation().apply(view.y[y + c], view.alpha);
                }
            }
        }
    }

    private void begin(DepthwiseView view, int start, int y, int channels) {
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

package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;

/**
 * The micro-kernel of pixels in plain Java: sums stand in the results themselves. Where vectors are used it serves until theirs
 * is compiled, with the product that is compiled so far, and gives the same bits.
 *
 * @param shape what it is for
 * @param lanes floats of a vector
 * @param product adds patches
 * @param isStandIn whether it serves for another
 */
public record ScalarPixels(Shape shape, int lanes, PixelProduct product, boolean isStandIn) implements PixelKernel {
    @Override
    public void run(int tiles, PixelView view) {
        int width = shape.vectors() * lanes;
        for (int first = 0; first < tiles * PIXELS; first += PIXELS) {
            for (int pixel = first; pixel < first + PIXELS; pixel++) {
                if (isFirst(view, pixel)) {
                    begin(view, pixel, view.yAt[pixel] + view.yColumn, width);
                }
            }
            product.add(view, first, width);
            if (shape.activation() != Activation.IDENTITY) {
                for (int pixel = first; pixel < first + PIXELS; pixel++) {
                    if (isFirst(view, pixel)) {
                        activate(view, view.yAt[pixel] + view.yColumn, width);
                    }
                }
            }
        }
    }

    /** Whether a pixel of a tile stands for itself; those that are missing in the last tile repeat the one before. */
    static boolean isFirst(PixelView view, int pixel) {
        return pixel % PIXELS == 0 || view.yAt[pixel] != view.yAt[pixel - 1];
    }

    private void begin(PixelView view, int pixel, int y, int width) {
        if (shape.start()) {
            int startAt = view.startAt[pixel] + view.startColumn;
            for (int j = 0; j < width; j++) {
                view.y[y + j] = view.start[startAt + j] + view.bias[view.biasAt + j];
            }
        } else {
            System.arraycopy(view.bias, view.biasAt, view.y, y, width);
        }
    }

    private void activate(PixelView view, int y, int width) {
        if (shape.activation() == Activation.RELU) {
            rectify(view.y, y, width);
            return;
        }
        for (int j = 0; j < width; j++) {
            view.y[y + j] = shape.activation().apply(view.y[y + j], view.alpha);
        }
    }

    /** The activation of most layers, so short that it is fast before it is compiled well. */
    private static void rectify(float[] y, int from, int width) {
        for (int j = from; j < from + width; j++) {
            if (y[j] < 0) {
                y[j] = 0;
            }
        }
    }
}

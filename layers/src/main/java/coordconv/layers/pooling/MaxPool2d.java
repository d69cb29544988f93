package coordconv.layers.pooling;

import coordconv.layers.Shape;

/**
 * The maximum of each window; padded places never win, a NaN always does. The gradient goes to the first
 * maximum in row-major order.
 */
public final class MaxPool2d extends WindowPool {
    private int[] winners;

    /**
     * Windows side by side, without padding.
     *
     * @param kernel height, width and stride of the windows
     */
    public MaxPool2d(int kernel) {
        this(kernel, kernel, 0);
    }

    /**
     * In full.
     *
     * @param kernel height and width of the windows
     * @param stride distance of two windows
     * @param padding places around the image, at most half the kernel
     */
    public MaxPool2d(int kernel, int stride, int padding) {
        super(kernel, stride, padding);
    }

    @Override
    public String type() {
        return "MaxPool2D";
    }

    @Override
    void prepare(Shape output) {
        winners = new int[output.elements()];
    }

    @Override
    float pool(float[] image, int plane, int width, int top, int bottom, int left, int right, int outputAt) {
        int best = plane + top * width + left;
        for (int row = top; row < bottom; row++) {
            int from = plane + row * width;
            for (int at = from + left; at < from + right; at++) {
                if (image[at] > image[best] || image[at] != image[at] && image[best] == image[best]) {
                    best = at;
                }
            }
        }
        winners[outputAt] = best;
        return image[best];
    }

    @Override
    void spread(float g, float[] dx, int plane, int width, int top, int bottom, int left, int right, int outputAt) {
        dx[winners[outputAt]] += g;
    }
}

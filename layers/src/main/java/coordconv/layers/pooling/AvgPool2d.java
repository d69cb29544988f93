package coordconv.layers.pooling;

/** The mean of each window, over the window's places inside the image or over all of them. */
public final class AvgPool2d extends WindowPool {
    private final boolean countPadding;

    /**
     * Windows side by side, without padding.
     *
     * @param kernel height, width and stride of the windows
     */
    public AvgPool2d(int kernel) {
        this(kernel, kernel, 0, true);
    }

    /**
     * In full.
     *
     * @param kernel height and width of the windows
     * @param stride distance of two windows
     * @param padding zeros around the image, at most half the kernel
     * @param countPadding whether the zeros count in the divisor (as PyTorch has it; Paddle leaves them out)
     */
    public AvgPool2d(int kernel, int stride, int padding, boolean countPadding) {
        super(kernel, stride, padding);
        this.countPadding = countPadding;
    }

    /** {@return whether the zeros of the padding count in the divisor} */
    public boolean countsPadding() {
        return countPadding;
    }

    @Override
    public String type() {
        return "AvgPool2D";
    }

    private float share(int top, int bottom, int left, int right) {
        return 1f / (countPadding ? kernel * kernel : (bottom - top) * (right - left));
    }

    @Override
    float pool(float[] image, int plane, int width, int top, int bottom, int left, int right, int outputAt) {
        double sum = 0;
        for (int row = top; row < bottom; row++) {
            int from = plane + row * width;
            for (int at = from + left; at < from + right; at++) {
                sum += image[at];
            }
        }
        return (float) (sum * share(top, bottom, left, right));
    }

    @Override
    void spread(float g, float[] dx, int plane, int width, int top, int bottom, int left, int right, int outputAt) {
        float each = g * share(top, bottom, left, right);
        for (int row = top; row < bottom; row++) {
            int from = plane + row * width;
            for (int at = from + left; at < from + right; at++) {
                dx[at] += each;
            }
        }
    }
}

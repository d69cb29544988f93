package coordconv.layers.pooling;

import coordconv.layers.Shape;

/**
 * Where the windows of a pooling lie; every {@code with} method gives a changed copy.
 *
 * <p>Along an axis of size D there are {@code (D + padding before and after - extent) / stride + 1} windows of
 * {@code extent = (kernel - 1) * dilation + 1}, rounded down. Rounded up, a last window may reach beyond the padding,
 * but none starts behind the image; an input of which some window would see nothing is refused. Source: ONNX MaxPool and AveragePool, PyTorch.
 *
 * @param kernelHeight places of a window along the height
 * @param kernelWidth places of a window along the width
 * @param strideHeight distance of two windows along the height
 * @param strideWidth distance of two windows along the width
 * @param padTop places above the image
 * @param padBottom places below
 * @param padLeft places left
 * @param padRight places right
 * @param dilationHeight distance of two places of a window along the height
 * @param dilationWidth distance of two places of a window along the width
 * @param ceil whether the number of windows is rounded up
 */
public record PoolSpec(int kernelHeight, int kernelWidth, int strideHeight, int strideWidth,
                       int padTop, int padBottom, int padLeft, int padRight,
                       int dilationHeight, int dilationWidth, boolean ceil) {
    /** A window of more places, or more padding, would be a mistake, and would take its time for nothing. */
    private static final int MOST = 1 << 16;

    /** Refuses sizes that make no window, or an absurd one. */
    public PoolSpec {
        positive("kernelHeight", kernelHeight);
        positive("kernelWidth", kernelWidth);
        positive("strideHeight", strideHeight);
        positive("strideWidth", strideWidth);
        positive("dilationHeight", dilationHeight);
        positive("dilationWidth", dilationWidth);
        if (Math.min(Math.min(padTop, padBottom), Math.min(padLeft, padRight)) < 0
                || Math.max(Math.max(padTop, padBottom), Math.max(padLeft, padRight)) > MOST) {
            throw new IllegalArgumentException("padding: given " + padTop + ", " + padBottom + ", " + padLeft + ", "
                    + padRight + ", needed 0 to " + MOST);
        }
    }

    private static void positive(String argument, int given) {
        if (given < 1 || given > MOST) {
            throw new IllegalArgumentException(argument + ": given " + given + ", needed 1 to " + MOST);
        }
    }

    /**
     * Square windows side by side, without padding.
     *
     * @param kernel height, width and stride of the windows
     * @return the spec
     */
    public static PoolSpec of(int kernel) {
        return of(kernel, kernel).withStride(kernel);
    }

    /**
     * Windows at every place, without padding.
     *
     * @param height places along the height
     * @param width places along the width
     * @return the spec
     */
    public static PoolSpec of(int height, int width) {
        return new PoolSpec(height, width, 1, 1, 0, 0, 0, 0, 1, 1, false);
    }

    /**
     * {@return a copy with the same stride along both axes}
     *
     * @param stride along both axes
     */
    public PoolSpec withStride(int stride) {
        return withStride(stride, stride);
    }

    /**
     * {@return a copy with other strides}
     *
     * @param height along the height
     * @param width along the width
     */
    public PoolSpec withStride(int height, int width) {
        return new PoolSpec(kernelHeight, kernelWidth, height, width, padTop, padBottom, padLeft, padRight,
                dilationHeight, dilationWidth, ceil);
    }

    /**
     * {@return a copy with the same padding on all sides}
     *
     * @param padding places on each side
     */
    public PoolSpec withPadding(int padding) {
        return withPadding(padding, padding, padding, padding);
    }

    /**
     * {@return a copy with other padding}
     *
     * @param top places above
     * @param bottom places below
     * @param left places left
     * @param right places right
     */
    public PoolSpec withPadding(int top, int bottom, int left, int right) {
        return new PoolSpec(kernelHeight, kernelWidth, strideHeight, strideWidth, top, bottom, left, right,
                dilationHeight, dilationWidth, ceil);
    }

    /**
     * {@return a copy with other dilations}
     *
     * @param height along the height
     * @param width along the width
     */
    public PoolSpec withDilation(int height, int width) {
        return new PoolSpec(kernelHeight, kernelWidth, strideHeight, strideWidth, padTop, padBottom, padLeft, padRight,
                height, width, ceil);
    }

    /**
     * {@return a copy with another rounding}
     *
     * @param up whether the number of windows is rounded up
     */
    public PoolSpec withCeil(boolean up) {
        return new PoolSpec(kernelHeight, kernelWidth, strideHeight, strideWidth, padTop, padBottom, padLeft, padRight,
                dilationHeight, dilationWidth, up);
    }

    /** The windows along the height, none where one would see nothing of the image. */
    Windows windowsDown(Shape input) {
        return Windows.of(input.extent(2), kernelHeight, strideHeight, padTop, padBottom, dilationHeight, ceil);
    }

    /** The windows along the width, none where one would see nothing of the image. */
    Windows windowsAcross(Shape input) {
        return Windows.of(input.extent(3), kernelWidth, strideWidth, padLeft, padRight, dilationWidth, ceil);
    }

    /** What an image has to be, for a refusal. */
    String needs() {
        return "padded height and width of at least a window's, " + Windows.extent(kernelHeight, dilationHeight)
                + " and " + Windows.extent(kernelWidth, dilationWidth) + ", and a pixel in every window";
    }
}

package coordconv.layers.pooling;

import coordconv.layers.Shape;

/**
 * Means of as many windows as are wanted, whatever the size of the image: [N, C, H, W] -> [N, C, OH, OW]. Window i
 * spans rows {@code floor(i H / OH)} to {@code ceil((i + 1) H / OH)}, the columns likewise. Source: PyTorch.
 */
public final class AdaptiveAvgPool2d extends MeanPool {
    private final int height;
    private final int width;

    /**
     * A pooling to a size.
     *
     * @param height OH
     * @param width OW
     */
    public AdaptiveAvgPool2d(int height, int width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("height and width: given " + height + " and " + width
                    + ", needed at least 1");
        }
        this.height = height;
        this.width = width;
    }

    /** {@return OH} */
    public int height() {
        return height;
    }

    /** {@return OW} */
    public int width() {
        return width;
    }

    @Override
    public String type() {
        return "AdaptiveAvgPool2D";
    }

    @Override
    Windows windowsDown(Shape input) {
        return Windows.adaptive(input.extent(2), height);
    }

    @Override
    Windows windowsAcross(Shape input) {
        return Windows.adaptive(input.extent(3), width);
    }

    @Override
    String needs() {
        return "[N, C, H, W]";
    }

    @Override
    boolean countsPadding() {
        return false;
    }
}

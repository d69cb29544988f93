package coordconv.layers.pooling;

import coordconv.layers.Shape;
import java.util.Objects;

/** The mean of each window, over the window's places inside the image or over those in the padding too. */
public final class AvgPool2d extends MeanPool {
    private final PoolSpec spec;
    private final boolean countPadding;

    /**
     * Windows side by side, without padding.
     *
     * @param kernel height, width and stride of the windows
     */
    public AvgPool2d(int kernel) {
        this(PoolSpec.of(kernel), true);
    }

    /**
     * Square windows.
     *
     * @param kernel height and width of the windows
     * @param stride distance of two windows
     * @param padding zeros around the image
     * @param countPadding whether the zeros count in the divisor (as PyTorch has it; Paddle leaves them out)
     */
    public AvgPool2d(int kernel, int stride, int padding, boolean countPadding) {
        this(PoolSpec.of(kernel, kernel).withStride(stride).withPadding(padding), countPadding);
    }

    /**
     * In full.
     *
     * @param spec where the windows lie
     * @param countPadding whether the zeros of the padding count in the divisor; places beyond it never do
     */
    public AvgPool2d(PoolSpec spec, boolean countPadding) {
        this.spec = Objects.requireNonNull(spec, "spec");
        this.countPadding = countPadding;
    }

    /** {@return where the windows lie} */
    public PoolSpec spec() {
        return spec;
    }

    /** {@return whether the zeros of the padding count in the divisor} */
    @Override
    public boolean countsPadding() {
        return countPadding;
    }

    @Override
    public String type() {
        return "AvgPool2D";
    }

    @Override
    Windows windowsDown(Shape input) {
        return spec.windowsDown(input);
    }

    @Override
    Windows windowsAcross(Shape input) {
        return spec.windowsAcross(input);
    }

    @Override
    String needs() {
        return spec.needs();
    }
}

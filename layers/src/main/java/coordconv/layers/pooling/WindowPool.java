package coordconv.layers.pooling;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import java.util.Arrays;

/**
 * Pooling over windows of each channel: [N, C, H, W] -> [N, C, OH, OW] with
 * {@code OH = (H + 2 * padding - kernel) / stride + 1}, rounded down.
 */
abstract class WindowPool extends UnaryLayer {
    final int kernel;
    final int stride;
    final int padding;
    private Tensor y;
    private Tensor dx;
    private Tensor x;

    WindowPool(int kernel, int stride, int padding) {
        if (kernel < 1 || stride < 1) {
            throw new IllegalArgumentException("kernel and stride: given " + kernel + " and " + stride
                    + ", needed at least 1");
        }
        // With more padding some window would hold no pixel at all.
        if (padding < 0 || padding > kernel / 2) {
            throw new IllegalArgumentException("padding: given " + padding + ", needed 0 to half the kernel of " + kernel);
        }
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
    }

    /** {@return height and width of the windows} */
    public final int kernel() {
        return kernel;
    }

    /** {@return distance of two windows} */
    public final int stride() {
        return stride;
    }

    /** {@return places around the image} */
    public final int padding() {
        return padding;
    }

    /** Makes what a subclass keeps for its backward pass. */
    void prepare(Shape output) {}

    /** Pools one window that starts at row {@code top} and column {@code left} and is cut at the image's border. */
    abstract float pool(float[] image, int plane, int width, int top, int bottom, int left, int right, int outputAt);

    /** Adds one window's share to the gradient. */
    abstract void spread(float g, float[] dx, int plane, int width, int top, int bottom, int left, int right, int outputAt);

    @Override
    protected final Shape infer(Shape input) {
        requireImages(input, 0);
        int h = input.extent(2) + 2 * padding;
        int w = input.extent(3) + 2 * padding;
        if (h < kernel || w < kernel) {
            throw refuse("input", input, "padded height and width of at least the kernel, " + kernel);
        }
        return Shape.of(input.batch(), input.extent(1), (h - kernel) / stride + 1, (w - kernel) / stride + 1);
    }

    @Override
    protected final void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = Tensor.zeros(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
        prepare(output);
    }

    @Override
    protected final Tensor compute(Tensor input, Phase phase) {
        x = input;
        walk(false, input.data(), y.data());
        return y;
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        if (dx == null) {
            return null;
        }
        Arrays.fill(dx.data(), 0);
        walk(true, dx.data(), dy.data());
        return dx;
    }

    private void walk(boolean backward, float[] image, float[] pooled) {
        int h = x.shape().extent(2);
        int w = x.shape().extent(3);
        int oh = y.shape().extent(2);
        int ow = y.shape().extent(3);
        int planes = y.shape().batch() * y.shape().extent(1);
        for (int plane = 0, at = 0; plane < planes; plane++) {
            for (int i = 0; i < oh; i++) {
                int top = Math.max(i * stride - padding, 0);
                int bottom = Math.min(i * stride - padding + kernel, h);
                for (int j = 0; j < ow; j++, at++) {
                    int left = Math.max(j * stride - padding, 0);
                    int right = Math.min(j * stride - padding + kernel, w);
                    if (backward) {
                        spread(pooled[at], image, plane * h * w, w, top, bottom, left, right, at);
                    } else {
                        pooled[at] = pool(image, plane * h * w, w, top, bottom, left, right, at);
                    }
                }
            }
        }
    }
}

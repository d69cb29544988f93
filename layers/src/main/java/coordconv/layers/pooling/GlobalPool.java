package coordconv.layers.pooling;

import coordconv.kernels.TensorLayout;
import coordconv.layers.Execution;
import coordconv.layers.LayoutSupport;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;

/** One number for each channel of each image: [N, C, H, W] -> [N, C, 1, 1]. */
abstract class GlobalPool extends UnaryLayer implements Cloneable {
    private Tensor y;
    private Tensor dx;
    private int pixels;

    /** Makes what a subclass keeps for its backward pass. */
    void prepare(int planes) {}

    abstract float pool(float[] image, int from, int pixels, int plane);

    /** Pools the channels of an image that lie side by side, without a backward pass. */
    abstract void poolPixels(float[] image, int from, int pixels, int channels, float[] pooled, int at);

    /** Writes one plane's gradient; the plane holds anything before. */
    abstract void spread(float g, float[] dx, int from, int pixels, int plane);

    @Override
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
    }

    @Override
    protected final Shape infer(Shape input) {
        requireImages(input, 0);
        return Shape.of(input.batch(), input.extent(1), 1, 1);
    }

    @Override
    protected final OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected final void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
        pixels = input.extent(2) * input.extent(3);
        prepare(output.elements());
    }

    @Override
    protected final Tensor compute(Tensor x, Phase phase) {
        if (inputLayout() == TensorLayout.NHWC) {
            int channels = y.shape().extent(1);
            for (int at = 0; at < y.shape().elements(); at += channels) {
                poolPixels(x.data(), at * pixels, pixels, channels, y.data(), at);
            }
            return y;
        }
        for (int plane = 0; plane < y.shape().elements(); plane++) {
            y.data()[plane] = pool(x.data(), plane * pixels, pixels, plane);
        }
        return y;
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        if (dx == null) {
            return null;
        }
        for (int plane = 0; plane < dy.data().length; plane++) {
            spread(dy.data()[plane], dx.data(), plane * pixels, pixels, plane);
        }
        return dx;
    }
}

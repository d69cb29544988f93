package coordconv.layers.pooling;

import coordconv.kernels.TensorLayout;
import coordconv.layers.Execution;
import coordconv.layers.LayoutSupport;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import coordconv.layers.internal.Ranges;
import java.util.Arrays;

/** Pooling over windows of each channel: [N, C, H, W] -> [N, C, OH, OW]. */
abstract class WindowPool extends UnaryLayer implements Cloneable {
    private Tensor x;
    private Tensor y;
    private Tensor dx;
    private Tensor gradient;
    private boolean training;
    private int height;
    /** Floats of a row of the image: its columns, or their channels if those lie side by side. */
    private int width;
    /** Channels that lie side by side, 1 where each has a plane of its own. */
    int channels;
    Windows rows;
    Windows columns;
    private Ranges forward;
    private Ranges backward;

    /** The windows along the height of an input, none where one would see nothing of it. */
    abstract Windows windowsDown(Shape input);

    /** The windows along the width of an input, none where one would see nothing of it. */
    abstract Windows windowsAcross(Shape input);

    /** What an input has to be, for a refusal. */
    abstract String needs();

    /** Makes what a subclass keeps: for its backward pass, and scratch of a row for each part of the work. */
    abstract void prepare(Shape input, Shape output, int parts, boolean gradients);

    /**
     * Pools all windows of a row of windows, cut at the image's borders.
     *
     * @param image where the plane starts at {@code plane}
     * @param width floats of a row of the image
     * @param row which row of windows
     * @param outputAt where its outputs start in {@code pooled}
     * @param winners whether a backward pass will ask which element won
     */
    abstract void pool(int part, float[] image, int plane, int width, int row, float[] pooled, int outputAt, boolean winners);

    /** Adds the shares of a row of windows to the gradient. */
    abstract void spread(float[] pooled, int outputAt, float[] dx, int plane, int width, int row);

    @Override
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
    }

    @Override
    protected final Shape infer(Shape input) {
        requireImages(input, 0);
        Windows down = windowsDown(input);
        Windows across = windowsAcross(input);
        if (down.count == 0 || across.count == 0) {
            throw refuse("input", input, needs());
        }
        return Shape.of(input.batch(), input.extent(1), down.count, across.count);
    }

    @Override
    protected final OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected final void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
        height = input.extent(2);
        channels = inputLayout() == TensorLayout.NHWC ? input.extent(1) : 1;
        width = input.extent(3) * channels;
        rows = windowsDown(input).tabulate();
        columns = windowsAcross(input).tabulate();
        int planes = input.batch() * input.extent(1) / channels;
        long each = (long) rows.count * columns.count * channels * rows.inside[0] + height * width;
        forward = new Ranges(execution.parallelism(), planes * rows.count, Math.ceilDiv(each, rows.count), this::forward);
        backward = new Ranges(execution.parallelism(), planes, each, this::backward);
        prepare(input, output, forward.parts(), execution.gradients());
    }

    @Override
    protected final Tensor compute(Tensor input, Phase phase) {
        x = input;
        training = phase == Phase.TRAINING;
        forward.run();
        return y;
    }

    private void forward(int part, int from, int to) {
        for (int at = from; at < to; at++) {
            int plane = at / rows.count;
            pool(part, x.data(), plane * height * width, width, at % rows.count, y.data(), at * columns.count * channels, training);
        }
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        if (dx == null) {
            return null;
        }
        gradient = dy;
        backward.run();
        return dx;
    }

    private void backward(int part, int from, int to) {
        Arrays.fill(dx.data(), from * height * width, to * height * width, 0);
        for (int plane = from; plane < to; plane++) {
            for (int row = 0; row < rows.count; row++) {
                spread(gradient.data(), (plane * rows.count + row) * columns.count, dx.data(),
                        plane * height * width, width, row);
            }
        }
    }
}

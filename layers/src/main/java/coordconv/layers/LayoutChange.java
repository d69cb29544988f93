package coordconv.layers;

import coordconv.kernels.TensorLayout;
import coordconv.layers.internal.Ranges;
import coordconv.layers.internal.Transposing;

/** Images laid out anew between two layers of a network that want them differently: [N, C, H, W] -> the same. */
final class LayoutChange extends UnaryLayer implements Cloneable {
    private Tensor x;
    private Tensor y;
    private int rows;
    private int columns;
    private Ranges ranges;

    @Override
    public String type() {
        return inputLayout() == TensorLayout.NCHW ? "to NHWC" : "to NCHW";
    }

    @Override
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
    }

    @Override
    protected Shape infer(Shape input) {
        return input;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = Tensor.zeros(output);
        int channels = input.extent(1);
        int pixels = input.extent(2) * input.extent(3);
        rows = inputLayout() == TensorLayout.NCHW ? channels : pixels;
        columns = inputLayout() == TensorLayout.NCHW ? pixels : channels;
        int strips = Math.ceilDiv(rows, Transposing.STRIP);
        ranges = new Ranges(execution.parallelism(), input.batch() * strips, (long) Transposing.STRIP * columns, this::transpose);
    }

    private void transpose(int part, int from, int to) {
        int strips = Math.ceilDiv(rows, Transposing.STRIP);
        for (int item = from; item < to; item++) {
            int image = item / strips;
            int first = item % strips * Transposing.STRIP;
            int count = Math.min(Transposing.STRIP, rows - first);
            int at = image * rows * columns;
            Transposing.strip(x.data(), at + first * columns, count, columns, y.data(), at + first, rows);
        }
    }

    @Override
    protected Tensor compute(Tensor input, Phase phase) {
        x = input;
        ranges.run();
        return y;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        throw new UnsupportedOperationException("inference alone");
    }
}

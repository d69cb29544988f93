package coordconv.layers;

import coordconv.kernels.TensorLayout;
import coordconv.layers.internal.Transposition;

/** Images laid out anew between two layers of a network that want them differently: [N, C, H, W] -> the same. */
final class LayoutChange extends UnaryLayer implements Cloneable {
    private static final int[] TO_PIXELS = {0, 2, 3, 1};
    private static final int[] TO_PLANES = {0, 3, 1, 2};

    private Tensor y;
    private Transposition transposition;

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
    protected OutputMemory outputMemory() {
        return OutputMemory.SLICE;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        transposition = new Transposition(inMemory(input).toArray(),
                inputLayout() == TensorLayout.NCHW ? TO_PIXELS : TO_PLANES, execution.parallelism(), execution.width(),
                outputPitch(), outputOffset());
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        transposition.copy(x.data(), y.data());
        return y;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        throw new UnsupportedOperationException("inference alone");
    }
}

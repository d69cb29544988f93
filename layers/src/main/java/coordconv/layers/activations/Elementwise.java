package coordconv.layers.activations;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;

/** A function of each element alone: any shape in, the same shape out, no parameters. */
abstract class Elementwise extends Layer {
    private Tensor y;

    abstract void apply(float[] x, float[] y);

    /** Turns the gradient to the output into the gradient to the input, given the output. */
    abstract void gradientInPlace(float[] y, float[] dy);

    @Override
    protected final Shape infer(Shape input) {
        return input;
    }

    @Override
    protected final void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = Tensor.zeros(output);
    }

    @Override
    protected final Tensor compute(Tensor x, Phase phase) {
        apply(x.data(), y.data());
        return y;
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        gradientInPlace(y.data(), dy.data());
        return dy;
    }
}

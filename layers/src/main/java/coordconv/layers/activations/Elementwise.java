package coordconv.layers.activations;

import coordconv.layers.Execution;
import coordconv.layers.LayoutSupport;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import coordconv.layers.internal.Ranges;

/** A function of each element alone: any shape in, the same shape out, no parameters. */
abstract class Elementwise extends UnaryLayer implements Cloneable {
    private Tensor x;
    private Tensor y;
    private Tensor gradient;
    private Ranges forward;
    private Ranges backward;

    /** Computes a range of the output. */
    abstract void apply(float[] x, float[] y, int from, int to);

    /** Turns a range of the gradient to the output into the gradient to the input. */
    abstract void gradientInPlace(float[] x, float[] y, float[] dy, int from, int to);

    @Override
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
    }

    @Override
    protected final Shape infer(Shape input) {
        return input;
    }

    @Override
    protected final OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected final void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        forward = new Ranges(execution.parallelism(), output.elements(), 1,
                (part, from, to) -> apply(x.data(), y.data(), from, to));
        backward = new Ranges(execution.parallelism(), output.elements(), 1,
                (part, from, to) -> gradientInPlace(x.data(), y.data(), gradient.data(), from, to));
    }

    @Override
    protected final Tensor compute(Tensor input, Phase phase) {
        x = input;
        forward.run();
        return y;
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        gradient = dy;
        backward.run();
        return dy;
    }
}

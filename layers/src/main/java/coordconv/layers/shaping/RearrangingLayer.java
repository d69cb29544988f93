package coordconv.layers.shaping;

import coordconv.layers.Execution;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;

/** A layer that copies elements to other places, of which the adjoint brings gradients back. */
abstract class RearrangingLayer extends UnaryLayer implements Cloneable {
    private Tensor y;
    private Tensor dx;

    /** Makes the maps. */
    abstract void prepare(Shape input, Execution execution);

    abstract void copy(float[] x, float[] y);

    /** Writes all of dx. */
    abstract void bringBack(float[] dy, float[] dx);

    @Override
    protected final OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected final void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        prepare(input, execution);
        y = outputBuffer(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
    }

    @Override
    protected final Tensor compute(Tensor x, Phase phase) {
        copy(x.data(), y.data());
        return y;
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        if (dx != null) {
            bringBack(dy.data(), dx.data());
        }
        return dx;
    }
}

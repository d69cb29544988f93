package coordconv.layers.merging;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.util.List;

/** Several inputs, one output in a buffer of this layer's. */
abstract class MergingLayer extends Layer implements Cloneable {
    private Tensor[] output;
    private Tensor[] inputs;
    private Tensor[] dx;

    /** The shape of the output, or a refusal. */
    abstract Shape merged(List<Shape> shapes);

    abstract void merge(Tensor[] x, Tensor y);

    /**
     * Computes the gradients to the inputs.
     *
     * @param x the inputs of the forward pass
     * @param dy gradient to the output
     * @param dx receives a gradient for each input, null where it is not wanted
     */
    abstract void split(Tensor[] x, Tensor dy, Tensor[] dx);

    @Override
    protected final List<Shape> infer(List<Shape> shapes) {
        return List.of(merged(shapes));
    }

    @Override
    protected final OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected final void allocate(List<Shape> shapes, List<Shape> outputs, Execution execution, boolean[] inputGradients) {
        output = new Tensor[] {outputBuffer(outputs.getFirst())};
        inputs = new Tensor[shapes.size()];
        dx = new Tensor[shapes.size()];
        for (int i = 0; i < dx.length; i++) {
            dx[i] = inputGradients[i] ? Tensor.zeros(shapes.get(i)) : null;
        }
    }

    @Override
    protected final Tensor[] compute(Tensor[] x, Phase phase) {
        System.arraycopy(x, 0, inputs, 0, x.length);
        merge(x, output[0]);
        return output;
    }

    @Override
    protected final Tensor[] propagate(Tensor[] dy) {
        split(inputs, dy[0], dx);
        return dx;
    }
}

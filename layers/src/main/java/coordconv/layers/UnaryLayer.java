package coordconv.layers;

import java.util.List;

/**
 * A layer with one input and one output, as most are. {@link Layer} has the rules for its tensors.
 */
public abstract class UnaryLayer extends Layer {
    private Tensor[] output;
    private Tensor[] inputGradient;

    /** For subclasses. */
    protected UnaryLayer() {}

    /**
     * The output shape for an input shape.
     *
     * @param input never null
     * @return the output shape
     * @throws ShapeException made by {@link #refuse}
     */
    protected abstract Shape infer(Shape input);

    /**
     * Makes buffers and plans.
     *
     * @param input shape of the input
     * @param output shape of the output
     * @param execution threads and kernels, and whether a backward pass is wanted
     * @param inputGradient whether the backward pass gives a gradient to the input
     */
    protected abstract void allocate(Shape input, Shape output, Execution execution, boolean inputGradient);

    /**
     * Computes the output into a buffer of this layer's.
     *
     * @param x input of the configured shape, unchanged until the backward pass
     * @param phase training or inference
     * @return the output
     */
    protected abstract Tensor compute(Tensor x, Phase phase);

    /**
     * Computes parameter gradients (overwritten, not added to) and the gradient to the input.
     *
     * @param dy gradient to the output; this layer may overwrite it
     * @return gradient to the input, or null if it was not wanted
     */
    protected abstract Tensor propagate(Tensor dy);

    /**
     * The summary rows of this layer.
     *
     * @param input shape of its input, which it takes
     * @return one row, unless a subclass says otherwise
     */
    protected List<LayerRow> summarise(Shape input) {
        return super.summarise(List.of(input));
    }

    @Override
    protected final List<LayerRow> summarise(List<Shape> inputs) {
        return summarise(inputs.getFirst());
    }

    @Override
    public final int outputCount() {
        return 1;
    }

    @Override
    protected final List<Shape> infer(List<Shape> inputs) {
        requireInputs(inputs, 1, 1);
        return List.of(infer(inputs.getFirst()));
    }

    @Override
    protected final void allocate(List<Shape> inputs, List<Shape> outputs, Execution execution,
                                  boolean[] inputGradients) {
        output = new Tensor[1];
        inputGradient = new Tensor[1];
        allocate(inputs.getFirst(), outputs.getFirst(), execution, inputGradients[0]);
    }

    @Override
    protected final Tensor[] compute(Tensor[] inputs, Phase phase) {
        output[0] = compute(inputs[0], phase);
        return output;
    }

    @Override
    protected final Tensor[] propagate(Tensor[] dy) {
        inputGradient[0] = propagate(dy[0]);
        return inputGradient;
    }
}

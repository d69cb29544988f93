package coordconv.layers.shaping;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;

/** The same floats of each sample under another shape: [N, ...] -> [N, extents]; nothing is copied. */
public final class Reshape extends UnaryLayer {
    private final Shape sample;
    private final ViewCache views = new ViewCache();

    /**
     * A reshape.
     *
     * @param extents shape of one sample, without the batch
     */
    public Reshape(int... extents) {
        sample = Shape.of(extents);
    }

    @Override
    public String type() {
        return "Reshape";
    }

    @Override
    protected Shape infer(Shape input) {
        if (input.rank() < 2 || input.elements() / input.batch() != sample.elements()) {
            throw refuse("input", input, "[N, ...] with " + sample.elements() + " elements a sample for " + sample);
        }
        return sample.batchOf(input.batch());
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        views.prepare(input, output);
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        return views.forward(x);
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        return views.backward(dy);
    }
}

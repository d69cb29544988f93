package coordconv.layers.shaping;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;

/** All floats of a sample in a row: [N, ...] -> [N, F]; nothing is copied. */
public final class Flatten extends UnaryLayer {
    private final ViewCache views = new ViewCache();

    /** Makes the layer. */
    public Flatten() {}

    @Override
    public String type() {
        return "Flatten";
    }

    @Override
    protected Shape infer(Shape input) {
        if (input.rank() < 2) {
            throw refuse("input", input, "[N, ...]");
        }
        return Shape.of(input.batch(), input.elements() / input.batch());
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

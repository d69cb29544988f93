package coordconv.layers.shaping;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;

/** A layer whose output elements are input elements, or a constant. */
abstract class MappedLayer extends UnaryLayer {
    private IndexMap map;
    private Tensor y;
    private Tensor dx;

    /**
     * For each axis of an input the index of each output, or null for an axis that is copied whole; an input that
     * does not fit is refused.
     */
    abstract int[][] maps(Shape input);

    /** What stands where there is no element. */
    float constant() {
        return 0;
    }

    /** Refuses an input whose output no array could hold, before any map of it is made. */
    final void requireElements(Shape input, int[] extents) {
        try {
            Shape.of(extents);
        } catch (ShapeException refusal) {
            throw refuse("input", input, "one that fits (" + refusal.getMessage() + ")");
        }
    }

    @Override
    protected final Shape infer(Shape input) {
        int[][] maps = maps(input);
        int[] extents = input.toArray();
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = maps[axis] == null ? extents[axis] : maps[axis].length;
        }
        return Shape.of(extents);
    }

    @Override
    protected final void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        map = new IndexMap(input, maps(input), constant(), execution.parallelism());
        y = Tensor.zeros(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
    }

    @Override
    protected final Tensor compute(Tensor x, Phase phase) {
        map.copy(x.data(), y.data());
        return y;
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        if (dx != null) {
            map.addBack(dy.data(), dx.data());
        }
        return dx;
    }
}

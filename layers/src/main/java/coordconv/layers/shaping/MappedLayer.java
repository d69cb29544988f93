package coordconv.layers.shaping;

import coordconv.layers.Execution;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;

/** A layer whose output elements are input elements, or a constant. */
abstract class MappedLayer extends RearrangingLayer {
    private IndexMap map;

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
    final void prepare(Shape input, Execution execution) {
        map = new IndexMap(input, maps(input), constant(), execution.parallelism());
    }

    @Override
    final void copy(float[] x, float[] y) {
        map.copy(x, y);
    }

    @Override
    final void bringBack(float[] dy, float[] dx) {
        map.addBack(dy, dx);
    }
}

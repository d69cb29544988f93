package coordconv.layers.internal;

import coordconv.layers.Shape;

/** Axes that may be counted from the end: -1 is the last. */
public final class Axes {
    private Axes() {}

    /**
     * Whether a shape has an axis.
     *
     * @param axis from -rank to rank - 1
     * @param shape the shape
     * @return whether it has
     */
    public static boolean isIn(int axis, Shape shape) {
        return axis >= -shape.rank() && axis < shape.rank();
    }

    /**
     * An axis counted from the front.
     *
     * @param axis one that {@link #isIn} accepts
     * @param shape the shape
     * @return 0 for the outermost
     */
    public static int index(int axis, Shape shape) {
        return axis < 0 ? axis + shape.rank() : axis;
    }
}

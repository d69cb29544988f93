package coordconv.layers.internal;

/** Axes that may be counted from the end: -1 is the last. */
public final class Axes {
    private Axes() {}

    /**
     * Whether a shape has an axis.
     *
     * @param axis from -rank to rank - 1
     * @param rank number of axes
     * @return whether it has
     */
    public static boolean isIn(int axis, int rank) {
        return axis >= -rank && axis < rank;
    }

    /**
     * An axis counted from the front.
     *
     * @param axis one that {@link #isIn} accepts
     * @param rank number of axes
     * @return 0 for the outermost
     */
    public static int index(int axis, int rank) {
        return axis < 0 ? axis + rank : axis;
    }
}

package coordconv.onnx.importing;

import coordconv.layers.Shape;

/**
 * A value that depends on what the inputs hold: an input of the model, or what a layer gives.
 *
 * @param name unique among the values of the network
 * @param shape for the input sizes that the model is read for
 * @param varies for each axis, the sizes of the inputs that its extent depends on, see {@link Mark}
 * @param joined constant channels that a Concat put beside it and that are not part of the shape, or null for none
 */
record Feature(String name, Shape shape, int[] varies, JoinedConstants joined) {
    Feature(String name, Shape shape, int... varies) {
        this(name, shape, varies, null);
    }

    /** The value as the model sees it, its constant channels included. */
    Feature whole() {
        int[] extents = shape.toArray();
        extents[joined.axis()] += joined.count();
        return new Feature(name, Shape.of(extents), varies);
    }

    int rank() {
        return shape.rank();
    }

    int extent(int axis) {
        return shape.extent(axis);
    }

    /** Whether the first axis is the batch, so that layers may take another number of samples. */
    boolean hasBatch() {
        return varies.length > 0 && varies[0] == Mark.BATCH;
    }

    int variesAnywhere() {
        int all = 0;
        for (int each : varies) {
            all |= each;
        }
        return all;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return Refusal.quote(name) + " " + shape;
    }
}

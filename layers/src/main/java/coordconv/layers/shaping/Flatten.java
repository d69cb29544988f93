package coordconv.layers.shaping;

import coordconv.layers.Shape;
import coordconv.layers.internal.Axes;

/** All floats of a sample in a row: [N, ...] -> [N, F]; nothing is copied. */
public final class Flatten extends ViewLayer {
    private final int axis;

    /** The samples stay: everything behind the batch becomes one axis. */
    public Flatten() {
        this(1);
    }

    /**
     * Two axes out of any number: the product of the extents before an axis, and that of the others. Source: ONNX
     * Flatten.
     *
     * @param axis the first axis that belongs to the second product; -1 for the last
     */
    public Flatten(int axis) {
        this.axis = axis;
    }

    /** {@return the first axis that belongs to the second product, as it was given} */
    public int axis() {
        return axis;
    }

    @Override
    public String type() {
        return "Flatten";
    }

    @Override
    protected Shape infer(Shape input) {
        if (axis != input.rank() && !Axes.isIn(axis, input.rank()) || axis == 1 && input.rank() < 2) {
            throw refuse("input", input, axis == 1 ? "[N, ...]" : "a shape with axis " + axis);
        }
        int index = Axes.index(axis, input.rank());
        return Shape.of(input.elements(0, index), input.elements(index, input.rank()));
    }
}

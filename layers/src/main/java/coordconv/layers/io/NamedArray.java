package coordconv.layers.io;

import java.util.Arrays;
import java.util.Objects;

/**
 * A float32 array with a name and a shape, in C order (the last axis runs fastest).
 *
 * <p>The values are shared with whoever made it, not copied: weights are large, and a model's own
 * arrays are wrapped this way to be written or loaded.
 */
public final class NamedArray {
    private final String name;
    private final int[] shape;
    private final float[] values;

    /**
     * Wraps values.
     *
     * @param name for example {@code conv1.weight}; not empty, at most 512 characters, no control
     *     characters, backslashes or segments such as {@code ..}
     * @param shape sizes of the axes, outermost first; none for a scalar
     * @param values exactly as many as the shape has elements
     * @throws IllegalArgumentException if the name is unfit or shape and values disagree
     */
    public NamedArray(String name, int[] shape, float[] values) {
        Objects.requireNonNull(name, "name");
        ArraySpec.faultOfName(name).ifPresent(needed -> {
            throw new IllegalArgumentException("array name: given " + Text.quote(name) + ", needed " + needed);
        });
        int elements = ArraySpec.elements(shape);
        if (shape.length > ReadLimits.RANK || elements != values.length) {
            throw new IllegalArgumentException("array " + Text.quote(name) + ": given " + values.length
                    + " values for shape " + Arrays.toString(shape) + ", needed "
                    + (elements < 0 ? "a shape of at most " + ArraySpec.MAX_ELEMENTS + " elements" : elements)
                    + " and at most " + ReadLimits.RANK + " axes");
        }
        this.name = name;
        this.shape = shape.clone();
        this.values = values;
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /** {@return a copy of the shape} */
    public int[] shape() {
        return shape.clone();
    }

    /** {@return the values themselves, not a copy} */
    public float[] values() {
        return values;
    }

    /**
     * The same values under another name.
     *
     * @param newName the name
     * @return an array that shares the values
     */
    public NamedArray renamed(String newName) {
        return new NamedArray(newName, shape, values);
    }

    boolean hasShape(int[] other) {
        return Arrays.equals(shape, other);
    }

    String shapeText() {
        return Arrays.toString(shape);
    }

    /** {@return name and shape} */
    @Override
    public String toString() {
        return Text.quote(name) + " " + shapeText();
    }
}

package coordconv.onnx.importing;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * A tensor that is known when the model is read: float32, or integers (truth values are 0 and 1).
 *
 * @param extents shape, outermost first; none for a single number
 * @param floats elements in row-major order, or null
 * @param integers elements in row-major order, or null
 */
record Constant(int[] extents, float[] floats, long[] integers) {
    static Constant of(float[] floats, int... extents) {
        return new Constant(extents, floats, null);
    }

    static Constant of(long[] integers, int... extents) {
        return new Constant(extents, null, integers);
    }

    static Constant list(long... integers) {
        return of(integers, integers.length);
    }

    int rank() {
        return extents.length;
    }

    int size() {
        return floats != null ? floats.length : integers.length;
    }

    boolean isFloat() {
        return floats != null;
    }

    double number(int index) {
        return floats != null ? floats[index] : integers[index];
    }

    /** A tensor whose elements are taken from this one's. */
    Constant pick(int[] shape, IntUnaryOperator source) {
        int count = Extents.size("shape", shape);
        if (isFloat()) {
            float[] picked = new float[count];
            for (int i = 0; i < count; i++) {
                picked[i] = floats[source.applyAsInt(i)];
            }
            return of(picked, shape);
        }
        long[] picked = new long[count];
        for (int i = 0; i < count; i++) {
            picked[i] = integers[source.applyAsInt(i)];
        }
        return of(picked, shape);
    }

    /** The same elements under another shape of as many. */
    Constant view(int... shape) {
        if (Extents.size("shape", shape) != size()) {
            throw new Refusal("shape of a constant", Arrays.toString(shape), size() + " elements");
        }
        return new Constant(shape, floats, integers);
    }

    @Override
    public String toString() {
        return (isFloat() ? "floats " : "integers ") + Arrays.toString(extents);
    }
}

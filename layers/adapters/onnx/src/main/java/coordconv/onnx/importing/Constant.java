package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * A tensor that is known when the model is read.
 *
 * @param type of its elements; truth values are 0 and 1
 * @param extents shape, outermost first; none for a single number
 * @param floats elements of FLOAT, FLOAT16 and BFLOAT16 in row-major order, or null
 * @param doubles elements of DOUBLE, or null
 * @param integers elements of the other types, or null
 * @param marks for each element where it comes from, or null if none depends on sizes of inputs
 */
record Constant(DataType type, int[] extents, float[] floats, double[] doubles, long[] integers, Mark[] marks) {
    static Constant of(float[] floats, int... extents) {
        return new Constant(DataType.FLOAT, extents, floats, null, null, null);
    }

    static Constant of(long[] integers, int... extents) {
        return new Constant(DataType.INT64, extents, null, null, integers, null);
    }

    static Constant list(long... integers) {
        return of(integers, integers.length);
    }

    /** A tensor of zeros, to be filled with {@link #set}. */
    static Constant zeros(DataType type, int... extents) {
        int size = Extents.size("constant", extents);
        boolean isFloat = DataTypes.isFloat(type);
        boolean isDouble = type == DataType.DOUBLE;
        return new Constant(type, extents, isFloat && !isDouble ? new float[size] : null, isDouble ? new double[size] : null,
                isFloat ? null : new long[size], null);
    }

    int rank() {
        return extents.length;
    }

    int size() {
        return floats != null ? floats.length : doubles != null ? doubles.length : integers.length;
    }

    boolean isFloat() {
        return integers == null;
    }

    double number(int index) {
        return floats != null ? floats[index] : doubles != null ? doubles[index] : integers[index];
    }

    /** Stores a result, rounded to the type; only while a tensor is being made. */
    void set(int index, double value) {
        if (floats != null) {
            floats[index] = (float) DataTypes.round(type, value);
        } else {
            doubles[index] = value;
        }
    }

    /** Stores an integer, cut to the type; only while a tensor is being made. */
    void set(int index, long value) {
        integers[index] = DataTypes.wrap(type, value);
    }

    /** The elements as layers take them. */
    float[] toFloats() {
        if (floats != null) {
            return floats;
        }
        float[] narrow = new float[size()];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) number(i);
        }
        return narrow;
    }

    /** A tensor whose elements are taken from this one's. */
    Constant pick(int[] shape, IntUnaryOperator source) {
        Constant picked = zeros(type, shape);
        int count = picked.size();
        Mark[] taken = marks == null ? null : new Mark[count];
        for (int i = 0; i < count; i++) {
            int from = source.applyAsInt(i);
            picked.copy(i, this, from);
            if (taken != null) {
                taken[i] = marks[from];
            }
        }
        return picked.with(taken);
    }

    void copy(int to, Constant other, int from) {
        if (floats != null) {
            floats[to] = other.floats[from];
        } else if (doubles != null) {
            doubles[to] = other.doubles[from];
        } else {
            integers[to] = other.integers[from];
        }
    }

    /** The same elements under another shape of as many. */
    Constant view(int... shape) {
        if (Extents.size("shape", shape) != size()) {
            throw new Refusal("shape of a constant", Arrays.toString(shape), size() + " elements");
        }
        return new Constant(type, shape, floats, doubles, integers, marks);
    }

    Constant with(Mark... others) {
        return new Constant(type, extents, floats, doubles, integers, others);
    }

    /** All elements depend on more. */
    Constant varyingWith(int more) {
        if (more == 0 || size() == 0) {
            return this;
        }
        Mark[] all = new Mark[size()];
        Arrays.setAll(all, i -> Mark.of(Mark.varies(mark(i)) | more));
        return with(all);
    }

    /** Where an element comes from, null if it is the same for all inputs. */
    Mark mark(int index) {
        return marks == null ? null : marks[index];
    }

    /** The sizes of inputs that any element depends on. */
    int varies() {
        int all = 0;
        for (int i = 0; marks != null && i < marks.length; i++) {
            all |= Mark.varies(marks[i]);
        }
        return all;
    }

    @Override
    public String toString() {
        return (isFloat() ? "floats " : "integers ") + Arrays.toString(extents);
    }
}

package coordconv.onnx.bounds;

import coordconv.layers.Shape;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * A tensor computed in double, and for each element how far a computation in float may be off: by rounding, by what its
 * inputs were off, and by nothing else.
 *
 * @param shape extents
 * @param value the elements in row-major order
 * @param error the bound of each; may be longer
 * @param terms the most roundings behind an element that a later node may share: an engine that folds what is added to a
 *     sum of products into the sum starts at it, and rounds it as often
 */
record Bounded(int[] shape, double[] value, double[] error, int terms) {
    /** Half a unit in the last place of 1. */
    static final double UNIT = 0x1p-24;
    /** Below it floats lose digits, and engines may take them for 0. */
    static final double LEAST = Float.MIN_NORMAL;

    /** At least as long as any tensor without errors, and never written to. */
    private static double[] zeros = new double[0];

    static Bounded of(int... shape) {
        int count = count(shape);
        return new Bounded(shape, new double[count], new double[count], 0);
    }

    Bounded withTerms(int roundings) {
        return new Bounded(shape, value, error, roundings);
    }

    /** Floats that are exact. */
    static Bounded exact(float[] values, int... shape) {
        double[] exact = new double[values.length];
        Arrays.setAll(exact, i -> values[i]);
        return exact(exact, shape);
    }

    static Bounded exact(double[] values, int... shape) {
        return new Bounded(shape, values, zeros(values.length), 0);
    }

    /** Weights and what an engine gave are exact: the largest of them would take as much memory again for nothing. */
    private static synchronized double[] zeros(int count) {
        if (zeros.length < count) {
            zeros = new double[count];
        }
        return zeros;
    }

    static int count(int... shape) {
        return Shape.of(shape.length == 0 ? new int[] {1} : shape).elements();
    }

    int rank() {
        return shape.length;
    }

    int size() {
        return value.length;
    }

    int extent(int axis) {
        return shape[axis];
    }

    /** An axis that may be counted from the end. */
    int axis(long axis) {
        return (int) (axis < 0 ? axis + rank() : axis);
    }

    /** An integer; those beyond an int's range stand for the end of an axis. */
    int integer(int i) {
        return (int) Math.clamp(Math.round(value[i]), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    int[] integers() {
        int[] all = new int[size()];
        Arrays.setAll(all, this::integer);
        return all;
    }

    /** What n roundings may change of a number of size 1. */
    static double gamma(int n) {
        return n * UNIT / (1 - n * UNIT);
    }

    /** Sets an element; every result is rounded at least once more, and may fall below what floats hold. */
    void set(int i, double v, double off) {
        value[i] = v;
        error[i] = off + LEAST;
    }

    Bounded reshaped(int... extents) {
        if (count(extents) != size()) {
            throw new IllegalArgumentException(Arrays.toString(shape) + " as " + Arrays.toString(extents));
        }
        return new Bounded(extents, value, error, terms);
    }

    /** Elements of this one in other places; a source of -1 stands for a constant. */
    Bounded picked(int[] extents, double constant, IntUnaryOperator source) {
        Bounded picked = of(extents);
        for (int i = 0; i < picked.size(); i++) {
            int from = source.applyAsInt(i);
            picked.value[i] = from < 0 ? constant : value[from];
            picked.error[i] = from < 0 ? 0 : error[from];
        }
        return picked;
    }

    /** Elements in other places, axis by axis: for each index along an axis the index in this tensor, or -1. */
    Bounded mapped(int[][] sources, double constant) {
        int[] extents = Arrays.stream(sources).mapToInt(axis -> axis.length).toArray();
        return picked(extents, constant, flat -> {
            int from = 0;
            int stride = 1;
            int rest = flat;
            for (int axis = extents.length - 1; axis >= 0; axis--) {
                int at = sources[axis][rest % extents[axis]];
                if (at < 0) {
                    return -1;
                }
                from += at * stride;
                stride *= shape[axis];
                rest /= extents[axis];
            }
            return from;
        });
    }

    /** For each axis, every index of itself. */
    int[][] identity() {
        int[][] sources = new int[rank()][];
        for (int axis = 0; axis < rank(); axis++) {
            sources[axis] = new int[shape[axis]];
            Arrays.setAll(sources[axis], i -> i);
        }
        return sources;
    }

    Bounded transposed(int... order) {
        int[] extents = Arrays.stream(order).map(axis -> shape[axis]).toArray();
        int[] strides = new int[rank()];
        for (int axis = rank() - 1, stride = 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return picked(extents, 0, flat -> {
            int from = 0;
            int rest = flat;
            for (int axis = extents.length - 1; axis >= 0; axis--) {
                from += rest % extents[axis] * strides[order[axis]];
                rest /= extents[axis];
            }
            return from;
        });
    }

    static int[] broadcast(int[] a, int... b) {
        int[] joint = new int[Math.max(a.length, b.length)];
        for (int i = 1; i <= joint.length; i++) {
            int x = i <= a.length ? a[a.length - i] : 1;
            int y = i <= b.length ? b[b.length - i] : 1;
            joint[joint.length - i] = x == 1 ? y : x;
        }
        return joint;
    }

    Bounded broadcastTo(int... extents) {
        if (Arrays.equals(extents, shape)) {
            return this;
        }
        return picked(extents, 0, flat -> {
            int from = 0;
            int stride = 1;
            int rest = flat;
            for (int i = 1; i <= extents.length; i++) {
                int extent = extents[extents.length - i];
                if (i <= rank()) {
                    int own = shape[rank() - i];
                    from += (own == 1 ? 0 : rest % extent) * stride;
                    stride *= own;
                }
                rest /= extent;
            }
            return from;
        });
    }
}

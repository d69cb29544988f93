package coordconv.onnx.importing;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Arithmetic on shapes: sizes, broadcasting, axes counted from the end. */
final class Extents {
    /** Deeper than anything that a network of images holds, and it bounds the work on one index. */
    private static final int HIGHEST_RANK = 16;

    private Extents() {}

    /** The number of elements, which no hostile extents can take past an int. */
    static int size(String what, int... extents) {
        if (extents.length > HIGHEST_RANK) {
            throw new Refusal(what, extents.length + " axes", "at most " + HIGHEST_RANK);
        }
        long all = 1;
        boolean empty = false;
        for (int extent : extents) {
            empty |= extent == 0;
            all = extent == 0 ? all : all * extent;
            if (extent < 0 || all >= Integer.MAX_VALUE) {
                throw new Refusal(what, Arrays.toString(extents), "extents of 0 or more and less than 2^31 - 1 elements");
            }
        }
        return empty ? 0 : (int) all;
    }

    static int[] ofLongs(String what, long... extents) {
        int[] narrow = new int[extents.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = toInt(what, extents[i]);
        }
        return narrow;
    }

    static int toInt(String what, long value) {
        if (value != (int) value) {
            throw new Refusal(what, value, "a number of 32 bits");
        }
        return (int) value;
    }

    /** An axis as ONNX counts it, from the front or, if negative, from the end. */
    static int axis(String what, long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw new Refusal(what, axis, "an axis of " + rank + ", from " + -rank + " to " + (rank - 1));
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** The shape that two shapes broadcast to. */
    static int[] broadcast(String what, int[] a, int[] b) {
        int[] joint = new int[Math.max(a.length, b.length)];
        for (int i = 1; i <= joint.length; i++) {
            int x = i <= a.length ? a[a.length - i] : 1;
            int y = i <= b.length ? b[b.length - i] : 1;
            if (x != y && x != 1 && y != 1) {
                throw new Refusal(what, Arrays.toString(a) + " and " + Arrays.toString(b), "shapes that broadcast");
            }
            joint[joint.length - i] = x == 1 ? y : x;
        }
        return joint;
    }

    /** For each index into a shape, the index into a shape that broadcasts to it. */
    static IntUnaryOperator source(int[] from, int[] to) {
        int[] strides = new int[to.length];
        int stride = 1;
        for (int i = 1; i <= from.length; i++) {
            strides[to.length - i] = from[from.length - i] == 1 ? 0 : stride;
            stride *= from[from.length - i];
        }
        return strided(to, strides, 0);
    }

    /** For each index into a shape, the index of a walk with other strides. */
    static IntUnaryOperator strided(int[] shape, int[] strides, int offset) {
        return index -> {
            int at = offset;
            int rest = index;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                at += rest % shape[axis] * strides[axis];
                rest /= shape[axis];
            }
            return at;
        };
    }

    static int[] rowMajorStrides(int... shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /** What a Reshape asks for: 0 keeps an extent, -1 takes what is left. */
    static int[] reshaped(String what, int[] from, long[] wanted, boolean zeroIsZero) {
        int[] shape = new int[wanted.length];
        int open = -1;
        long known = 1;
        for (int i = 0; i < shape.length; i++) {
            if (wanted[i] == -1 && open < 0) {
                open = i;
                continue;
            }
            boolean kept = wanted[i] == 0 && !zeroIsZero && i < from.length;
            shape[i] = kept ? from[i] : toInt(what, wanted[i]);
            if (shape[i] < 0 || (known *= Math.max(shape[i], 1)) > Integer.MAX_VALUE) {
                throw new Refusal(what, Arrays.toString(wanted), "a shape of at most one -1 and less than 2^31 elements");
            }
        }
        int size = size(what, from);
        if (open >= 0) {
            shape[open] = (int) (size / known);
        }
        if (size(what, shape) != size) {
            throw new Refusal(what, Arrays.toString(wanted), size + " elements, as in " + Arrays.toString(from));
        }
        return shape;
    }
}

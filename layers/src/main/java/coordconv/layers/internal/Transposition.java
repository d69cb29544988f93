package coordconv.layers.internal;

import coordconv.kernels.Parallelism;
import java.util.Arrays;

/** A copy with its axes in another order: axis i of the output is axis {@code order[i]} of the input. */
public final class Transposition {
    /** Two axes are exchanged tile by tile, so that both sides use whole cache lines. */
    private static final int TILE = 16;

    private final int[] extents;
    private final int[] strides;
    private final int stripes;
    private final Ranges ranges;
    private float[] from;
    private float[] into;

    /**
     * A copy.
     *
     * @param input extents of the input
     * @param order for each axis of the output the axis of the input that it is
     * @param parallelism threads
     */
    public Transposition(int[] input, int[] order, Parallelism parallelism) {
        int[][] merged = merge(input, order);
        extents = merged[0];
        strides = merged[1];
        int axes = extents.length;
        boolean exchange = axes > 1 && strides[axes - 1] != 1 && strides[axes - 2] == 1;
        stripes = exchange ? Math.ceilDiv(extents[axes - 2], TILE) : 1;
        // An item is a row of the output, or a stripe of tiles.
        int rowAxes = exchange ? axes - 2 : axes - 1;
        int items = stripes;
        for (int axis = 0; axis < rowAxes; axis++) {
            items *= extents[axis];
        }
        int each = Math.ceilDiv(elements(input, 0), items);
        ranges = new Ranges(parallelism, items, each, exchange ? this::exchanges : this::rows);
    }

    /** Extents and input strides of the output's axes; axes that stay neighbours become one, and those of size 1 none. */
    private static int[][] merge(int[] input, int[] order) {
        int[] extents = new int[order.length + 1];
        int[] strides = new int[order.length + 1];
        int count = 0;
        for (int axis : order) {
            int extent = input[axis];
            int stride = elements(input, axis + 1);
            if (extent > 1 && count > 0 && strides[count - 1] == stride * extent) {
                extents[count - 1] *= extent;
                strides[count - 1] = stride;
            } else if (extent > 1) {
                extents[count] = extent;
                strides[count] = stride;
                count++;
            }
        }
        if (count == 0) {
            extents[0] = 1;
            strides[0] = 1;
            count = 1;
        }
        return new int[][] {Arrays.copyOf(extents, count), Arrays.copyOf(strides, count)};
    }

    private static int elements(int[] extents, int from) {
        int product = 1;
        for (int axis = from; axis < extents.length; axis++) {
            product *= extents[axis];
        }
        return product;
    }

    /**
     * Copies.
     *
     * @param x input
     * @param y output
     */
    public void copy(float[] x, float[] y) {
        from = x;
        into = y;
        ranges.run();
    }

    /** Where an item starts in the input; items count the outer axes of the output. */
    private int start(int item, int axes) {
        int start = 0;
        int rest = item;
        for (int axis = axes - 1; axis >= 0; axis--) {
            start += rest % extents[axis] * strides[axis];
            rest /= extents[axis];
        }
        return start;
    }

    private void rows(int part, int first, int end) {
        int axes = extents.length;
        int length = extents[axes - 1];
        int stride = strides[axes - 1];
        for (int row = first; row < end; row++) {
            int start = start(row, axes - 1);
            if (stride == 1) {
                System.arraycopy(from, start, into, row * length, length);
            } else {
                for (int i = 0; i < length; i++) {
                    into[row * length + i] = from[start + i * stride];
                }
            }
        }
    }

    private void exchanges(int part, int first, int end) {
        int axes = extents.length;
        int height = extents[axes - 2];
        int width = extents[axes - 1];
        for (int item = first; item < end; item++) {
            int start = start(item / stripes, axes - 2);
            int at = item / stripes * height * width;
            int top = item % stripes * TILE;
            for (int left = 0; left < width; left += TILE) {
                tile(start, at, width, top, Math.min(top + TILE, height), left, Math.min(left + TILE, width));
            }
        }
    }

    private void tile(int start, int at, int width, int top, int bottom, int left, int right) {
        int stride = strides[strides.length - 1];
        for (int i = top; i < bottom; i++) {
            for (int j = left; j < right; j++) {
                into[at + i * width + j] = from[start + j * stride + i];
            }
        }
    }
}

package coordconv.layers.internal;

import coordconv.kernels.MatrixTransposition;
import coordconv.kernels.Parallelism;
import coordconv.kernels.VectorWidth;
import java.util.Arrays;

/** A copy with its axes in another order: axis i of the output is axis {@code order[i]} of the input. */
public final class Transposition {
    /** Threads share the longer of two axes that are exchanged in pieces of as many elements, whole cache lines of both sides. */
    private static final int STRIPE = 64;

    private final int[] extents;
    private final int[] strides;
    private final int stripes;
    /** Floats from one row of two exchanged axes to the next in the output, and before the first. */
    private final int pitch;
    private final int offset;
    /** Null where no two axes are exchanged. */
    private final MatrixTransposition exchange;
    private final Ranges ranges;
    private float[] from;
    private float[] into;

    /**
     * A copy.
     *
     * @param input extents of the input
     * @param order for each axis of the output the axis of the input that it is
     * @param parallelism threads
     * @param width implementation and species
     */
    public Transposition(int[] input, int[] order, Parallelism parallelism, VectorWidth width) {
        this(input, order, parallelism, width, 0, 0);
    }

    /**
     * A copy to some channels of larger images, whose last axis the channels are.
     *
     * @param input extents of the input
     * @param order for each axis of the output the axis of the input that it is
     * @param parallelism threads
     * @param width implementation and species
     * @param outputPitch floats from one pixel of the output to the next, 0 for pixels without a gap; others for an order that
     *     exchanges the channels with the pixels
     * @param offset of the first float of the output
     */
    public Transposition(int[] input, int[] order, Parallelism parallelism, VectorWidth width, int outputPitch, int offset) {
        int[][] merged = merge(input, order);
        extents = merged[0];
        strides = merged[1];
        int axes = extents.length;
        boolean exchange = axes > 1 && strides[axes - 1] != 1 && strides[axes - 2] == 1;
        this.exchange = exchange ? MatrixTransposition.of(width) : null;
        this.offset = offset;
        pitch = outputPitch == 0 ? extents[axes - 1] : outputPitch;
        stripes = exchange ? Math.max(1, Math.max(extents[axes - 1], extents[axes - 2]) / STRIPE) : 1;
        // An item is a row of the output, or a stripe of two exchanged axes.
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
        int stride = strides[axes - 1];
        for (int item = first; item < end; ) {
            int matrix = item / stripes;
            int stripe = item % stripes;
            int until = Math.min(stripes, stripe + end - item);
            int x = start(matrix, axes - 2);
            int y = matrix * height * pitch + offset;
            // The last stripe takes what is left.
            int from = stripe * STRIPE;
            int to = until < stripes ? until * STRIPE : Math.max(height, width);
            if (height < width) {
                exchange.copy(this.from, x + from * stride, stride, to - from, height, into, y + from, pitch);
            } else {
                exchange.copy(this.from, x + from, stride, width, to - from, into, y + from * pitch, pitch);
            }
            item += until - stripe;
        }
    }
}

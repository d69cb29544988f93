package coordconv.layers.merging;

import coordconv.layers.Shape;

/**
 * How two tensors of different shapes meet in an output: shapes are aligned at their last axis, and an axis of size 1,
 * or one that is missing, repeats along the other's. Rows are the longest runs of outputs over which both sides either
 * go on or stay. Source: NumPy, ONNX.
 */
final class Broadcast {
    /** Where each row starts on either side. */
    final int[] aRows;
    final int[] bRows;
    final int rowLength;
    /** Whether a side goes on along a row; else one number serves the whole row. */
    final boolean aMoves;
    final boolean bMoves;

    Broadcast(Shape a, Shape b, Shape output) {
        int rank = output.rank();
        int[] extents = new int[rank + 1];
        int[] aStrides = new int[rank + 1];
        int[] bStrides = new int[rank + 1];
        int count = 0;
        for (int axis = 0; axis < rank; axis++) {
            int extent = output.extent(axis);
            int aStride = stride(a, axis - rank + a.rank());
            int bStride = stride(b, axis - rank + b.rank());
            if (extent == 1) {
                continue;
            }
            if (count > 0 && aStrides[count - 1] == aStride * extent && bStrides[count - 1] == bStride * extent) {
                extents[count - 1] *= extent;
                aStrides[count - 1] = aStride;
                bStrides[count - 1] = bStride;
            } else {
                extents[count] = extent;
                aStrides[count] = aStride;
                bStrides[count++] = bStride;
            }
        }
        rowLength = count == 0 ? 1 : extents[count - 1];
        aMoves = count == 0 || aStrides[count - 1] > 0;
        bMoves = count == 0 || bStrides[count - 1] > 0;
        aRows = rows(extents, aStrides, count - 1);
        bRows = rows(extents, bStrides, count - 1);
    }

    /** The shape of the output, or null if the shapes do not meet. */
    static Shape shape(Shape a, Shape b) {
        int[] extents = new int[Math.max(a.rank(), b.rank())];
        for (int i = 1; i <= extents.length; i++) {
            int left = i <= a.rank() ? a.extent(a.rank() - i) : 1;
            int right = i <= b.rank() ? b.extent(b.rank() - i) : 1;
            if (left != right && left != 1 && right != 1) {
                return null;
            }
            extents[extents.length - i] = Math.max(left, right);
        }
        return Shape.of(extents);
    }

    /** Distance of two elements along an axis of the output, 0 where one serves for all. */
    private static int stride(Shape side, int axis) {
        return axis < 0 || side.extent(axis) == 1 ? 0 : side.elements(axis + 1, side.rank());
    }

    private static int[] rows(int[] extents, int[] strides, int axes) {
        int[] starts = {0};
        for (int axis = 0; axis < axes; axis++) {
            int[] next = new int[starts.length * extents[axis]];
            for (int i = 0; i < next.length; i++) {
                next[i] = starts[i / extents[axis]] + i % extents[axis] * strides[axis];
            }
            starts = next;
        }
        return starts;
    }
}

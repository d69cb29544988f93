package coordconv.layers;

import java.util.Arrays;
import java.util.Objects;

/**
 * The extents of a tensor, outermost first: [N, C, H, W] for images, [N, F] for features.
 */
public final class Shape {
    /** Longest float array that every JVM can allocate. */
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;

    private final int[] extents;
    private final int elements;

    private Shape(int[] extents) {
        this.extents = extents;
        long all = 1;
        for (int extent : extents) {
            if (extent < 1) {
                throw new ShapeException("shape: given " + Arrays.toString(extents) + ", needed extents of at least 1");
            }
            all *= extent;
            if (all > MOST_ELEMENTS) {
                throw new ShapeException("shape: given " + Arrays.toString(extents)
                        + ", needed at most " + MOST_ELEMENTS + " elements");
            }
        }
        elements = (int) all;
    }

    /**
     * A shape.
     *
     * @param extents outermost first; none for a single number
     * @return the shape
     * @throws ShapeException if an extent is below 1 or there are more than 2^31 - 9 elements
     */
    public static Shape of(int... extents) {
        return new Shape(extents.clone());
    }

    /** {@return the number of extents} */
    public int rank() {
        return extents.length;
    }

    /**
     * One extent.
     *
     * @param axis 0 for the outermost
     * @return its size
     * @throws IndexOutOfBoundsException if there is no such axis
     */
    public int extent(int axis) {
        return extents[Objects.checkIndex(axis, extents.length)];
    }

    /** {@return the product of the extents} */
    public int elements() {
        return elements;
    }

    /**
     * The product of neighbouring extents.
     *
     * @param from first axis
     * @param to end of the axes
     * @return the product, 1 for no axes
     * @throws IndexOutOfBoundsException if there are no such axes
     */
    public int elements(int from, int to) {
        Objects.checkFromToIndex(from, to, extents.length);
        int product = 1;
        for (int axis = from; axis < to; axis++) {
            product *= extents[axis];
        }
        return product;
    }

    /** {@return the outermost extent, N} */
    public int batch() {
        return extents[0];
    }

    /**
     * This shape with another outermost extent.
     *
     * @param n the new N
     * @return a new shape
     */
    public Shape withBatch(int n) {
        int[] other = extents.clone();
        other[0] = n;
        return new Shape(other);
    }

    /**
     * This shape, of one sample, with a batch axis in front.
     *
     * @param n the batch size
     * @return a new shape of one more rank
     */
    public Shape batchOf(int n) {
        int[] other = new int[extents.length + 1];
        other[0] = n;
        System.arraycopy(extents, 0, other, 1, extents.length);
        return new Shape(other);
    }

    /** {@return a copy of the extents} */
    public int[] toArray() {
        return extents.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape s && Arrays.equals(extents, s.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(extents);
    }

    @Override
    public String toString() {
        return Arrays.toString(extents);
    }
}

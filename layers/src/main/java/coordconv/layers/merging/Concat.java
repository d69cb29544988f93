package coordconv.layers.merging;

import coordconv.layers.LayoutSupport;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.util.List;

/**
 * Tensors one behind the other along an axis: [N, C1, H, W], [N, C2, H, W], ... -> [N, C1 + C2 + ..., H, W] along
 * axis 1. A single tensor is copied.
 */
public final class Concat extends MergingLayer {
    private final int axis;

    /** Along the channels, axis 1. */
    public Concat() {
        this(1);
    }

    /**
     * Along any axis.
     *
     * @param axis 0 for the batch, 1 for the channels and so on
     */
    public Concat(int axis) {
        if (axis < 0) {
            throw new IllegalArgumentException("axis: given " + axis + ", needed 0 or more");
        }
        this.axis = axis;
    }

    /** {@return the axis along which the tensors are joined} */
    public int axis() {
        return axis;
    }

    @Override
    public String type() {
        return "Concat";
    }

    @Override
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
    }

    @Override
    protected boolean joinsChannels() {
        return axis == 1;
    }

    @Override
    Shape merged(List<Shape> shapes) {
        requireInputs(shapes, 1, Integer.MAX_VALUE);
        int[] joined = shapes.getFirst().toArray();
        if (axis >= joined.length) {
            throw refuse("inputs", shapes, "an axis " + axis);
        }
        long along = 0;
        for (Shape shape : shapes) {
            if (!equalButForAxis(shape, shapes.getFirst())) {
                throw refuse("inputs", shapes, "shapes that are equal but for axis " + axis);
            }
            along += shape.extent(axis);
        }
        if (along > Integer.MAX_VALUE) {
            throw refuse("inputs", shapes, "less than 2^31 in all along axis " + axis);
        }
        joined[axis] = (int) along;
        return Shape.of(joined);
    }

    private boolean equalButForAxis(Shape a, Shape b) {
        if (a.rank() != b.rank()) {
            return false;
        }
        for (int i = 0; i < a.rank(); i++) {
            if (i != axis && a.extent(i) != b.extent(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    void merge(Tensor[] x, Tensor y) {
        int blocks = blocks(y.shape());
        int stride = y.shape().elements() / blocks;
        for (int i = 0, at = 0; i < x.length; i++) {
            int length = x[i].shape().elements() / blocks;
            boolean there = x[i].data() == y.data();
            for (int block = 0; block < blocks && !there; block++) {
                System.arraycopy(x[i].data(), block * length, y.data(), block * stride + at, length);
            }
            at += length;
        }
    }

    /** The number of places where the tensors alternate: the product of the extents before the axis. */
    private int blocks(Shape shape) {
        return inMemory(shape).elements(0, axisInMemory(axis));
    }

    @Override
    void split(Tensor[] x, Tensor dy, Tensor[] dx) {
        int blocks = blocks(dy.shape());
        int stride = dy.shape().elements() / blocks;
        for (int i = 0, at = 0; i < x.length; i++) {
            int length = x[i].shape().elements() / blocks;
            if (dx[i] != null) {
                for (int block = 0; block < blocks; block++) {
                    System.arraycopy(dy.data(), block * stride + at, dx[i].data(), block * length, length);
                }
            }
            at += length;
        }
    }
}

package coordconv.layers.merging;

import coordconv.layers.LayoutSupport;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.internal.FloatLoops;
import java.util.List;

/** The sum of two or more tensors of one shape, added from the first to the last: any shape -> the same. */
public final class Add extends MergingLayer {
    /** Makes the layer. */
    public Add() {}

    @Override
    public String type() {
        return "Add";
    }

    @Override
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
    }

    @Override
    protected boolean isSum() {
        return true;
    }

    @Override
    Shape merged(List<Shape> shapes) {
        requireInputs(shapes, 2, Integer.MAX_VALUE);
        Shape first = shapes.getFirst();
        for (Shape shape : shapes) {
            if (!shape.equals(first)) {
                throw refuse("inputs", shapes, "equal shapes");
            }
        }
        return first;
    }

    @Override
    void merge(Tensor[] x, Tensor y) {
        int count = y.shape().elements();
        FloatLoops.add(x[0].data(), x[1].data(), y.data(), count);
        for (int i = 2; i < x.length; i++) {
            FloatLoops.accumulate(x[i].data(), y.data(), count);
        }
    }

    @Override
    void split(Tensor[] x, Tensor dy, Tensor[] dx) {
        for (int i = 0; i < dx.length; i++) {
            if (dx[i] != null) {
                System.arraycopy(dy.data(), 0, dx[i].data(), 0, dy.data().length);
            }
        }
    }
}

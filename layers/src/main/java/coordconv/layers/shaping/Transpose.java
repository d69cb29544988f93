package coordconv.layers.shaping;

import coordconv.layers.Shape;
import java.util.Arrays;

/** The axes in another order, such as 0, 2, 3, 1 from NCHW to NHWC: any shape of as many axes. Source: ONNX Transpose. */
public final class Transpose extends PermutedLayer {
    private final int[] order;

    /**
     * A transposition.
     *
     * @param order which axis of the input each axis of the output is; each of 0 to its length - 1 once
     */
    public Transpose(int... order) {
        this.order = order.clone();
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] != i) {
                throw new IllegalArgumentException("order: given " + Arrays.toString(order) + ", needed each axis of 0 to "
                        + (order.length - 1) + " once");
            }
        }
    }

    /** {@return a copy of the order} */
    public int[] order() {
        return order.clone();
    }

    @Override
    public String type() {
        return "Transpose";
    }

    @Override
    protected Shape infer(Shape input) {
        if (input.rank() != order.length) {
            throw refuse("input", input, "a shape of " + order.length + " axes");
        }
        int[] extents = new int[order.length];
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = input.extent(order[axis]);
        }
        return Shape.of(extents);
    }

    @Override
    Shape view(Shape input) {
        return input;
    }

    @Override
    int[] order(Shape input) {
        return order;
    }
}

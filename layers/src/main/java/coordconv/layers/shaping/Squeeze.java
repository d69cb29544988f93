package coordconv.layers.shaping;

import coordconv.layers.Shape;
import coordconv.layers.internal.Axes;
import java.util.Arrays;

/** Axes of size 1 left out, such as those of [N, C, 1, 1] -> [N, C]; nothing is copied. Source: ONNX Squeeze. */
public final class Squeeze extends ViewLayer {
    private final int[] axes;

    /**
     * A squeeze.
     *
     * @param axes which axes, -1 for the last; none for all that have size 1
     */
    public Squeeze(int... axes) {
        this.axes = axes.clone();
    }

    /** {@return a copy of the axes as they were given} */
    public int[] axes() {
        return axes.clone();
    }

    @Override
    public String type() {
        return "Squeeze";
    }

    @Override
    protected Shape infer(Shape input) {
        boolean[] out = new boolean[input.rank()];
        for (int axis : axes) {
            if (!Axes.isIn(axis, input.rank()) || input.extent(Axes.index(axis, input.rank())) != 1) {
                throw refuse("input", input, "extents of 1 along the axes " + Arrays.toString(axes));
            }
            out[Axes.index(axis, input.rank())] = true;
        }
        int[] kept = new int[input.rank()];
        int count = 0;
        for (int axis = 0; axis < out.length; axis++) {
            if (axes.length == 0 ? input.extent(axis) > 1 : !out[axis]) {
                kept[count++] = input.extent(axis);
            }
        }
        return Shape.of(Arrays.copyOf(kept, count));
    }
}

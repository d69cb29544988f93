package coordconv.layers.shaping;

import coordconv.layers.Shape;
import java.util.Arrays;

/** Axes of size 1 put in, such as [N, C] -> [N, C, 1, 1]; nothing is copied. Source: ONNX Unsqueeze. */
public final class Unsqueeze extends ViewLayer {
    private final int[] axes;

    /**
     * An unsqueeze.
     *
     * @param axes places of the new axes in the output, each once; -1 for its last
     */
    public Unsqueeze(int... axes) {
        this.axes = axes.clone();
    }

    /** {@return a copy of the axes as they were given} */
    public int[] axes() {
        return axes.clone();
    }

    @Override
    public String type() {
        return "Unsqueeze";
    }

    @Override
    protected Shape infer(Shape input) {
        int[] extents = new int[input.rank() + axes.length];
        for (int axis : axes) {
            int index = axis < 0 ? axis + extents.length : axis;
            if (index < 0 || index >= extents.length || extents[index] == 1) {
                throw refuse("input", input, "one that has the axes " + Arrays.toString(axes) + " afterwards, each once");
            }
            extents[index] = 1;
        }
        int next = 0;
        for (int i = 0; i < extents.length; i++) {
            extents[i] = extents[i] == 1 ? 1 : input.extent(next++);
        }
        return Shape.of(extents);
    }
}

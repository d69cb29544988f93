package coordconv.layers.shaping;

import coordconv.layers.Shape;
import coordconv.layers.internal.Axes;

/**
 * Elements picked along one axis, in any order and as often as wanted; the other axes whole. Source: ONNX Gather with
 * a list of indices.
 */
public final class Pick extends MappedLayer {
    private final int axis;
    private final int[] indices;

    /**
     * A choice.
     *
     * @param axis 0 for the outermost, -1 for the last
     * @param indices which elements, at least one; negative ones count from the end
     */
    public Pick(int axis, int... indices) {
        this.axis = axis;
        this.indices = indices.clone();
        if (indices.length == 0) {
            throw new IllegalArgumentException("indices: given none, needed at least one");
        }
    }

    /** {@return the axis as it was given} */
    public int axis() {
        return axis;
    }

    /** {@return a copy of the indices as they were given} */
    public int[] indices() {
        return indices.clone();
    }

    @Override
    public String type() {
        return "Pick";
    }

    @Override
    int[][] maps(Shape input) {
        if (!Axes.isIn(axis, input.rank())) {
            throw refuse("input", input, "a shape with axis " + axis);
        }
        int index = Axes.index(axis, input.rank());
        int size = input.extent(index);
        int[] map = new int[indices.length];
        for (int i = 0; i < map.length; i++) {
            if (indices[i] < -size || indices[i] >= size) {
                throw refuse("input", input, "an element " + indices[i] + " along axis " + axis);
            }
            map[i] = indices[i] < 0 ? indices[i] + size : indices[i];
        }
        int[][] maps = new int[input.rank()][];
        maps[index] = map;
        return maps;
    }
}

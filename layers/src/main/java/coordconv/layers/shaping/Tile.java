package coordconv.layers.shaping;

import coordconv.layers.Shape;
import java.util.Arrays;

/** A tensor side by side with itself, a number of times along each axis: any shape of as many axes. Source: ONNX Tile. */
public final class Tile extends MappedLayer {
    private final int[] repeats;

    /**
     * A repetition.
     *
     * @param repeats how often, for each axis from the outermost on, at least 1
     */
    public Tile(int... repeats) {
        this.repeats = repeats.clone();
        for (int repeat : repeats) {
            if (repeat < 1) {
                throw new IllegalArgumentException("repeats: given " + Arrays.toString(repeats) + ", needed at least 1 each");
            }
        }
    }

    /** {@return a copy of the numbers of repeats} */
    public int[] repeats() {
        return repeats.clone();
    }

    @Override
    public String type() {
        return "Tile";
    }

    @Override
    int[][] maps(Shape input) {
        if (input.rank() != repeats.length) {
            throw refuse("input", input, "a shape of " + repeats.length + " axes");
        }
        int[] extents = new int[repeats.length];
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = Math.clamp((long) input.extent(axis) * repeats[axis], 0, Integer.MAX_VALUE);
        }
        requireElements(input, extents);
        int[][] maps = new int[repeats.length][];
        for (int axis = 0; axis < maps.length; axis++) {
            int size = input.extent(axis);
            if (repeats[axis] > 1) {
                maps[axis] = new int[extents[axis]];
                Arrays.setAll(maps[axis], i -> i % size);
            }
        }
        return maps;
    }
}

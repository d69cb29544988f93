package coordconv.layers.shaping;

import coordconv.layers.Shape;
import java.util.Arrays;
import java.util.Objects;

/**
 * More elements before and after each axis, or fewer where a number is negative: any shape of as many axes. Elements are
 * cut off first, so that those which are left are mirrored or repeated. Source: ONNX Pad, whose text leaves that order open;
 * ONNX Runtime has this one.
 */
public final class Pad extends MappedLayer {
    private final Mode mode;
    private final float value;
    private final int[] before;
    private final int[] after;

    /** What the new elements are. */
    public enum Mode {
        /** One value. */
        CONSTANT,
        /** The image mirrored at its border, whose own elements are not repeated, to and fro as often as it takes. */
        REFLECT,
        /** The element at the border. */
        EDGE,
        /** The image again from its other end, as often as it takes. */
        WRAP
    }

    /**
     * In full.
     *
     * @param mode what the new elements are
     * @param value the value of {@link Mode#CONSTANT}; other modes leave it unused
     * @param before elements before each axis, outermost first; negative ones are cut off
     * @param after elements after each axis; negative ones are cut off
     */
    public Pad(Mode mode, float value, int[] before, int[] after) {
        this.mode = Objects.requireNonNull(mode, "mode");
        this.value = value;
        this.before = before.clone();
        this.after = after.clone();
        if (before.length != after.length) {
            throw new IllegalArgumentException("after: given " + after.length + " numbers, needed as many as before has, "
                    + before.length);
        }
    }

    /**
     * Rows and columns around images [N, C, H, W].
     *
     * @param mode what the new elements are
     * @param top rows above
     * @param bottom rows below
     * @param left columns left
     * @param right columns right
     * @return the layer, with a value of 0
     */
    public static Pad images(Mode mode, int top, int bottom, int left, int right) {
        return new Pad(mode, 0, new int[] {0, 0, top, left}, new int[] {0, 0, bottom, right});
    }

    /** {@return what the new elements are} */
    public Mode mode() {
        return mode;
    }

    /** {@return the value of the constant mode} */
    public float value() {
        return value;
    }

    /** {@return a copy of the numbers of elements before each axis} */
    public int[] before() {
        return before.clone();
    }

    /** {@return a copy of the numbers of elements after each axis} */
    public int[] after() {
        return after.clone();
    }

    @Override
    public String type() {
        return "Pad";
    }

    @Override
    float constant() {
        return value;
    }

    @Override
    int[][] maps(Shape input) {
        if (input.rank() != before.length) {
            throw refuse("input", input, "a shape of " + before.length + " axes");
        }
        int[] extents = new int[before.length];
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = Math.clamp((long) before[axis] + input.extent(axis) + after[axis], 0, Integer.MAX_VALUE);
        }
        requireElements(input, extents);
        int[][] maps = new int[before.length][];
        for (int axis = 0; axis < maps.length; axis++) {
            if (before[axis] != 0 || after[axis] != 0) {
                maps[axis] = map(input, axis, extents[axis]);
            }
        }
        return maps;
    }

    private int[] map(Shape input, int axis, int extent) {
        int cut = Math.max(-before[axis], 0);
        int left = input.extent(axis) - cut - Math.max(-after[axis], 0);
        if (left < 1 && mode != Mode.CONSTANT) {
            throw refuse("input", input, "an element that is left to repeat along axis " + axis + " when " + cut + " and "
                    + Math.max(-after[axis], 0) + " are cut off");
        }
        int added = Math.max(before[axis], 0);
        int[] map = new int[extent];
        Arrays.setAll(map, i -> {
            int at = source(i - added, left);
            return at < 0 ? IndexMap.OUTSIDE : cut + at;
        });
        return map;
    }

    /** The index among those that are left, or a negative number for the constant. */
    private int source(int at, int size) {
        return switch (mode) {
            case CONSTANT -> at >= size ? -1 : at;
            case EDGE -> Math.clamp(at, 0, size - 1);
            case WRAP -> Math.floorMod(at, size);
            case REFLECT -> {
                int there = size - 1;
                int within = there == 0 ? 0 : Math.floorMod(at, 2 * there);
                yield within <= there ? within : 2 * there - within;
            }
        };
    }
}

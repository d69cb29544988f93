package coordconv.layers.shaping;

import coordconv.layers.Shape;
import coordconv.layers.internal.Axes;
import java.util.Arrays;

/**
 * Part of a tensor: along some axes every step-th element from a start to an end, the other axes whole. Negative
 * starts, ends and axes count from the end, and what reaches beyond the tensor is cut. Source: ONNX Slice, NumPy.
 */
public final class Slice extends MappedLayer {
    private final int[] axes;
    private final int[] starts;
    private final int[] ends;
    private final int[] steps;

    /**
     * In full.
     *
     * @param axes which axes are cut, each once
     * @param starts first element along each of them
     * @param ends end along each of them, not taken itself; {@link Integer#MAX_VALUE} for the last, and with a
     *     negative step {@link Integer#MIN_VALUE} for the first
     * @param steps distance of the elements, not 0; negative ones go backwards
     */
    public Slice(int[] axes, int[] starts, int[] ends, int[] steps) {
        this.axes = axes.clone();
        this.starts = starts.clone();
        this.ends = ends.clone();
        this.steps = steps.clone();
        if (starts.length != axes.length || ends.length != axes.length || steps.length != axes.length) {
            throw new IllegalArgumentException("starts, ends and steps: given " + starts.length + ", " + ends.length + " and "
                    + steps.length + " numbers, needed as many as there are axes, " + axes.length);
        }
        for (int step : steps) {
            if (step == 0) {
                throw new IllegalArgumentException("steps: given " + Arrays.toString(steps) + ", needed none that is 0");
            }
        }
    }

    /**
     * Neighbouring elements along one axis, such as some of the channels.
     *
     * @param axis which axis
     * @param start first element
     * @param end end, not taken itself
     * @return the layer
     */
    public static Slice of(int axis, int start, int end) {
        return new Slice(new int[] {axis}, new int[] {start}, new int[] {end}, new int[] {1});
    }

    /** {@return a copy of the axes, as they were given} */
    public int[] axes() {
        return axes.clone();
    }

    /** {@return a copy of the starts, as they were given} */
    public int[] starts() {
        return starts.clone();
    }

    /** {@return a copy of the ends, as they were given} */
    public int[] ends() {
        return ends.clone();
    }

    /** {@return a copy of the steps} */
    public int[] steps() {
        return steps.clone();
    }

    @Override
    public String type() {
        return "Slice";
    }

    @Override
    int[][] maps(Shape input) {
        int[][] maps = new int[input.rank()][];
        for (int i = 0; i < axes.length; i++) {
            if (!Axes.isIn(axes[i], input.rank()) || maps[Axes.index(axes[i], input.rank())] != null) {
                throw refuse("input", input, "a shape with the axes " + Arrays.toString(axes) + ", each once");
            }
            int[] taken = taken(input.extent(Axes.index(axes[i], input.rank())), starts[i], ends[i], steps[i]);
            if (taken.length == 0) {
                throw refuse("input", input, "an element from " + starts[i] + " to " + ends[i] + " by " + steps[i]
                        + " along axis " + axes[i]);
            }
            maps[Axes.index(axes[i], input.rank())] = taken;
        }
        return maps;
    }

    private static int[] taken(int size, int start, int end, int step) {
        long from = start < 0 ? (long) start + size : start;
        long to = end < 0 ? (long) end + size : end;
        from = step > 0 ? Math.clamp(from, 0L, size) : Math.clamp(from, -1L, size - 1L);
        to = step > 0 ? Math.clamp(to, 0L, size) : Math.clamp(to, -1L, size - 1L);
        int[] taken = new int[(int) Math.max(0, Math.ceilDiv(to - from, (long) step))];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = (int) (from + (long) i * step);
        }
        return taken;
    }
}

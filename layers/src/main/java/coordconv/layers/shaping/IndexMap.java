package coordconv.layers.shaping;

import coordconv.kernels.Parallelism;
import coordconv.layers.Shape;
import coordconv.layers.internal.Ranges;
import java.util.Arrays;

/**
 * A copy whose elements come from an index of their own along each axis, or are a constant:
 * {@code y[i0, i1, ...] = x[m0[i0], m1[i1], ...]}, or the constant where an index is {@link #OUTSIDE}. Padding,
 * cutting, picking, repeating and enlarging by the nearest element are all of this kind.
 */
final class IndexMap {
    /** An index that no element has. */
    static final int OUTSIDE = -1;

    /** Runs of neighbours shorter than this on average are copied one by one: a call for each costs more. */
    private static final int SHORT = 8;

    /** Where each row of the output starts in the input, or OUTSIDE. */
    private final int[] rows;
    /** The map of the last axis that is not copied whole, and how many floats each of its elements stands for. */
    private final int[] last;
    private final int block;
    /** Floats from one of those elements to the next in the output, and before the first. */
    private final int pitch;
    private final int offset;
    /** Floats from one row of the output to the next. */
    private final int rowLength;
    /** Starts of the runs of neighbours in {@link #last}, closed by its length; null where they are short. */
    private final int[] runs;
    private final boolean everywhere;
    private final float constant;
    private final Ranges ranges;
    private float[] from;
    private float[] into;

    /**
     * A map.
     *
     * @param input shape of the input
     * @param maps for each axis the index of each output, or null for an axis that is copied whole
     * @param constant stands outside
     * @param parallelism threads
     */
    IndexMap(Shape input, int[][] maps, float constant, Parallelism parallelism) {
        this(input, maps, constant, parallelism, 0, 0);
    }

    /**
     * A map to some channels of larger images.
     *
     * @param input shape of the input, [N, H, W, C] where the output has gaps
     * @param maps for each axis the index of each output, or null for an axis that is copied whole
     * @param constant stands outside
     * @param parallelism threads
     * @param outputPitch floats from one pixel of the output to the next, 0 for pixels without a gap
     * @param offset of the first float of the output
     */
    IndexMap(Shape input, int[][] maps, float constant, Parallelism parallelism, int outputPitch, int offset) {
        int axis = maps.length - 1;
        boolean gaps = outputPitch != 0;
        int pixels = gaps ? maps.length - 2 : 0;
        while (axis > pixels && maps[axis] == null) {
            axis--;
        }
        this.constant = constant;
        last = maps.length == 0 ? new int[1] : map(maps, axis, input);
        block = maps.length == 0 ? 1 : input.elements(axis + 1, input.rank());
        pitch = gaps && axis == pixels ? outputPitch : block;
        this.offset = offset;
        rowLength = gaps && axis > pixels ? outputPitch : last.length * pitch;
        rows = rows(input, maps, Math.max(axis, 0));
        runs = runs(last, block, pitch);
        everywhere = Arrays.stream(last).allMatch(index -> index != OUTSIDE);
        ranges = new Ranges(parallelism, rows.length, rowLength, this::gather);
    }

    private static int[] map(int[][] maps, int axis, Shape input) {
        if (maps[axis] != null) {
            return maps[axis];
        }
        int[] whole = new int[input.extent(axis)];
        Arrays.setAll(whole, i -> i);
        return whole;
    }

    private static int[] rows(Shape input, int[][] maps, int axes) {
        int[] starts = {0};
        for (int axis = 0; axis < axes; axis++) {
            int[] map = map(maps, axis, input);
            int stride = input.elements(axis + 1, input.rank());
            int[] next = new int[starts.length * map.length];
            for (int i = 0; i < next.length; i++) {
                int outer = starts[i / map.length];
                int index = map[i % map.length];
                next[i] = outer == OUTSIDE || index == OUTSIDE ? OUTSIDE : outer + index * stride;
            }
            starts = next;
        }
        return starts;
    }

    private static int[] runs(int[] map, int block, int pitch) {
        int[] starts = new int[map.length + 1];
        int count = 0;
        for (int i = 0; i < map.length; i++) {
            boolean follows = i > 0 && pitch == block && map[i] == (map[i - 1] == OUTSIDE ? OUTSIDE : map[i - 1] + 1);
            if (!follows) {
                starts[count++] = i;
            }
        }
        starts[count] = map.length;
        return (long) map.length * block / count < SHORT ? null : Arrays.copyOf(starts, count + 1);
    }

    void copy(float[] x, float[] y) {
        from = x;
        into = y;
        ranges.run();
    }

    private void gather(int part, int firstRow, int endRow) {
        for (int row = firstRow; row < endRow; row++) {
            int at = offset + row * rowLength;
            if (rows[row] == OUTSIDE) {
                fill(at);
            } else if (rowLength == last.length * block && row > firstRow && rows[row] == rows[row - 1]) {
                System.arraycopy(into, at - rowLength, into, at, rowLength);
            } else if (runs == null) {
                elements(rows[row], at);
            } else {
                runs(rows[row], at);
            }
        }
    }

    private void fill(int at) {
        if (pitch == block) {
            Arrays.fill(into, at, at + last.length * block, constant);
            return;
        }
        for (int j = 0; j < last.length; j++) {
            Arrays.fill(into, at + j * pitch, at + j * pitch + block, constant);
        }
    }

    private void elements(int start, int at) {
        if (block == 1 && pitch == 1 && everywhere) {
            for (int j = 0; j < last.length; j++) {
                into[at + j] = from[start + last[j]];
            }
            return;
        }
        for (int j = 0; j < last.length; j++) {
            for (int i = 0; i < block; i++) {
                into[at + j * pitch + i] = last[j] == OUTSIDE ? constant : from[start + last[j] * block + i];
            }
        }
    }

    private void runs(int start, int at) {
        for (int k = 0; k < runs.length - 1; k++) {
            int index = last[runs[k]];
            int target = at + runs[k] * pitch;
            int length = (runs[k + 1] - runs[k]) * block;
            if (index == OUTSIDE) {
                Arrays.fill(into, target, target + length, constant);
            } else {
                System.arraycopy(from, start + index * block, into, target, length);
            }
        }
    }

    /** The adjoint: each gradient is added where its element came from. */
    void addBack(float[] dy, float[] dx) {
        Arrays.fill(dx, 0);
        for (int row = 0; row < rows.length; row++) {
            for (int j = 0; j < last.length && rows[row] != OUTSIDE; j++) {
                if (last[j] != OUTSIDE) {
                    add(dy, row * rowLength + j * block, dx, rows[row] + last[j] * block, block);
                }
            }
        }
    }

    private static void add(float[] from, int fromAt, float[] into, int intoAt, int count) {
        for (int i = 0; i < count; i++) {
            into[intoAt + i] += from[fromAt + i];
        }
    }
}

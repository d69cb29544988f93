package coordconv.layers.shaping;

import coordconv.kernels.Parallelism;
import coordconv.layers.Shape;
import coordconv.layers.internal.Ranges;
import java.util.Arrays;

/** One axis resized, all others as they are. */
final class ResizePass {
    private static final int BLOCK = 1024;

    private final ResizeTaps taps;
    private final int outer;
    private final int size;
    private final int outputs;
    private final int inner;
    /** Sums of a row; as doubles, for C2 does not vectorise a loop that stores floats at another offset than it loads. */
    private final double[][] sums;
    private final Ranges forward;
    private final Ranges backward;
    private float[] from;
    private float[] into;

    ResizePass(Shape input, int axis, ResizeTaps taps, Parallelism parallelism) {
        this.taps = taps;
        outer = input.elements(0, axis);
        size = input.extent(axis);
        inner = input.elements(axis + 1, input.rank());
        outputs = taps.index.length / taps.count;
        long each = (long) outputs * inner * taps.count;
        forward = inner > 1 ? new Ranges(parallelism, outer * outputs, (long) inner * taps.count, this::combineRows)
                : new Ranges(parallelism, outer, each, this::forward);
        sums = new double[forward.parts()][Math.min(inner, BLOCK)];
        backward = new Ranges(parallelism, outer, each, this::backward);
    }

    /** How many floats it takes. */
    int inputs() {
        return outer * size * inner;
    }

    void forward(float[] x, float[] y) {
        from = x;
        into = y;
        forward.run();
    }

    /** The adjoint. */
    void backward(float[] dy, float[] dx) {
        from = dy;
        into = dx;
        backward.run();
    }

    private void combineRows(int part, int first, int end) {
        for (int row = first; row < end; row++) {
            combineRows(sums[part], row / outputs * size * inner, row % outputs * taps.count, row * inner);
        }
    }

    private void forward(int part, int first, int end) {
        for (int plane = first; plane < end; plane++) {
            if (taps.count == 2) {
                pairs(plane * size, plane * outputs);
            } else {
                sums(plane * size, plane * outputs);
            }
        }
    }

    /** One output row out of whole input rows, two at a time. */
    private void combineRows(double[] sum, int start, int tap, int at) {
        for (int first = 0; first < inner; first += BLOCK) {
            int width = Math.min(BLOCK, inner - first);
            Arrays.fill(sum, 0, width, 0);
            for (int k = tap; k < tap + taps.count; k += 2) {
                combine(sum, taps.weight[k], start + taps.index[k] * inner + first,
                        taps.weight[k + 1], start + taps.index[k + 1] * inner + first, width);
            }
            for (int j = 0; j < width; j++) {
                into[at + first + j] = (float) sum[j];
            }
        }
    }

    private void combine(double[] sum, double onA, int a, double onB, int b, int width) {
        for (int j = 0; j < width; j++) {
            sum[j] += onA * from[a + j] + onB * from[b + j];
        }
    }

    private void pairs(int start, int at) {
        for (int i = 0; i < outputs; i++) {
            into[at + i] = taps.weight[2 * i] * from[start + taps.index[2 * i]]
                    + taps.weight[2 * i + 1] * from[start + taps.index[2 * i + 1]];
        }
    }

    private void sums(int start, int at) {
        for (int i = 0; i < outputs; i++) {
            float sum = 0;
            for (int k = i * taps.count; k < (i + 1) * taps.count; k++) {
                sum += taps.weight[k] * from[start + taps.index[k]];
            }
            into[at + i] = sum;
        }
    }

    private void backward(int part, int first, int end) {
        Arrays.fill(into, first * size * inner, end * size * inner, 0);
        for (int plane = first; plane < end; plane++) {
            for (int k = 0; k < taps.index.length; k++) {
                add(taps.weight[k], (plane * outputs + k / taps.count) * inner, (plane * size + taps.index[k]) * inner);
            }
        }
    }

    private void add(float weight, int a, int at) {
        for (int j = 0; j < inner; j++) {
            into[at + j] += weight * from[a + j];
        }
    }
}

package coordconv.layers.pooling;

import coordconv.layers.Execution;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import coordconv.layers.internal.Axes;
import coordconv.layers.internal.FloatLoops;
import coordconv.layers.internal.Ranges;
import java.util.Arrays;
import java.util.Objects;

/**
 * One number for all the elements along some axes, such as the mean over H and W: any shape with these axes -> the
 * same with extents of 1, or without them. Source: ONNX ReduceMean and its kin, NumPy.
 */
public final class Reduce extends UnaryLayer implements Cloneable {
    /** Outputs that are computed at a time where they are neighbours: their sums stay in the first cache. */
    private static final int BLOCK = 512;

    private final Reduction reduction;
    private final boolean keep;
    private final int[] axes;
    private Tensor x;
    private Tensor y;
    private Tensor dx;
    /** Outputs side by side along the last axes that stay, and where each such row starts in the input. */
    private int inner;
    private int[] rows;
    /** Offsets of the elements that are taken together, of the first of each run where the last axes are reduced. */
    private int[] offsets;
    private int run;
    private int blocks;
    private double[][] sums;
    private boolean[] given;
    private Ranges ranges;

    /**
     * A reduction.
     *
     * @param reduction what is made of the elements
     * @param keep whether the axes stay, with an extent of 1
     * @param axes which axes, each once, -1 for the last; none for all
     */
    public Reduce(Reduction reduction, boolean keep, int... axes) {
        this.reduction = Objects.requireNonNull(reduction, "reduction");
        this.keep = keep;
        this.axes = axes.clone();
    }

    /** {@return what is made of the elements} */
    public Reduction reduction() {
        return reduction;
    }

    /** {@return whether the axes stay, with an extent of 1} */
    public boolean keepsAxes() {
        return keep;
    }

    /** {@return a copy of the axes as they were given, empty for all} */
    public int[] axes() {
        return axes.clone();
    }

    @Override
    public String type() {
        return reduction.label();
    }

    private boolean[] reduced(Shape input) {
        boolean[] reduced = new boolean[input.rank()];
        Arrays.fill(reduced, axes.length == 0);
        for (int axis : axes) {
            if (!Axes.isIn(axis, input.rank()) || reduced[Axes.index(axis, input.rank())]) {
                throw refuse("input", input, "a shape with the axes " + Arrays.toString(axes) + ", each once");
            }
            reduced[Axes.index(axis, input.rank())] = true;
        }
        return reduced;
    }

    @Override
    protected Shape infer(Shape input) {
        boolean[] reduced = reduced(input);
        int[] extents = new int[input.rank()];
        int count = 0;
        for (int axis = 0; axis < extents.length; axis++) {
            if (keep || !reduced[axis]) {
                extents[count++] = reduced[axis] ? 1 : input.extent(axis);
            }
        }
        return Shape.of(Arrays.copyOf(extents, count));
    }

    @Override
    protected OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        boolean[] reduced = reduced(input);
        int axis = input.rank();
        while (axis > 0 && !reduced[axis - 1]) {
            axis--;
        }
        inner = input.elements(axis, input.rank());
        int end = axis;
        while (inner == 1 && axis > 0 && reduced[axis - 1]) {
            axis--;
        }
        run = input.elements(axis, end);
        rows = starts(input, reduced, false, axis);
        offsets = starts(input, reduced, true, axis);
        blocks = Math.ceilDiv(inner, BLOCK);
        y = outputBuffer(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
        int width = Math.min(inner, BLOCK);
        ranges = new Ranges(execution.parallelism(), rows.length * blocks, (long) offsets.length * run * width, this::forward);
        sums = new double[ranges.parts()][width];
        given = new boolean[width];
    }

    /** Where elements start that differ along the axes of one kind, before an end. */
    private static int[] starts(Shape input, boolean[] reduced, boolean kind, int end) {
        int[] starts = {0};
        for (int axis = 0; axis < end; axis++) {
            if (reduced[axis] == kind) {
                int extent = input.extent(axis);
                int stride = input.elements(axis + 1, input.rank());
                int[] next = new int[starts.length * extent];
                for (int i = 0; i < next.length; i++) {
                    next[i] = starts[i / extent] + i % extent * stride;
                }
                starts = next;
            }
        }
        return starts;
    }

    @Override
    protected Tensor compute(Tensor input, Phase phase) {
        x = input;
        ranges.run();
        return y;
    }

    private void forward(int part, int from, int to) {
        double[] sum = sums[part];
        for (int item = from; item < to; item++) {
            int first = item % blocks * BLOCK;
            int start = rows[item / blocks] + first;
            int width = Math.min(BLOCK, inner - first);
            if (run > 1) {
                sum[0] = runs(x.data(), start);
            } else {
                collect(x.data(), start, sum, width);
            }
            double divisor = reduction == Reduction.MEAN ? (double) offsets.length * run : 1;
            for (int i = 0; i < width; i++) {
                y.data()[item / blocks * inner + first + i] = (float) (sum[i] / divisor);
            }
        }
    }

    private double runs(float[] in, int start) {
        double result = reduction == Reduction.MAXIMUM ? Double.NEGATIVE_INFINITY
                : reduction == Reduction.MINIMUM ? Double.POSITIVE_INFINITY : 0;
        for (int offset : offsets) {
            int at = start + offset;
            result = switch (reduction) {
                case SUM, MEAN -> result + FloatLoops.sum(in, at, run);
                case SUM_OF_SQUARES -> result + FloatLoops.squaresAround(0, in, at, run);
                case MAXIMUM -> Math.max(result, FloatLoops.max(in, at, run));
                case MINIMUM -> Math.min(result, FloatLoops.min(in, at, run));
            };
        }
        return result;
    }

    private void collect(float[] in, int start, double[] sum, int width) {
        switch (reduction) {
            case SUM, MEAN -> {
                Arrays.fill(sum, 0, width, 0);
                for (int offset : offsets) {
                    for (int i = 0; i < width; i++) {
                        sum[i] += in[start + offset + i];
                    }
                }
            }
            case SUM_OF_SQUARES -> {
                Arrays.fill(sum, 0, width, 0);
                for (int offset : offsets) {
                    for (int i = 0; i < width; i++) {
                        double v = in[start + offset + i];
                        sum[i] += v * v;
                    }
                }
            }
            case MAXIMUM -> {
                Arrays.fill(sum, 0, width, Double.NEGATIVE_INFINITY);
                for (int offset : offsets) {
                    for (int i = 0; i < width; i++) {
                        sum[i] = Math.max(sum[i], in[start + offset + i]);
                    }
                }
            }
            case MINIMUM -> {
                Arrays.fill(sum, 0, width, Double.POSITIVE_INFINITY);
                for (int offset : offsets) {
                    for (int i = 0; i < width; i++) {
                        sum[i] = Math.min(sum[i], in[start + offset + i]);
                    }
                }
            }
        }
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        if (dx == null) {
            return null;
        }
        for (int item = 0; item < rows.length * blocks; item++) {
            int first = item % blocks * BLOCK;
            spread(dy.data(), item / blocks * inner + first, rows[item / blocks] + first, Math.min(BLOCK, inner - first));
        }
        return dx;
    }

    private void spread(float[] dy, int at, int start, int width) {
        float[] in = x.data();
        float[] out = y.data();
        Arrays.fill(given, 0, width, false);
        for (int k = 0; k < offsets.length * run; k++) {
            int from = start + offsets[k / run] + k % run;
            for (int i = 0; i < width; i++) {
                float g = dy[at + i];
                dx.data()[from + i] = switch (reduction) {
                    case SUM -> g;
                    case MEAN -> g / ((float) offsets.length * run);
                    case SUM_OF_SQUARES -> 2 * in[from + i] * g;
                    case MAXIMUM, MINIMUM -> {
                        boolean first = !given[i] && (in[from + i] == out[at + i] || in[from + i] != in[from + i]);
                        given[i] |= first;
                        yield first ? g : 0;
                    }
                };
            }
        }
    }
}

package coordconv.layers.activations;

import coordconv.layers.Execution;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import coordconv.layers.internal.Exponentials;
import coordconv.layers.internal.FloatLoops;
import coordconv.layers.internal.Ranges;
import java.util.Arrays;

/** Softmax, or its logarithm, of groups of floats at equal distances: any shape in, the same shape out. */
abstract class SoftmaxLayer extends UnaryLayer implements Cloneable {
    /** Groups that interleave are taken so many at a time: their maxima and sums stay in the first cache. */
    private static final int BLOCK = 512;

    private final boolean logarithm;
    private Tensor x;
    private Tensor y;
    private Tensor gradient;
    private int count;
    private int inner;
    private int blocks;
    private double[][] greatest;
    private double[][] sums;
    private Ranges forward;
    private Ranges backward;

    SoftmaxLayer(boolean logarithm) {
        this.logarithm = logarithm;
    }

    /** First axis of a group; infer() has accepted the input. */
    abstract int firstAxis(Shape input);

    /** Axis behind the last one of a group. */
    abstract int endAxis(Shape input);

    @Override
    protected final OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected final void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        int first = firstAxis(input);
        int end = endAxis(input);
        count = input.elements(first, end);
        inner = input.elements(end, input.rank());
        blocks = Math.ceilDiv(inner, BLOCK);
        int items = input.elements(0, first) * blocks;
        long each = (long) count * Math.min(inner, BLOCK);
        forward = new Ranges(execution.parallelism(), items, each, this::forward);
        backward = new Ranges(execution.parallelism(), items, each, this::backward);
        greatest = new double[forward.parts()][BLOCK];
        sums = new double[forward.parts()][BLOCK];
    }

    @Override
    protected final Tensor compute(Tensor input, Phase phase) {
        x = input;
        forward.run();
        return y;
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        gradient = dy;
        backward.run();
        return dy;
    }

    private int start(int item) {
        return item / blocks * count * inner + item % blocks * BLOCK;
    }

    private int width(int item) {
        return Math.min(BLOCK, inner - item % blocks * BLOCK);
    }

    private void forward(int part, int from, int to) {
        float[] in = x.data();
        float[] out = y.data();
        for (int item = from; item < to; item++) {
            if (inner > 1) {
                interleaved(in, out, start(item), width(item), greatest[part], sums[part]);
            } else {
                row(in, out, item * count);
            }
        }
    }

    private void row(float[] in, float[] out, int at) {
        float max = FloatLoops.max(in, at, count);
        for (int i = at; i < at + count; i++) {
            out[i] = (float) Exponentials.expOrZero(in[i] - max);
        }
        double sum = FloatLoops.sum(out, at, count);
        if (logarithm) {
            double logarithmOfSum = max + Math.log(sum);
            for (int i = at; i < at + count; i++) {
                out[i] = (float) (in[i] - logarithmOfSum);
            }
        } else {
            FloatLoops.scale(out, (float) (1 / sum), out, at, count);
        }
    }

    private void interleaved(float[] in, float[] out, int start, int width, double[] max, double[] sum) {
        Arrays.fill(max, 0, width, Double.NEGATIVE_INFINITY);
        Arrays.fill(sum, 0, width, 0);
        for (int k = 0, at = start; k < count; k++, at += inner) {
            for (int i = 0; i < width; i++) {
                max[i] = Math.max(max[i], in[at + i]);
            }
        }
        for (int k = 0, at = start; k < count; k++, at += inner) {
            for (int i = 0; i < width; i++) {
                out[at + i] = (float) Exponentials.expOrZero(in[at + i] - max[i]);
            }
            for (int i = 0; i < width; i++) {
                sum[i] += out[at + i];
            }
        }
        if (logarithm) {
            for (int i = 0; i < width; i++) {
                max[i] += Math.log(sum[i]);
            }
            for (int k = 0, at = start; k < count; k++, at += inner) {
                for (int i = 0; i < width; i++) {
                    out[at + i] = (float) (in[at + i] - max[i]);
                }
            }
        } else {
            for (int i = 0; i < width; i++) {
                sum[i] = 1 / sum[i];
            }
            for (int k = 0, at = start; k < count; k++, at += inner) {
                for (int i = 0; i < width; i++) {
                    out[at + i] = (float) (out[at + i] * sum[i]);
                }
            }
        }
    }

    private void backward(int part, int from, int to) {
        float[] p = y.data();
        float[] g = gradient.data();
        double[] sum = sums[part];
        for (int item = from; item < to; item++) {
            int start = start(item);
            int width = width(item);
            Arrays.fill(sum, 0, width, 0);
            for (int k = 0, at = start; k < count; k++, at += inner) {
                collect(p, g, at, sum, width);
            }
            for (int k = 0, at = start; k < count; k++, at += inner) {
                spread(p, g, at, sum, width);
            }
        }
    }

    private void collect(float[] p, float[] g, int at, double[] sum, int width) {
        if (logarithm) {
            for (int i = 0; i < width; i++) {
                sum[i] += g[at + i];
            }
        } else {
            for (int i = 0; i < width; i++) {
                sum[i] += (double) p[at + i] * g[at + i];
            }
        }
    }

    private void spread(float[] p, float[] g, int at, double[] sum, int width) {
        if (logarithm) {
            for (int i = 0; i < width; i++) {
                g[at + i] = (float) (g[at + i] - Exponentials.exp(p[at + i]) * sum[i]);
            }
        } else {
            for (int i = 0; i < width; i++) {
                g[at + i] = (float) (p[at + i] * (g[at + i] - sum[i]));
            }
        }
    }
}

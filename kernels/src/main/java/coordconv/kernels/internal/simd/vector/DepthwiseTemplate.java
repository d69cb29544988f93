package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.DepthwiseView;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of depthwise convolutions on the Vector API, a template as {@link TileTemplate} is. A vector of channels runs
 * over all outputs of the row before the next. Of 3x3 kernels the nine weights stay in registers, and a column of three pixels is
 * loaded once for all outputs that it belongs to: it ends the sum of one output, is the middle of the next where the stride is 1,
 * and begins another.
 */
public final class DepthwiseTemplate implements DepthwiseKernel {
    private static final VectorKernels.DepthwiseConstants CONSTANTS =
            VectorKernels.classData(MethodHandles.lookup(), VectorKernels.DepthwiseConstants.class);
    private static final VectorSpecies<Float> SPECIES = CONSTANTS.species();
    private static final int LANES = SPECIES.length();
    private static final boolean FUSED = CONSTANTS.fused();
    private static final int STRIDE = CONSTANTS.shape().stride();
    private static final boolean START = CONSTANTS.shape().start();
    private static final boolean CLIPPED = CONSTANTS.shape().activation() == Activation.CLIPPED_RELU;
    /** Whether negative results become 0. */
    private static final boolean RELU = CLIPPED || CONSTANTS.shape().activation() == Activation.RELU;
    private static final boolean LEAKY = CONSTANTS.shape().activation() == Activation.LEAKY_RELU;
    /** Outputs that share a load of weights where these do not stay in registers. */
    private static final int AT_ONCE = 4;

    /** Called by reflection, once for each shape. */
    public DepthwiseTemplate() {}

    @Override
    public void run(int outputs, int channels, DepthwiseView view) {
        for (int c = 0; c < channels; c += LANES) {
            int channel = Math.min(c, channels - LANES);
            switch (STRIDE) {
                case 1 -> runDense(outputs, channels, channel, view);
                case 2 -> runStrided(outputs, channels, channel, view);
                default -> runAny(outputs, channels, channel, view);
            }
        }
    }

    /** A 3x3 kernel of stride 1: a column in the image runs the short loop, one outside the other. */
    private static void runDense(int outputs, int channels, int channel, DepthwiseView view) {
        // Called to be counted by the JVM, without a vector operation.
        if (outputs < 0) {
            for (int i = outputs; i < 0; i++) {
                continue;
            }
            return;
        }
        float[] w = view.weights;
        int wAt = view.weightsAt + channel;
        FloatVector w0 = FloatVector.fromArray(SPECIES, w, wAt);
        FloatVector w1 = FloatVector.fromArray(SPECIES, w, wAt + channels);
        FloatVector w2 = FloatVector.fromArray(SPECIES, w, wAt + 2 * channels);
        FloatVector w3 = FloatVector.fromArray(SPECIES, w, wAt + 3 * channels);
        FloatVector w4 = FloatVector.fromArray(SPECIES, w, wAt + 4 * channels);
        FloatVector w5 = FloatVector.fromArray(SPECIES, w, wAt + 5 * channels);
        FloatVector w6 = FloatVector.fromArray(SPECIES, w, wAt + 6 * channels);
        FloatVector w7 = FloatVector.fromArray(SPECIES, w, wAt + 7 * channels);
        FloatVector w8 = FloatVector.fromArray(SPECIES, w, wAt + 8 * channels);
        FloatVector bias = FloatVector.fromArray(SPECIES, view.bias, view.biasAt + channel);
        float[] x0 = view.x[0];
        float[] x1 = view.x[1];
        float[] x2 = view.x[2];
        float[] zeros = view.zeros;
        float[] y = view.y;
        int xStep = view.xStep;
        int yStep = view.yStep;
        int width = view.width;
        int column = view.firstColumn + view.leftmost;
        int at = view.xAt[0] + column * xStep + channel;
        int to1 = view.xAt[1] - view.xAt[0];
        int to2 = view.xAt[2] - view.xAt[0];
        int yAt = view.yAt + channel;
        int startAt = view.startAt + channel;
        // Two columns that end no output come first; what they would end is not stored.
        FloatVector ending = bias;
        FloatVector middle = bias;
        int j = -2;
        while (j < outputs) {
            int insideTo = j >= 0 && column >= 0 ? Math.min(outputs, j + width - column) : j;
            column += Math.max(0, insideTo - j);
            for (; j < insideTo; j++) {
                FloatVector s0 = FloatVector.fromArray(SPECIES, x0, at);
                FloatVector s1 = FloatVector.fromArray(SPECIES, x1, at + to1);
                FloatVector s2 = FloatVector.fromArray(SPECIES, x2, at + to2);
                FloatVector begun = add(s2, w2, add(s1, w1, add(s0, w0, begin(view, bias, startAt, Math.min(j + 2, outputs - 1)))));
                FloatVector next = add(s2, w5, add(s1, w4, add(s0, w3, middle)));
                activated(add(s2, w8, add(s1, w7, add(s0, w6, ending))), view).intoArray(y, yAt);
                ending = next;
                middle = begun;
                at += xStep;
                yAt += yStep;
            }
            if (j < outputs) {
                boolean inside = column >= 0 && column < width;
                FloatVector s0 = FloatVector.fromArray(SPECIES, inside ? x0 : zeros, inside ? at : 0);
                FloatVector s1 = FloatVector.fromArray(SPECIES, inside ? x1 : zeros, inside ? at + to1 : 0);
                FloatVector s2 = FloatVector.fromArray(SPECIES, inside ? x2 : zeros, inside ? at + to2 : 0);
                FloatVector begun = add(s2, w2, add(s1, w1, add(s0, w0, begin(view, bias, startAt, Math.min(j + 2, outputs - 1)))));
                FloatVector next = add(s2, w5, add(s1, w4, add(s0, w3, middle)));
                FloatVector ended = add(s2, w8, add(s1, w7, add(s0, w6, ending)));
                if (j >= 0) {
                    activated(ended, view).intoArray(y, yAt);
                    yAt += yStep;
                }
                ending = next;
                middle = begun;
                at += xStep;
                column++;
                j++;
            }
        }
    }

    /** A 3x3 kernel of stride 2: each output has a column of its own, and shares one with the next. */
    private static void runStrided(int outputs, int channels, int channel, DepthwiseView view) {
        // Called to be counted by the JVM, without a vector operation.
        if (outputs < 0) {
            for (int i = outputs; i < 0; i++) {
                continue;
            }
            return;
        }
        float[] w = view.weights;
        int wAt = view.weightsAt + channel;
        FloatVector w0 = FloatVector.fromArray(SPECIES, w, wAt);
        FloatVector w1 = FloatVector.fromArray(SPECIES, w, wAt + channels);
        FloatVector w2 = FloatVector.fromArray(SPECIES, w, wAt + 2 * channels);
        FloatVector w3 = FloatVector.fromArray(SPECIES, w, wAt + 3 * channels);
        FloatVector w4 = FloatVector.fromArray(SPECIES, w, wAt + 4 * channels);
        FloatVector w5 = FloatVector.fromArray(SPECIES, w, wAt + 5 * channels);
        FloatVector w6 = FloatVector.fromArray(SPECIES, w, wAt + 6 * channels);
        FloatVector w7 = FloatVector.fromArray(SPECIES, w, wAt + 7 * channels);
        FloatVector w8 = FloatVector.fromArray(SPECIES, w, wAt + 8 * channels);
        FloatVector bias = FloatVector.fromArray(SPECIES, view.bias, view.biasAt + channel);
        float[] x0 = view.x[0];
        float[] x1 = view.x[1];
        float[] x2 = view.x[2];
        float[] zeros = view.zeros;
        float[] y = view.y;
        int xStep = view.xStep;
        int yStep = view.yStep;
        int width = view.width;
        int column = view.firstColumn + view.leftmost - 1;
        int at = view.xAt[0] + column * xStep + channel;
        int to1 = view.xAt[1] - view.xAt[0];
        int to2 = view.xAt[2] - view.xAt[0];
        int yAt = view.yAt + channel;
        int startAt = view.startAt + channel;
        // The column that begins the first output comes first, behind one that nobody needs.
        FloatVector ending = bias;
        int j = -1;
        while (j < outputs) {
            int insideTo = j >= 0 && column >= 0 ? Math.min(outputs, j + (width - column) / 2) : j;
            column += 2 * Math.max(0, insideTo - j);
            for (; j < insideTo; j++) {
                FloatVector s0 = FloatVector.fromArray(SPECIES, x0, at);
                FloatVector s1 = FloatVector.fromArray(SPECIES, x1, at + to1);
                FloatVector s2 = FloatVector.fromArray(SPECIES, x2, at + to2);
                FloatVector half = add(s2, w5, add(s1, w4, add(s0, w3, ending)));
                s0 = FloatVector.fromArray(SPECIES, x0, at + xStep);
                s1 = FloatVector.fromArray(SPECIES, x1, at + to1 + xStep);
                s2 = FloatVector.fromArray(SPECIES, x2, at + to2 + xStep);
                ending = add(s2, w2, add(s1, w1, add(s0, w0, begin(view, bias, startAt, Math.min(j + 1, outputs - 1)))));
                activated(add(s2, w8, add(s1, w7, add(s0, w6, half))), view).intoArray(y, yAt);
                at += 2 * xStep;
                yAt += yStep;
            }
            if (j < outputs) {
                boolean inside = column >= 0 && column < width;
                FloatVector s0 = FloatVector.fromArray(SPECIES, inside ? x0 : zeros, inside ? at : 0);
                FloatVector s1 = FloatVector.fromArray(SPECIES, inside ? x1 : zeros, inside ? at + to1 : 0);
                FloatVector s2 = FloatVector.fromArray(SPECIES, inside ? x2 : zeros, inside ? at + to2 : 0);
                FloatVector half = add(s2, w5, add(s1, w4, add(s0, w3, ending)));
                inside = column >= -1 && column + 1 < width;
                s0 = FloatVector.fromArray(SPECIES, inside ? x0 : zeros, inside ? at + xStep : 0);
                s1 = FloatVector.fromArray(SPECIES, inside ? x1 : zeros, inside ? at + to1 + xStep : 0);
                s2 = FloatVector.fromArray(SPECIES, inside ? x2 : zeros, inside ? at + to2 + xStep : 0);
                ending = add(s2, w2, add(s1, w1, add(s0, w0, begin(view, bias, startAt, Math.min(j + 1, outputs - 1)))));
                FloatVector ended = add(s2, w8, add(s1, w7, add(s0, w6, half)));
                if (j >= 0) {
                    activated(ended, view).intoArray(y, yAt);
                    yAt += yStep;
                }
                at += 2 * xStep;
                column += 2;
                j++;
            }
        }
    }

    private static void runAny(int outputs, int channels, int channel, DepthwiseView view) {
        // Called to be counted by the JVM, without a vector operation.
        if (outputs < 0) {
            for (int i = outputs; i < 0; i++) {
                continue;
            }
            return;
        }
        if (outputs < AT_ONCE) {
            runFew(outputs, channels, channel, view);
            return;
        }
        FloatVector bias = FloatVector.fromArray(SPECIES, view.bias, view.biasAt + channel);
        int startAt = view.startAt + channel;
        float[] x = view.x[0];
        float[] w = view.weights;
        float[] y = view.y;
        int[] tapAt = view.tapAt;
        int step = view.stride * view.xStep;
        int yStep = view.yStep;
        int first = view.firstColumn * view.xStep + channel;
        for (int i = 0; i < outputs; i += AT_ONCE) {
            int j = Math.min(i, outputs - AT_ONCE);
            FloatVector c0 = begin(view, bias, startAt, j);
            FloatVector c1 = begin(view, bias, startAt, j + 1);
            FloatVector c2 = begin(view, bias, startAt, j + 2);
            FloatVector c3 = begin(view, bias, startAt, j + 3);
            int x0 = first + j * step;
            int x1 = x0 + step;
            int x2 = x1 + step;
            int x3 = x2 + step;
            int wAt = view.weightsAt + channel;
            for (int t = 0; t < tapAt.length; t++) {
                FloatVector weight = FloatVector.fromArray(SPECIES, w, wAt);
                int tap = tapAt[t];
                c0 = add(FloatVector.fromArray(SPECIES, x, x0 + tap), weight, c0);
                c1 = add(FloatVector.fromArray(SPECIES, x, x1 + tap), weight, c1);
                c2 = add(FloatVector.fromArray(SPECIES, x, x2 + tap), weight, c2);
                c3 = add(FloatVector.fromArray(SPECIES, x, x3 + tap), weight, c3);
                wAt += channels;
            }
            int yAt = view.yAt + j * yStep + channel;
            activated(c0, view).intoArray(y, yAt);
            activated(c1, view).intoArray(y, yAt + yStep);
            activated(c2, view).intoArray(y, yAt + 2 * yStep);
            activated(c3, view).intoArray(y, yAt + 3 * yStep);
        }
    }

    private static void runFew(int outputs, int channels, int channel, DepthwiseView view) {
        FloatVector bias = FloatVector.fromArray(SPECIES, view.bias, view.biasAt + channel);
        float[] x = view.x[0];
        float[] w = view.weights;
        int[] tapAt = view.tapAt;
        for (int j = 0; j < outputs; j++) {
            FloatVector sum = begin(view, bias, view.startAt + channel, j);
            int from = (view.firstColumn + j * view.stride) * view.xStep + channel;
            int wAt = view.weightsAt + channel;
            for (int t = 0; t < tapAt.length; t++) {
                sum = add(FloatVector.fromArray(SPECIES, x, from + tapAt[t]), FloatVector.fromArray(SPECIES, w, wAt), sum);
                wAt += channels;
            }
            activated(sum, view).intoArray(view.y, view.yAt + j * view.yStep + channel);
        }
    }

    /** What the sum of an output begins with. */
    private static FloatVector begin(DepthwiseView view, FloatVector bias, int startAt, int j) {
        return START ? FloatVector.fromArray(SPECIES, view.start, startAt + j * view.startStep).add(bias) : bias;
    }

    private static FloatVector add(FloatVector seen, FloatVector weight, FloatVector sum) {
        return FUSED ? seen.fma(weight, sum) : seen.mul(weight).add(sum);
    }

    private static FloatVector activated(FloatVector sum, DepthwiseView view) {
        if (!RELU && !LEAKY) {
            return sum;
        }
        FloatVector zero = FloatVector.zero(SPECIES);
        if (CLIPPED) {
            FloatVector cap = FloatVector.broadcast(SPECIES, view.alpha);
            return sum.blend(zero, zero.compare(VectorOperators.GT, sum)).blend(cap, cap.compare(VectorOperators.LT, sum));
        }
        return RELU ? sum.blend(zero, zero.compare(VectorOperators.GT, sum))
                : sum.lanewise(VectorOperators.MUL, FloatVector.broadcast(SPECIES, view.alpha), zero.compare(VectorOperators.GT, sum));
    }
}

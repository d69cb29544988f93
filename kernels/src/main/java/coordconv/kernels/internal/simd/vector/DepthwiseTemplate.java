package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.PixelView;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of depthwise convolutions on the Vector API, a template as {@link TileTemplate} is. A vector of channels runs
 * over all pixels before the next: nine weights stay in registers meanwhile. Sums of neighbouring pixels do not wait for one
 * another, so one at a time keeps both multiply-add units as busy as the loads allow.
 */
public final class DepthwiseTemplate implements DepthwiseKernel {
    private static final VectorKernels.DepthwiseConstants CONSTANTS =
            VectorKernels.classData(MethodHandles.lookup(), VectorKernels.DepthwiseConstants.class);
    private static final VectorSpecies<Float> SPECIES = CONSTANTS.species();
    private static final int LANES = SPECIES.length();
    private static final boolean FUSED = CONSTANTS.fused();
    private static final boolean NINE_TAPS = CONSTANTS.shape().nineTaps();
    private static final boolean START = CONSTANTS.shape().start();
    private static final boolean CLIPPED = CONSTANTS.shape().activation() == Activation.CLIPPED_RELU;
    /** Whether negative results become 0. */
    private static final boolean RELU = CLIPPED || CONSTANTS.shape().activation() == Activation.RELU;
    private static final boolean LEAKY = CONSTANTS.shape().activation() == Activation.LEAKY_RELU;
    /** Pixels that share a load of weights where these do not stay in registers. */
    private static final int AT_ONCE = 4;

    /** Called by reflection, once for each shape. */
    public DepthwiseTemplate() {}

    @Override
    public void run(int pixels, int channels, PixelView view) {
        for (int c = 0; c < channels; c += LANES) {
            int channel = Math.min(c, channels - LANES);
            if (NINE_TAPS) {
                runNine(pixels, channels, channel, view);
            } else {
                runAny(pixels, channels, channel, view);
            }
        }
    }

    private static void runNine(int pixels, int channels, int channel, PixelView view) {
        // Called to be counted by the JVM, without a vector operation.
        if (pixels < 0) {
            for (int i = pixels; i < 0; i++) {
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
        int[] tapAt = view.runAt;
        int t0 = channel + tapAt[0];
        int t1 = channel + tapAt[1];
        int t2 = channel + tapAt[2];
        int t3 = channel + tapAt[3];
        int t4 = channel + tapAt[4];
        int t5 = channel + tapAt[5];
        int t6 = channel + tapAt[6];
        int t7 = channel + tapAt[7];
        int t8 = channel + tapAt[8];
        float[] x = view.x;
        int[] xAt = view.xAt;
        float[] y = view.y;
        int[] yAt = view.yAt;
        int yColumn = view.yColumn + channel;
        for (int p = 0; p < pixels; p++) {
            int at = xAt[p];
            FloatVector sum = START ? start(view, p, channel).add(bias) : bias;
            sum = add(x, at + t0, w0, sum);
            sum = add(x, at + t1, w1, sum);
            sum = add(x, at + t2, w2, sum);
            sum = add(x, at + t3, w3, sum);
            sum = add(x, at + t4, w4, sum);
            sum = add(x, at + t5, w5, sum);
            sum = add(x, at + t6, w6, sum);
            sum = add(x, at + t7, w7, sum);
            sum = add(x, at + t8, w8, sum);
            activated(sum, view).intoArray(y, yAt[p] + yColumn);
        }
    }

    private static void runAny(int pixels, int channels, int channel, PixelView view) {
        // Called to be counted by the JVM, without a vector operation.
        if (pixels < 0) {
            for (int i = pixels; i < 0; i++) {
                continue;
            }
            return;
        }
        FloatVector bias = FloatVector.fromArray(SPECIES, view.bias, view.biasAt + channel);
        float[] x = view.x;
        int[] xAt = view.xAt;
        float[] w = view.weights;
        int[] tapAt = view.runAt;
        float[] y = view.y;
        int[] yAt = view.yAt;
        int yColumn = view.yColumn + channel;
        int p = 0;
        for (; p + AT_ONCE <= pixels; p += AT_ONCE) {
            FloatVector c0 = START ? start(view, p, channel).add(bias) : bias;
            FloatVector c1 = START ? start(view, p + 1, channel).add(bias) : bias;
            FloatVector c2 = START ? start(view, p + 2, channel).add(bias) : bias;
            FloatVector c3 = START ? start(view, p + 3, channel).add(bias) : bias;
            int x0 = xAt[p] + channel;
            int x1 = xAt[p + 1] + channel;
            int x2 = xAt[p + 2] + channel;
            int x3 = xAt[p + 3] + channel;
            int wAt = view.weightsAt + channel;
            for (int t = 0; t < tapAt.length; t++) {
                FloatVector weight = FloatVector.fromArray(SPECIES, w, wAt);
                int tap = tapAt[t];
                c0 = add(x, x0 + tap, weight, c0);
                c1 = add(x, x1 + tap, weight, c1);
                c2 = add(x, x2 + tap, weight, c2);
                c3 = add(x, x3 + tap, weight, c3);
                wAt += channels;
            }
            activated(c0, view).intoArray(y, yAt[p] + yColumn);
            activated(c1, view).intoArray(y, yAt[p + 1] + yColumn);
            activated(c2, view).intoArray(y, yAt[p + 2] + yColumn);
            activated(c3, view).intoArray(y, yAt[p + 3] + yColumn);
        }
        for (; p < pixels; p++) {
            FloatVector sum = START ? start(view, p, channel).add(bias) : bias;
            int wAt = view.weightsAt + channel;
            for (int t = 0; t < tapAt.length; t++) {
                sum = add(x, xAt[p] + channel + tapAt[t], FloatVector.fromArray(SPECIES, w, wAt), sum);
                wAt += channels;
            }
            activated(sum, view).intoArray(y, yAt[p] + yColumn);
        }
    }

    private static FloatVector start(PixelView view, int p, int channel) {
        return FloatVector.fromArray(SPECIES, view.start, view.startAt[p] + view.startColumn + channel);
    }

    private static FloatVector add(float[] x, int at, FloatVector weight, FloatVector sum) {
        FloatVector seen = FloatVector.fromArray(SPECIES, x, at);
        return FUSED ? seen.fma(weight, sum) : seen.mul(weight).add(sum);
    }

    private static FloatVector activated(FloatVector sum, PixelView view) {
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

package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.scalar.ScalarTapLoops;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link coordconv.kernels.internal.simd.TapLoops} on the Vector API. A template as {@link VectorPackLoops} is.
 *
 * <p>The nine taps of a 3x3 kernel have loops of their own, with the weights in registers: a loop over nine taps would
 * spend as long on its start and end as on its sums.
 */
public final class VectorTapLoops extends ScalarTapLoops {
    private static final VectorSpecies<Float> SPECIES = VectorKernels.speciesOf(MethodHandles.lookup());
    private static final int LANES = SPECIES.length();
    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

    /** Made by reflection, once a width. */
    public VectorTapLoops() {}

    @Override
    public void sumTaps(float[] src, int srcAt, int srcRowStride, int[] tapAt, int taps, float[] weights, int weightsAt,
                        float bias, float[] dst, int dstAt, int dstRowStride, int rows, int columns,
                        Activation activation, float alpha) {
        float factor = activation == Activation.LEAKY_RELU ? alpha : 1;
        boolean clipped = activation == Activation.CLIPPED_RELU;
        boolean relu = activation == Activation.RELU || clipped;
        if (taps == NINE) {
            sumNine(src, srcAt, srcRowStride, tapAt, weights, weightsAt, bias, dst, dstAt, dstRowStride, rows, columns,
                    factor, relu);
        } else {
            sumAny(src, srcAt, srcRowStride, tapAt, taps, weights, weightsAt, bias, dst, dstAt, dstRowStride, rows, columns,
                    factor, relu);
        }
        if (clipped) {
            capRows(dst, dstAt, dstRowStride, rows, columns, alpha);
        }
    }

    /** A pass of its own over outputs still in cache: all other activations would pay for a bound in their loops. */
    private static void capRows(float[] dst, int dstAt, int dstRowStride, int rows, int columns, float cap) {
        int whole = SPECIES.loopBound(columns);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, columns);
        for (int i = 0; i < rows; i++) {
            int d = dstAt + i * dstRowStride;
            for (int j = 0; j < whole; j += LANES) {
                FloatVector v = FloatVector.fromArray(SPECIES, dst, d + j);
                v.blend(cap, v.compare(VectorOperators.GT, cap)).intoArray(dst, d + j);
            }
            if (whole < columns) {
                FloatVector v = FloatVector.fromArray(SPECIES, dst, d + whole, rest);
                v.blend(cap, v.compare(VectorOperators.GT, cap)).intoArray(dst, d + whole, rest);
            }
        }
    }

    private static void sumNine(float[] src, int srcAt, int srcRowStride, int[] tapAt, float[] weights, int w, float bias,
                                float[] dst, int dstAt, int dstRowStride, int rows, int columns,
                                float factor, boolean relu) {
        // A product with 0 would make NaN of negative infinity: ReLU is a choice of lanes.
        VectorMask<Float> rectified = SPECIES.maskAll(relu);
        FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w + 0]);
        FloatVector w1 = FloatVector.broadcast(SPECIES, weights[w + 1]);
        FloatVector w2 = FloatVector.broadcast(SPECIES, weights[w + 2]);
        FloatVector w3 = FloatVector.broadcast(SPECIES, weights[w + 3]);
        FloatVector w4 = FloatVector.broadcast(SPECIES, weights[w + 4]);
        FloatVector w5 = FloatVector.broadcast(SPECIES, weights[w + 5]);
        FloatVector w6 = FloatVector.broadcast(SPECIES, weights[w + 6]);
        FloatVector w7 = FloatVector.broadcast(SPECIES, weights[w + 7]);
        FloatVector w8 = FloatVector.broadcast(SPECIES, weights[w + 8]);
        int t0 = srcAt + tapAt[0];
        int t1 = srcAt + tapAt[1];
        int t2 = srcAt + tapAt[2];
        int t3 = srcAt + tapAt[3];
        int t4 = srcAt + tapAt[4];
        int t5 = srcAt + tapAt[5];
        int t6 = srcAt + tapAt[6];
        int t7 = srcAt + tapAt[7];
        int t8 = srcAt + tapAt[8];
        FloatVector start = FloatVector.broadcast(SPECIES, bias);
        int whole = SPECIES.loopBound(columns);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, columns);
        for (int i = 0; i < rows; i++) {
            int s = i * srcRowStride;
            int d = dstAt + i * dstRowStride;
            for (int j = 0; j < whole; j += LANES) {
                FloatVector even = w0.fma(FloatVector.fromArray(SPECIES, src, t0 + s + j), start);
                FloatVector odd = w1.mul(FloatVector.fromArray(SPECIES, src, t1 + s + j));
                even = w2.fma(FloatVector.fromArray(SPECIES, src, t2 + s + j), even);
                odd = w3.fma(FloatVector.fromArray(SPECIES, src, t3 + s + j), odd);
                even = w4.fma(FloatVector.fromArray(SPECIES, src, t4 + s + j), even);
                odd = w5.fma(FloatVector.fromArray(SPECIES, src, t5 + s + j), odd);
                even = w6.fma(FloatVector.fromArray(SPECIES, src, t6 + s + j), even);
                odd = w7.fma(FloatVector.fromArray(SPECIES, src, t7 + s + j), odd);
                even = w8.fma(FloatVector.fromArray(SPECIES, src, t8 + s + j), even);
                FloatVector sum = even.add(odd);
                VectorMask<Float> negative = sum.compare(VectorOperators.LT, 0);
                sum.mul(factor, negative).blend(0, negative.and(rectified)).intoArray(dst, d + j);
            }
            if (whole < columns) {
                FloatVector even = w0.fma(FloatVector.fromArray(SPECIES, src, t0 + s + whole), start);
                FloatVector odd = w1.mul(FloatVector.fromArray(SPECIES, src, t1 + s + whole));
                even = w2.fma(FloatVector.fromArray(SPECIES, src, t2 + s + whole), even);
                odd = w3.fma(FloatVector.fromArray(SPECIES, src, t3 + s + whole), odd);
                even = w4.fma(FloatVector.fromArray(SPECIES, src, t4 + s + whole), even);
                odd = w5.fma(FloatVector.fromArray(SPECIES, src, t5 + s + whole), odd);
                even = w6.fma(FloatVector.fromArray(SPECIES, src, t6 + s + whole), even);
                odd = w7.fma(FloatVector.fromArray(SPECIES, src, t7 + s + whole), odd);
                even = w8.fma(FloatVector.fromArray(SPECIES, src, t8 + s + whole), even);
                FloatVector sum = even.add(odd);
                VectorMask<Float> negative = sum.compare(VectorOperators.LT, 0);
                sum.mul(factor, negative).blend(0, negative.and(rectified)).intoArray(dst, d + whole, rest);
            }
        }
    }

    @Override
    public void sumPlanes(float[] src, int srcAt, int srcPlane, int[] tapAt, int[] first, int[] last, float[] weights, int weightsAt,
                          float[] bias, int biasAt, float[] dst, int dstAt, int dstPlane, int points, int planes,
                          Activation activation, float alpha) {
        float factor = activation == Activation.LEAKY_RELU ? alpha : 1;
        boolean clipped = activation == Activation.CLIPPED_RELU;
        sumWholeVectors(src, srcAt, srcPlane, tapAt, first, last, weights, weightsAt, bias, biasAt, dst, dstAt, dstPlane, points, planes,
                factor, activation == Activation.RELU || clipped);
        if (clipped) {
            capRows(dst, dstAt, dstPlane, planes, points, alpha);
        }
    }

    /** A tail of its own would make this too large for C2 to inline all of it. */
    private static void sumWholeVectors(float[] src, int srcAt, int srcPlane, int[] tapAt, int[] first, int[] last,
                                        float[] weights, int weightsAt, float[] bias, int biasAt,
                                        float[] dst, int dstAt, int dstPlane, int points, int planes, float factor, boolean relu) {
        VectorMask<Float> rectified = SPECIES.maskAll(relu);
        for (int p = 0; p < planes; p++) {
            int w = weightsAt + NINE * p;
            FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w + 0]);
            FloatVector w1 = FloatVector.broadcast(SPECIES, weights[w + 1]);
            FloatVector w2 = FloatVector.broadcast(SPECIES, weights[w + 2]);
            FloatVector w3 = FloatVector.broadcast(SPECIES, weights[w + 3]);
            FloatVector w4 = FloatVector.broadcast(SPECIES, weights[w + 4]);
            FloatVector w5 = FloatVector.broadcast(SPECIES, weights[w + 5]);
            FloatVector w6 = FloatVector.broadcast(SPECIES, weights[w + 6]);
            FloatVector w7 = FloatVector.broadcast(SPECIES, weights[w + 7]);
            FloatVector w8 = FloatVector.broadcast(SPECIES, weights[w + 8]);
            FloatVector start = FloatVector.broadcast(SPECIES, bias[biasAt + p]);
            int s = srcAt + p * srcPlane;
            int t0 = s + tapAt[0];
            int t1 = s + tapAt[1];
            int t2 = s + tapAt[2];
            int t3 = s + tapAt[3];
            int t4 = s + tapAt[4];
            int t5 = s + tapAt[5];
            int t6 = s + tapAt[6];
            int t7 = s + tapAt[7];
            int t8 = s + tapAt[8];
            int d = dstAt + p * dstPlane;
            for (int i = 0; i < points; i += LANES) {
                IntVector a = IntVector.fromArray(INTS, first, i);
                IntVector c = IntVector.fromArray(INTS, last, i);
                FloatVector even = w0.fma(masked(src, t0 + i, a), start);
                FloatVector odd = w1.mul(FloatVector.fromArray(SPECIES, src, t1 + i));
                even = w2.fma(masked(src, t2 + i, c), even);
                odd = w3.fma(masked(src, t3 + i, a), odd);
                even = w4.fma(FloatVector.fromArray(SPECIES, src, t4 + i), even);
                odd = w5.fma(masked(src, t5 + i, c), odd);
                even = w6.fma(masked(src, t6 + i, a), even);
                odd = w7.fma(FloatVector.fromArray(SPECIES, src, t7 + i), odd);
                even = w8.fma(masked(src, t8 + i, c), even);
                FloatVector sum = even.add(odd);
                VectorMask<Float> negative = sum.compare(VectorOperators.LT, 0);
                sum.mul(factor, negative).blend(0, negative.and(rectified)).intoArray(dst, d + i);
            }
        }
    }

    private static FloatVector masked(float[] src, int at, IntVector mask) {
        return FloatVector.fromArray(SPECIES, src, at).reinterpretAsInts().and(mask).reinterpretAsFloats();
    }

    private static void sumAny(float[] src, int srcAt, int srcRowStride, int[] tapAt, int taps, float[] weights, int w, float bias,
                               float[] dst, int dstAt, int dstRowStride, int rows, int columns,
                               float factor, boolean relu) {
        // A product with 0 would make NaN of negative infinity: ReLU is a choice of lanes.
        VectorMask<Float> rectified = SPECIES.maskAll(relu);
        FloatVector start = FloatVector.broadcast(SPECIES, bias);
        int whole = SPECIES.loopBound(columns);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, columns);
        for (int i = 0; i < rows; i++) {
            int s = srcAt + i * srcRowStride;
            int d = dstAt + i * dstRowStride;
            for (int j = 0; j < whole; j += LANES) {
                FloatVector sum = start;
                for (int t = 0; t < taps; t++) {
                    sum = FloatVector.broadcast(SPECIES, weights[w + t])
                            .fma(FloatVector.fromArray(SPECIES, src, s + tapAt[t] + j), sum);
                }
                VectorMask<Float> negative = sum.compare(VectorOperators.LT, 0);
                sum.mul(factor, negative).blend(0, negative.and(rectified)).intoArray(dst, d + j);
            }
            if (whole < columns) {
                FloatVector sum = start;
                for (int t = 0; t < taps; t++) {
                    sum = FloatVector.broadcast(SPECIES, weights[w + t])
                            .fma(FloatVector.fromArray(SPECIES, src, s + tapAt[t] + whole), sum);
                }
                VectorMask<Float> negative = sum.compare(VectorOperators.LT, 0);
                sum.mul(factor, negative).blend(0, negative.and(rectified)).intoArray(dst, d + whole, rest);
            }
        }
    }

    @Override
    public void dotTaps(float[] src, int srcAt, int srcRowStride, int[] tapAt, int taps, float[] dy, int dyAt, int dyRowStride,
                        int rows, int columns, double[] sums, int sumsAt, float[] scratch) {
        int t = 0;
        for (; t <= taps - 3; t += 3) {
            dotThree(src, srcAt, srcRowStride, tapAt, t, dy, dyAt, dyRowStride, rows, columns, sums, sumsAt, scratch);
        }
        for (; t < taps; t++) {
            dotOne(src, srcAt + tapAt[t], srcRowStride, dy, dyAt, dyRowStride, rows, columns, sums, sumsAt + t, scratch);
        }
    }

    private static void dotThree(float[] src, int srcAt, int srcRowStride, int[] tapAt, int t, float[] dy, int dyAt,
                                 int dyRowStride, int rows, int columns, double[] sums, int sumsAt, float[] scratch) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        FloatVector c = FloatVector.zero(SPECIES);
        int aAt = srcAt + tapAt[t];
        int bAt = srcAt + tapAt[t + 1];
        int cAt = srcAt + tapAt[t + 2];
        int whole = SPECIES.loopBound(columns);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, columns);
        for (int i = 0; i < rows; i++) {
            int s = i * srcRowStride;
            int d = dyAt + i * dyRowStride;
            for (int j = 0; j < whole; j += LANES) {
                FloatVector v = FloatVector.fromArray(SPECIES, dy, d + j);
                a = v.fma(FloatVector.fromArray(SPECIES, src, aAt + s + j), a);
                b = v.fma(FloatVector.fromArray(SPECIES, src, bAt + s + j), b);
                c = v.fma(FloatVector.fromArray(SPECIES, src, cAt + s + j), c);
            }
            // With no lane set where whole vectors hold the row: a branch would box the sums.
            FloatVector v = FloatVector.fromArray(SPECIES, dy, d + whole, rest);
            a = v.fma(FloatVector.fromArray(SPECIES, src, aAt + s + whole, rest), a);
            b = v.fma(FloatVector.fromArray(SPECIES, src, bAt + s + whole, rest), b);
            c = v.fma(FloatVector.fromArray(SPECIES, src, cAt + s + whole, rest), c);
        }
        a.intoArray(scratch, 0);
        sums[sumsAt + t] += sumOfLanes(scratch);
        b.intoArray(scratch, 0);
        sums[sumsAt + t + 1] += sumOfLanes(scratch);
        c.intoArray(scratch, 0);
        sums[sumsAt + t + 2] += sumOfLanes(scratch);
    }

    private static void dotOne(float[] src, int srcAt, int srcRowStride, float[] dy, int dyAt,
                               int dyRowStride, int rows, int columns, double[] sums, int sumsAt, float[] scratch) {
        FloatVector a = FloatVector.zero(SPECIES);
        int whole = SPECIES.loopBound(columns);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, columns);
        for (int i = 0; i < rows; i++) {
            int s = srcAt + i * srcRowStride;
            int d = dyAt + i * dyRowStride;
            for (int j = 0; j < whole; j += LANES) {
                a = FloatVector.fromArray(SPECIES, dy, d + j).fma(FloatVector.fromArray(SPECIES, src, s + j), a);
            }
            a = FloatVector.fromArray(SPECIES, dy, d + whole, rest).fma(FloatVector.fromArray(SPECIES, src, s + whole, rest), a);
        }
        a.intoArray(scratch, 0);
        sums[sumsAt] += sumOfLanes(scratch);
    }

    /** Not reduceLanes, whose order of additions differs between compiled and interpreted code. */
    private static double sumOfLanes(float[] lanes) {
        double sum = 0;
        for (int i = 0; i < LANES; i++) {
            sum += lanes[i];
        }
        return sum;
    }
}

package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.OutputTransform;
import coordconv.kernels.internal.simd.WinogradPoints;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link OutputTransform} on the Vector API: all columns of the tiles first, then all rows, whose results are interleaved
 * as they lie in the output. A template as {@link VectorPackLoops} is, defined once for a width and a shape, and with
 * passes in one piece as {@link VectorInputTransform} has.
 */
public final class VectorOutputTransform implements OutputTransform {
    private static final VectorKernels.TransformConstants CONSTANTS =
            VectorKernels.classData(MethodHandles.lookup(), VectorKernels.TransformConstants.class);
    private static final VectorSpecies<Float> SPECIES = CONSTANTS.species();
    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
    private static final int LANES = SPECIES.length();
    private static final int SIZE = ((Shape) CONSTANTS.shape()).outputSize();
    private static final Activation ACTIVATION = ((Shape) CONSTANTS.shape()).activation();

    /** Made by reflection. */
    public VectorOutputTransform() {}

    @Override
    public void run(float[] values, int srcAt, int srcRowStride, int pointStride, int rows, int vectors,
                    float[] bias, int biasAt, float alpha, int dstAt, int scratchAt) {
        int rowStride = SIZE * vectors * LANES;
        for (int r = 0; r < rows; r++) {
            int s = srcAt + r * srcRowStride;
            int d = dstAt + r * SIZE * rowStride;
            for (int v = 0; v < vectors; v++) {
                if (SIZE == 2) {
                    twoColumns(values, s + v * LANES, pointStride, scratchAt);
                    twoRows(values, scratchAt, bias[biasAt + r], alpha, d + v * SIZE * LANES, rowStride);
                } else {
                    fourColumns(values, s + v * LANES, pointStride, scratchAt);
                    fourRows(values, scratchAt, bias[biasAt + r], alpha, d + v * SIZE * LANES, rowStride);
                }
            }
        }
    }

    private static void twoColumns(float[] values, int s, int pointStride, int scratchAt) {
        for (int j = 0; j < 4; j++) {
            int from = s + j * pointStride;
            FloatVector m1 = FloatVector.fromArray(SPECIES, values, from + 4 * pointStride);
            FloatVector m2 = FloatVector.fromArray(SPECIES, values, from + 8 * pointStride);
            FloatVector.fromArray(SPECIES, values, from).add(m1.add(m2)).intoArray(values, scratchAt + j * LANES);
            FloatVector.fromArray(SPECIES, values, from + 12 * pointStride).add(m1.sub(m2)).intoArray(values, scratchAt + (4 + j) * LANES);
        }
    }

    private static void twoRows(float[] values, int scratchAt, float bias, float alpha, int d, int rowStride) {
        FloatVector start = FloatVector.broadcast(SPECIES, bias);
        FloatVector low = interleaved(0);
        FloatVector high = interleaved(LANES / 2);
        int to = d;
        for (int i = 0; i < 2; i++) {
            int from = scratchAt + i * 4 * LANES;
            FloatVector m1 = FloatVector.fromArray(SPECIES, values, from + LANES);
            FloatVector m2 = FloatVector.fromArray(SPECIES, values, from + 2 * LANES);
            FloatVector y0 = FloatVector.fromArray(SPECIES, values, from).add(m1.add(m2)).add(start);
            FloatVector y1 = FloatVector.fromArray(SPECIES, values, from + 3 * LANES).add(m1.sub(m2)).add(start);
            if (ACTIVATION == Activation.RELU) {
                y0 = y0.blend(0, y0.compare(VectorOperators.LT, 0));
                y1 = y1.blend(0, y1.compare(VectorOperators.LT, 0));
            } else if (ACTIVATION == Activation.LEAKY_RELU) {
                y0 = y0.mul(alpha, y0.compare(VectorOperators.LT, 0));
                y1 = y1.mul(alpha, y1.compare(VectorOperators.LT, 0));
            } else if (ACTIVATION == Activation.CLIPPED_RELU) {
                y0 = y0.blend(0, y0.compare(VectorOperators.LT, 0)).blend(alpha, y0.compare(VectorOperators.GT, alpha));
                y1 = y1.blend(0, y1.compare(VectorOperators.LT, 0)).blend(alpha, y1.compare(VectorOperators.GT, alpha));
            }
            low.selectFrom(y0, y1).intoArray(values, to);
            high.selectFrom(y0, y1).intoArray(values, to + LANES);
            to += rowStride;
        }
    }

    private static void fourColumns(float[] values, int s, int pointStride, int scratchAt) {
        FloatVector near = FloatVector.broadcast(SPECIES, WinogradPoints.NEAR);
        FloatVector far = FloatVector.broadcast(SPECIES, WinogradPoints.FAR);
        FloatVector nearCubed = FloatVector.broadcast(SPECIES, WinogradPoints.NEAR_CUBED);
        FloatVector farCubed = FloatVector.broadcast(SPECIES, WinogradPoints.FAR_CUBED);
        FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
        int stride = 6 * pointStride;
        for (int j = 0; j < 6; j++) {
            int from = s + j * pointStride;
            FloatVector m1 = FloatVector.fromArray(SPECIES, values, from + stride);
            FloatVector m2 = FloatVector.fromArray(SPECIES, values, from + 2 * stride);
            FloatVector m3 = FloatVector.fromArray(SPECIES, values, from + 3 * stride);
            FloatVector m4 = FloatVector.fromArray(SPECIES, values, from + 4 * stride);
            FloatVector nearSum = m1.add(m2);
            FloatVector farSum = m3.add(m4);
            FloatVector nearDifference = m1.sub(m2);
            FloatVector farDifference = m3.sub(m4);
            int to = scratchAt + j * LANES;
            FloatVector.fromArray(SPECIES, values, from).add(nearSum.add(farSum)).intoArray(values, to);
            nearDifference.fma(near, farDifference.mul(far)).intoArray(values, to + 6 * LANES);
            nearSum.fma(half, farSum.add(farSum)).intoArray(values, to + 12 * LANES);
            nearDifference.fma(nearCubed, farDifference.fma(farCubed, FloatVector.fromArray(SPECIES, values, from + 5 * stride)))
                    .intoArray(values, to + 18 * LANES);
        }
    }

    private static void fourRows(float[] values, int scratchAt, float bias, float alpha, int d, int rowStride) {
        FloatVector start = FloatVector.broadcast(SPECIES, bias);
        FloatVector near = FloatVector.broadcast(SPECIES, WinogradPoints.NEAR);
        FloatVector far = FloatVector.broadcast(SPECIES, WinogradPoints.FAR);
        FloatVector nearCubed = FloatVector.broadcast(SPECIES, WinogradPoints.NEAR_CUBED);
        FloatVector farCubed = FloatVector.broadcast(SPECIES, WinogradPoints.FAR_CUBED);
        FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector low = interleaved(0);
        FloatVector high = interleaved(LANES / 2);
        int to = d;
        for (int i = 0; i < 4; i++) {
            int from = scratchAt + i * 6 * LANES;
            FloatVector m1 = FloatVector.fromArray(SPECIES, values, from + LANES);
            FloatVector m2 = FloatVector.fromArray(SPECIES, values, from + 2 * LANES);
            FloatVector m3 = FloatVector.fromArray(SPECIES, values, from + 3 * LANES);
            FloatVector m4 = FloatVector.fromArray(SPECIES, values, from + 4 * LANES);
            FloatVector nearSum = m1.add(m2);
            FloatVector farSum = m3.add(m4);
            FloatVector nearDifference = m1.sub(m2);
            FloatVector farDifference = m3.sub(m4);
            FloatVector y0 = FloatVector.fromArray(SPECIES, values, from).add(nearSum.add(farSum)).add(start);
            FloatVector y1 = nearDifference.fma(near, farDifference.mul(far)).add(start);
            FloatVector y2 = nearSum.fma(half, farSum.add(farSum)).add(start);
            FloatVector y3 = nearDifference.fma(nearCubed,
                    farDifference.fma(farCubed, FloatVector.fromArray(SPECIES, values, from + 5 * LANES))).add(start);
            if (ACTIVATION == Activation.RELU) {
                y0 = y0.blend(0, y0.compare(VectorOperators.LT, 0));
                y1 = y1.blend(0, y1.compare(VectorOperators.LT, 0));
                y2 = y2.blend(0, y2.compare(VectorOperators.LT, 0));
                y3 = y3.blend(0, y3.compare(VectorOperators.LT, 0));
            } else if (ACTIVATION == Activation.LEAKY_RELU) {
                y0 = y0.mul(alpha, y0.compare(VectorOperators.LT, 0));
                y1 = y1.mul(alpha, y1.compare(VectorOperators.LT, 0));
                y2 = y2.mul(alpha, y2.compare(VectorOperators.LT, 0));
                y3 = y3.mul(alpha, y3.compare(VectorOperators.LT, 0));
            } else if (ACTIVATION == Activation.CLIPPED_RELU) {
                y0 = y0.blend(0, y0.compare(VectorOperators.LT, 0)).blend(alpha, y0.compare(VectorOperators.GT, alpha));
                y1 = y1.blend(0, y1.compare(VectorOperators.LT, 0)).blend(alpha, y1.compare(VectorOperators.GT, alpha));
                y2 = y2.blend(0, y2.compare(VectorOperators.LT, 0)).blend(alpha, y2.compare(VectorOperators.GT, alpha));
                y3 = y3.blend(0, y3.compare(VectorOperators.LT, 0)).blend(alpha, y3.compare(VectorOperators.GT, alpha));
            }
            FloatVector even = low.selectFrom(y0, y2);
            FloatVector odd = low.selectFrom(y1, y3);
            low.selectFrom(even, odd).intoArray(values, to);
            high.selectFrom(even, odd).intoArray(values, to + LANES);
            even = high.selectFrom(y0, y2);
            odd = high.selectFrom(y1, y3);
            low.selectFrom(even, odd).intoArray(values, to + 2 * LANES);
            high.selectFrom(even, odd).intoArray(values, to + 3 * LANES);
            to += rowStride;
        }
    }

    /** Indices of the elements of two vectors in turn, from one on. */
    private static FloatVector interleaved(int from) {
        IntVector index = IntVector.zero(INTS).addIndex(1);
        return (FloatVector) index.lanewise(VectorOperators.LSHR, 1).add(index.and(1).mul(LANES)).add(from)
                .convertShape(VectorOperators.I2F, SPECIES, 0);
    }
}

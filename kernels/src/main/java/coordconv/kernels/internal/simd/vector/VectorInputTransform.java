package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.InputTransform;
import coordconv.kernels.internal.simd.WinogradPoints;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link InputTransform} on the Vector API: all columns of the tiles first, then all rows. A template as
 * {@link VectorPackLoops} is, defined once for a width and a shape.
 *
 * <p>Each pass is one method without helpers of any size: C2 does not inline what it has compiled into a large method
 * before, and boxes the vectors that pass through a call.
 */
public final class VectorInputTransform implements InputTransform {
    private static final VectorKernels.TransformConstants CONSTANTS =
            VectorKernels.classData(MethodHandles.lookup(), VectorKernels.TransformConstants.class);
    private static final VectorSpecies<Float> SPECIES = CONSTANTS.species();
    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
    private static final int LANES = SPECIES.length();
    private static final int POINTS = ((Shape) CONSTANTS.shape()).outputSize() + 2;
    private static final boolean CONTIGUOUS = ((Shape) CONSTANTS.shape()).access() == Access.CONTIGUOUS;
    private static final boolean GATHER = ((Shape) CONSTANTS.shape()).access() == Access.GATHER;

    /** Made by reflection. */
    public VectorInputTransform() {}

    @Override
    public void run(float[] src, int srcAt, int channelStride, int channels, int[] tapAt, int[] columnAt, int column, int vectors,
                    float[] dst, int dstAt, int dstChannelStride, int pointStride, int scratchAt) {
        for (int c = 0; c < channels; c++) {
            int s = srcAt + c * channelStride;
            int d = dstAt + c * dstChannelStride;
            for (int v = 0; v < vectors; v++) {
                if (POINTS == 4) {
                    fourColumns(src, s, tapAt, columnAt, column + v * LANES, dst, scratchAt);
                    fourRows(dst, scratchAt, d + v * LANES, pointStride);
                } else {
                    sixColumns(src, s, tapAt, columnAt, column + v * LANES, dst, scratchAt);
                    sixRows(dst, scratchAt, d + v * LANES, pointStride);
                }
            }
        }
    }

    private static FloatVector places(int[] columnAt, int column) {
        return (FloatVector) IntVector.fromArray(INTS, columnAt, column).sub(columnAt[column])
                .convertShape(VectorOperators.I2F, SPECIES, 0);
    }

    /** One element of every tile. */
    private static FloatVector load(float[] src, int at, FloatVector places, int[] columnAt, int column) {
        if (CONTIGUOUS) {
            return FloatVector.fromArray(SPECIES, src, at + columnAt[column]);
        }
        if (GATHER) {
            return FloatVector.fromArray(SPECIES, src, at, columnAt, column);
        }
        int first = at + columnAt[column];
        return places.selectFrom(FloatVector.fromArray(SPECIES, src, first), FloatVector.fromArray(SPECIES, src, first + LANES));
    }

    private static void fourColumns(float[] src, int s, int[] tapAt, int[] columnAt, int column, float[] dst, int scratchAt) {
        FloatVector places = places(columnAt, column);
        for (int j = 0; j < 4; j++) {
            FloatVector d0 = load(src, s + tapAt[j], places, columnAt, column);
            FloatVector d1 = load(src, s + tapAt[4 + j], places, columnAt, column);
            FloatVector d2 = load(src, s + tapAt[8 + j], places, columnAt, column);
            FloatVector d3 = load(src, s + tapAt[12 + j], places, columnAt, column);
            int to = scratchAt + j * LANES;
            d2.sub(d0).intoArray(dst, to);
            d2.add(d1).intoArray(dst, to + 4 * LANES);
            d2.sub(d1).intoArray(dst, to + 8 * LANES);
            d3.sub(d1).intoArray(dst, to + 12 * LANES);
        }
    }

    private static void fourRows(float[] dst, int scratchAt, int d, int pointStride) {
        int to = d;
        for (int i = 0; i < 4; i++) {
            int from = scratchAt + i * 4 * LANES;
            FloatVector d0 = FloatVector.fromArray(SPECIES, dst, from);
            FloatVector d1 = FloatVector.fromArray(SPECIES, dst, from + LANES);
            FloatVector d2 = FloatVector.fromArray(SPECIES, dst, from + 2 * LANES);
            FloatVector d3 = FloatVector.fromArray(SPECIES, dst, from + 3 * LANES);
            d2.sub(d0).intoArray(dst, to);
            d2.add(d1).intoArray(dst, to + pointStride);
            d2.sub(d1).intoArray(dst, to + 2 * pointStride);
            d3.sub(d1).intoArray(dst, to + 3 * pointStride);
            to += 4 * pointStride;
        }
    }

    private static void sixColumns(float[] src, int s, int[] tapAt, int[] columnAt, int column, float[] dst, int scratchAt) {
        FloatVector places = places(columnAt, column);
        FloatVector minusTwo = FloatVector.broadcast(SPECIES, -2);
        FloatVector minusHalf = FloatVector.broadcast(SPECIES, -0.5f);
        FloatVector minusSum = FloatVector.broadcast(SPECIES, -2.5f);
        FloatVector near = FloatVector.broadcast(SPECIES, WinogradPoints.NEAR);
        FloatVector far = FloatVector.broadcast(SPECIES, WinogradPoints.FAR);
        for (int j = 0; j < 6; j++) {
            FloatVector d0 = load(src, s + tapAt[j], places, columnAt, column);
            FloatVector d1 = load(src, s + tapAt[6 + j], places, columnAt, column);
            FloatVector d2 = load(src, s + tapAt[12 + j], places, columnAt, column);
            FloatVector d3 = load(src, s + tapAt[18 + j], places, columnAt, column);
            FloatVector d4 = load(src, s + tapAt[24 + j], places, columnAt, column);
            FloatVector d5 = load(src, s + tapAt[30 + j], places, columnAt, column);
            FloatVector nearEven = d2.fma(minusTwo, d4);
            FloatVector nearOdd = d1.fma(minusTwo, d3).mul(near);
            FloatVector farEven = d2.fma(minusHalf, d4);
            FloatVector farOdd = d1.fma(minusHalf, d3).mul(far);
            int to = scratchAt + j * LANES;
            d2.fma(minusSum, d0.add(d4)).intoArray(dst, to);
            nearEven.add(nearOdd).intoArray(dst, to + 6 * LANES);
            nearEven.sub(nearOdd).intoArray(dst, to + 12 * LANES);
            farEven.add(farOdd).intoArray(dst, to + 18 * LANES);
            farEven.sub(farOdd).intoArray(dst, to + 24 * LANES);
            d3.fma(minusSum, d1.add(d5)).intoArray(dst, to + 30 * LANES);
        }
    }

    private static void sixRows(float[] dst, int scratchAt, int d, int pointStride) {
        FloatVector minusTwo = FloatVector.broadcast(SPECIES, -2);
        FloatVector minusHalf = FloatVector.broadcast(SPECIES, -0.5f);
        FloatVector minusSum = FloatVector.broadcast(SPECIES, -2.5f);
        FloatVector near = FloatVector.broadcast(SPECIES, WinogradPoints.NEAR);
        FloatVector far = FloatVector.broadcast(SPECIES, WinogradPoints.FAR);
        int to = d;
        for (int i = 0; i < 6; i++) {
            int from = scratchAt + i * 6 * LANES;
            FloatVector d0 = FloatVector.fromArray(SPECIES, dst, from);
            FloatVector d1 = FloatVector.fromArray(SPECIES, dst, from + LANES);
            FloatVector d2 = FloatVector.fromArray(SPECIES, dst, from + 2 * LANES);
            FloatVector d3 = FloatVector.fromArray(SPECIES, dst, from + 3 * LANES);
            FloatVector d4 = FloatVector.fromArray(SPECIES, dst, from + 4 * LANES);
            FloatVector d5 = FloatVector.fromArray(SPECIES, dst, from + 5 * LANES);
            FloatVector nearEven = d2.fma(minusTwo, d4);
            FloatVector nearOdd = d1.fma(minusTwo, d3).mul(near);
            FloatVector farEven = d2.fma(minusHalf, d4);
            FloatVector farOdd = d1.fma(minusHalf, d3).mul(far);
            d2.fma(minusSum, d0.add(d4)).intoArray(dst, to);
            nearEven.add(nearOdd).intoArray(dst, to + pointStride);
            nearEven.sub(nearOdd).intoArray(dst, to + 2 * pointStride);
            farEven.add(farOdd).intoArray(dst, to + 3 * pointStride);
            farEven.sub(farOdd).intoArray(dst, to + 4 * pointStride);
            d3.fma(minusSum, d1.add(d5)).intoArray(dst, to + 5 * pointStride);
            to += 6 * pointStride;
        }
    }
}

package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.TransposeLoops;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TransposeLoops} on the Vector API; a template, as {@link VectorPackLoops}.
 *
 * <p>A square is transposed by exchanging the off-diagonal quarters of all its squares of L rows, then L / 2 and so on to 2. Two
 * of these steps are done to four rows in registers, so that 16 lanes take two passes over the square.
 */
public final class VectorTransposeLoops implements TransposeLoops {
    private static final VectorSpecies<Float> SPECIES = VectorKernels.speciesOf(MethodHandles.lookup());
    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
    private static final int LANES = SPECIES.length();
    private static final int SQUARE = LANES * LANES;
    /**
     * Which lanes of two rows {@code half} apart the upper of them has after an exchange, from {@code 2 * (half - 1)} vectors on, and
     * behind them those of the lower. In an array, because C2 does not inline a method that makes them where it saw few calls.
     */
    private static final float[] ORDERS = orders();

    /** Made by reflection, once a width. */
    public VectorTransposeLoops() {}

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void squares(int count, float[] x, int xAt, int xPitch, float[] y, int yAt, int yPitch, float[] scratch) {
        if (LANES == 2) {
            exchange(count, x, xAt, xPitch, LANES, y, yAt, yPitch, LANES * yPitch);
        } else if (LANES == 4) {
            exchangeTwice(count, x, xAt, xPitch, LANES, y, yAt, yPitch, LANES * yPitch, 2);
        } else {
            exchangeTwice(count, x, xAt, xPitch, LANES, scratch, 0, LANES, SQUARE, LANES / 2);
            int half = LANES / 8;
            for (; half > 2; half /= 4) {
                exchangeTwice(count, scratch, 0, LANES, SQUARE, scratch, 0, LANES, SQUARE, half);
            }
            if (half == 2) {
                exchangeTwice(count, scratch, 0, LANES, SQUARE, y, yAt, yPitch, LANES * yPitch, 2);
            } else {
                exchange(count, scratch, 0, LANES, SQUARE, y, yAt, yPitch, LANES * yPitch);
            }
        }
    }

    /** The exchanges in squares of 2 rows. */
    private static void exchange(int count, float[] x, int xAt, int xPitch, int xStep, float[] y, int yAt, int yPitch, int yStep) {
        if (count < 0) {
            for (int i = count; i < 0; i++) {
                continue;
            }
            return;
        }
        FloatVector upper = FloatVector.fromArray(SPECIES, ORDERS, 0);
        FloatVector lower = FloatVector.fromArray(SPECIES, ORDERS, LANES);
        for (int row = 0; row < LANES; row += 2) {
            int s = xAt + row * xPitch;
            int d = yAt + row * yPitch;
            for (int square = 0; square < count; square++) {
                FloatVector a = FloatVector.fromArray(SPECIES, x, s);
                FloatVector b = FloatVector.fromArray(SPECIES, x, s + xPitch);
                upper.selectFrom(a, b).intoArray(y, d);
                lower.selectFrom(a, b).intoArray(y, d + yPitch);
                s += xStep;
                d += yStep;
            }
        }
    }

    /** Those in squares of {@code 2 * half} rows, then of {@code half} rows. */
    private static void exchangeTwice(int count, float[] x, int xAt, int xPitch, int xStep, float[] y, int yAt, int yPitch, int yStep,
                                      int half) {
        if (count < 0) {
            for (int i = count; i < 0; i++) {
                continue;
            }
            return;
        }
        int quarter = half / 2;
        int xNext = quarter * xPitch;
        int yNext = quarter * yPitch;
        FloatVector upper = FloatVector.fromArray(SPECIES, ORDERS, 2 * (half - 1) * LANES);
        FloatVector lower = FloatVector.fromArray(SPECIES, ORDERS, (2 * half - 1) * LANES);
        FloatVector upperQuarter = FloatVector.fromArray(SPECIES, ORDERS, 2 * (quarter - 1) * LANES);
        FloatVector lowerQuarter = FloatVector.fromArray(SPECIES, ORDERS, (2 * quarter - 1) * LANES);
        for (int i = 0; i < LANES / 4; i++) {
            int row = 4 * i - 3 * (i & quarter - 1);
            int s = xAt + row * xPitch;
            int d = yAt + row * yPitch;
            for (int square = 0; square < count; square++) {
                FloatVector x0 = FloatVector.fromArray(SPECIES, x, s);
                FloatVector x1 = FloatVector.fromArray(SPECIES, x, s + xNext);
                FloatVector x2 = FloatVector.fromArray(SPECIES, x, s + 2 * xNext);
                FloatVector x3 = FloatVector.fromArray(SPECIES, x, s + 3 * xNext);
                FloatVector a0 = upper.selectFrom(x0, x2);
                FloatVector a1 = upper.selectFrom(x1, x3);
                FloatVector a2 = lower.selectFrom(x0, x2);
                FloatVector a3 = lower.selectFrom(x1, x3);
                upperQuarter.selectFrom(a0, a1).intoArray(y, d);
                lowerQuarter.selectFrom(a0, a1).intoArray(y, d + yNext);
                upperQuarter.selectFrom(a2, a3).intoArray(y, d + 2 * yNext);
                lowerQuarter.selectFrom(a2, a3).intoArray(y, d + 3 * yNext);
                s += xStep;
                d += yStep;
            }
        }
    }

    private static float[] orders() {
        float[] orders = new float[2 * LANES * LANES];
        for (int half = 1; half < LANES; half *= 2) {
            int at = 2 * (half - 1) * LANES;
            for (int lane = 0; lane < LANES; lane++) {
                int upper = (lane & half) == 0 ? lane : lane + LANES - half;
                orders[at + lane] = upper;
                orders[at + LANES + lane] = upper + half;
            }
        }
        return orders;
    }

    @Override
    public void reorder(int groups, int members, int[] order, float[] x, int xAt, int xStride, int xStep,
                        float[] y, int yAt, int yStride, int yStep) {
        if (groups < 0) {
            for (int i = groups; i < 0; i++) {
                continue;
            }
            return;
        }
        for (int v = 0; v < members; v++) {
            IntVector from = IntVector.fromArray(INTS, order, v * LANES);
            FloatVector lane = (FloatVector) from.and(LANES - 1).convertShape(VectorOperators.I2F, SPECIES, 0);
            int s = xAt;
            int d = yAt + v * yStride;
            for (int g = 0; g < groups; g++) {
                FloatVector floats = lane.selectFrom(FloatVector.fromArray(SPECIES, x, s));
                for (int m = 1; m < members; m++) {
                    VectorMask<Float> here = from.compare(VectorOperators.GE, m * LANES).cast(SPECIES);
                    floats = floats.blend(lane.selectFrom(FloatVector.fromArray(SPECIES, x, s + m * xStride)), here);
                }
                floats.intoArray(y, d);
                s += xStep;
                d += yStep;
            }
        }
    }
}

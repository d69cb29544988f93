package coordconv.kernels.internal.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.testing.Guards;
import coordconv.kernels.testing.KernelSets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * {@link TapLoops} of every width against their contracts, written here as loops over doubles. Operands are small integers,
 * so that every order of summation is exact; what a loop may not use is a guard, which is NaN, or lies behind the end of
 * the array.
 */
class TapLoopsTest {
    static final List<KernelSet> SETS = KernelSets.ALL;
    private static final int[] TAPS = {1, 2, 3, 4, 5, 8, 9, 10, 25};

    /**
     * The operands of one call, all at offsets of their own.
     *
     * @param srcStride row stride of the source
     * @param tapAt offset of each tap
     * @param src the source, guards where no output sees it
     */
    private record Taps(int taps, int rows, int columns, int srcAt, int srcStride, int[] tapAt, float[] src) {
        /** @param slack floats behind the last that a tap sees */
        static Taps of(int taps, int rows, int columns, int offset, int slack, Random random) {
            int stride = columns + 3;
            int[] tapAt = new int[taps];
            for (int t = 0; t < taps; t++) {
                // In no order, and some of them the same.
                tapAt[t] = random.nextInt(2 * stride + 3);
            }
            int end = 0;
            for (int at : tapAt) {
                end = Math.max(end, offset + at + (rows - 1) * stride + columns);
            }
            float[] src = Guards.floats(end + slack);
            for (int at : tapAt) {
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < columns; j++) {
                        src[offset + at + i * stride + j] = random.nextInt(-8, 9);
                    }
                }
            }
            return new Taps(taps, rows, columns, offset, stride, tapAt, src);
        }

        double seen(int t, int i, int j) {
            return src[srcAt + tapAt[t] + i * srcStride + j];
        }

        String describe(KernelSet set) {
            return set.describe() + ": " + taps + " taps, " + rows + " rows of " + columns + ", offset " + srcAt;
        }
    }

    private interface Body {
        void accept(int taps, int columns, int offset);
    }

    /** All numbers of columns up to two vectors and three, at an offset of its own in a vector each. */
    private static void sweep(KernelSet set, Body body) {
        for (int taps : TAPS) {
            for (int columns = 1; columns <= 2 * set.lanes() + 3; columns++) {
                body.accept(taps, columns, columns * 5 % set.lanes());
            }
        }
    }

    private static float[] integers(int length, Random random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(-8, 9);
        }
        return values;
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void sumTaps(KernelSet set) {
        Random random = new Random(1);
        sweep(set, (taps, columns, offset) -> {
            for (Activation activation : Activation.values()) {
                int rows = 1 + random.nextInt(3);
                Taps operands = Taps.of(taps, rows, columns, offset, set.lanes(), random);
                checkSums(set, operands, integers(3 + taps, random), random.nextInt(-3, 4), activation);
            }
        });
    }

    private static void checkSums(KernelSet set, Taps t, float[] weights, float bias, Activation activation) {
        int stride = t.columns + 2;
        float[] dst = Guards.floats(4 + t.rows * stride + 2 * set.lanes());
        float[] expected = dst.clone();
        for (int i = 0; i < t.rows; i++) {
            for (int j = 0; j < t.columns; j++) {
                double sum = bias;
                for (int k = 0; k < t.taps; k++) {
                    sum += weights[3 + k] * t.seen(k, i, j);
                }
                expected[4 + i * stride + j] = (float) ActivationReference.of(activation, sum) + 0f;
            }
        }
        set.tapLoops().sumTaps(t.src, t.srcAt, t.srcStride, t.tapAt, t.taps, weights, 3, bias, dst, 4, stride, t.rows, t.columns,
                activation, ActivationReference.alpha(activation));
        String what = t.describe(set) + ", " + activation;
        Guards.same(expected, dst, what);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Float.isNaN(expected[i]), Float.isNaN(dst[i]), what + ": at " + i);
        }
    }

    /** An infinity or a NaN in the source reaches the outputs that see it, by way of every tap, and no other. */
    @ParameterizedTest
    @FieldSource("SETS")
    void specialValuesStayWhereTheyBelong(KernelSet set) {
        Random random = new Random(2);
        for (float special : new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN}) {
            for (Activation activation : Activation.values()) {
                for (int taps : new int[] {4, 9}) {
                    for (int columns : new int[] {set.lanes() - 1, 2 * set.lanes() + 1}) {
                        Taps operands = Taps.of(taps, 2, Math.max(1, columns), 1, set.lanes(), random);
                        int at = random.nextInt(operands.columns);
                        operands.src[operands.srcAt + operands.tapAt[random.nextInt(taps)] + at] = special;
                        float[] weights = integers(3 + taps, random);
                        // A product with 0 would be NaN, and so might a sum of two infinities.
                        for (int t = 0; t < taps; t++) {
                            weights[3 + t] = Math.abs(weights[3 + t]) + 1;
                        }
                        checkSums(set, operands, weights, 2, activation);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void sumPlanes(KernelSet set) {
        Random random = new Random(4);
        for (int points = 1; points <= 2 * set.lanes() + 3; points++) {
            for (Activation activation : Activation.values()) {
                checkPlanes(set, points, 1 + random.nextInt(4), activation, random);
            }
        }
    }

    private static void checkPlanes(KernelSet set, int points, int planes, Activation activation, Random random) {
        int[] tapAt = new int[9];
        for (int t = 0; t < 9; t++) {
            tapAt[t] = random.nextInt(20);
        }
        int lanes = set.lanes();
        int srcPlane = points + 25;
        float[] src = Guards.floats(2 + (planes - 1) * srcPlane + 19 + points + lanes);
        int[][] masks = new int[3][points + lanes];
        double[] expected = new double[planes * points];
        float[] weights = integers(1 + 9 * planes, random);
        float[] bias = integers(1 + planes, random);
        for (int i = 0; i < points; i++) {
            masks[0][i] = random.nextInt(4) == 0 ? 0 : -1;
            masks[1][i] = -1;
            masks[2][i] = random.nextInt(4) == 0 ? 0 : -1;
        }
        // What every tap masks stays a guard, a NaN.
        for (int p = 0; p < planes; p++) {
            for (int i = 0; i < points; i++) {
                for (int t = 0; t < 9; t++) {
                    if (masks[t % 3][i] != 0) {
                        src[2 + p * srcPlane + tapAt[t] + i] = random.nextInt(-8, 9);
                    }
                }
            }
        }
        for (int p = 0; p < planes; p++) {
            for (int i = 0; i < points; i++) {
                double sum = bias[1 + p];
                for (int t = 0; t < 9; t++) {
                    sum += masks[t % 3][i] == 0 ? 0 : weights[1 + 9 * p + t] * src[2 + p * srcPlane + tapAt[t] + i];
                }
                expected[p * points + i] = ActivationReference.of(activation, sum) + 0;
            }
        }
        int written = (planes - 1) * points + (points + lanes - 1) / lanes * lanes;
        float[] dst = Guards.floats(3 + written + 2);
        set.tapLoops().sumPlanes(src, 2, srcPlane, tapAt, masks[0], masks[2], weights, 1, bias, 1, dst, 3, points, points, planes,
                activation, ActivationReference.alpha(activation));
        String what = set.describe() + ": " + planes + " planes of " + points + ", " + activation;
        for (int i = 0; i < dst.length; i++) {
            if (i < 3 || i >= 3 + written) {
                assertEquals(true, Guards.isGuard(dst[i]), what + ": a guard at " + i);
            } else if (i < 3 + planes * points) {
                assertEquals(expected[i - 3], dst[i], 0, what + ": at " + (i - 3));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void dotTaps(KernelSet set) {
        Random random = new Random(3);
        sweep(set, (taps, columns, offset) -> {
            int rows = 1 + random.nextInt(3);
            // Nothing lies behind the last float that a tap sees, and nothing behind the gradient.
            Taps t = Taps.of(taps, rows, columns, offset, 0, random);
            int stride = columns + 2;
            float[] dy = Guards.floats(5 + (rows - 1) * stride + columns);
            for (int i = 0; i < rows; i++) {
                System.arraycopy(integers(columns, random), 0, dy, 5 + i * stride, columns);
            }
            double[] sums = new double[taps + 4];
            for (int k = 0; k < sums.length; k++) {
                sums[k] = k + 0.5;
            }
            double[] expected = sums.clone();
            for (int k = 0; k < taps; k++) {
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < columns; j++) {
                        expected[2 + k] += dy[5 + i * stride + j] * t.seen(k, i, j);
                    }
                }
            }
            set.tapLoops().dotTaps(t.src, t.srcAt, t.srcStride, t.tapAt, taps, dy, 5, stride, rows, columns, sums, 2,
                    Guards.floats(set.lanes()));
            assertArrayEquals(expected, sums, t.describe(set));
        });
    }
}

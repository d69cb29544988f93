package coordconv.kernels.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.simd.InputTransform.Access;
import coordconv.kernels.testing.Guards;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.MinimalFilter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The transforms of every width against matrices in double precision; guards tell what was written beside the results. */
class WinogradTransformTest {
    static final List<KernelSet> SETS = KernelSets.ALL;
    private static final int CHANNELS = 3;

    private static float[] values(int length, Random random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    private static int[] columns(Access access, int lanes, int vectors) {
        int[] columnAt = new int[2 + vectors * lanes];
        for (int i = 0; i < columnAt.length; i++) {
            int t = i - 2;
            columnAt[i] = switch (access) {
                case CONTIGUOUS -> t;
                // Every vector within two from its first column, the last column repeated.
                case TWO_VECTOR_SHUFFLE -> t / lanes * 3 * lanes + Math.min(2 * (t % lanes), 2 * lanes - 3);
                case GATHER -> 5 * t;
            };
        }
        return columnAt;
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void input(KernelSet set) {
        for (int size = 2; size <= 4; size += 2) {
            for (Access access : Access.values()) {
                for (int vectors = 1; vectors <= 2; vectors++) {
                    input(set, new InputTransform.Shape(size, access), vectors);
                }
            }
        }
    }

    private static void input(KernelSet set, InputTransform.Shape shape, int vectors) {
        MinimalFilter filter = new MinimalFilter(shape.outputSize());
        Random random = new Random(7);
        int tiles = vectors * set.lanes();
        int points = filter.points() * filter.points();
        int[] columnAt = columns(shape.access(), set.lanes(), vectors);
        int channelStride = points * 7 + 6 * tiles * 5 + 2 * set.lanes();
        int[] tapAt = new int[points];
        for (int k = 0; k < points; k++) {
            tapAt[k] = k * 5 + k % 3;
        }
        float[] src = values(3 + CHANNELS * channelStride, random);
        int pointStride = CHANNELS * (tiles + 3);
        int dstAt = 5 + points * tiles;
        float[] dst = Guards.floats(dstAt + points * pointStride + 4);
        set.inputTransform(shape).run(src, 3, channelStride, CHANNELS, tapAt, columnAt, 2, vectors, dst, dstAt, tiles + 3,
                pointStride, 5);
        int written = 0;
        for (int c = 0; c < CHANNELS; c++) {
            for (int t = 0; t < tiles; t++) {
                double[] d = new double[points];
                for (int k = 0; k < points; k++) {
                    d[k] = src[3 + c * channelStride + tapAt[k] + columnAt[2 + t]];
                }
                double[] v = filter.input(d);
                double[] most = filter.inputMagnitude(d);
                for (int k = 0; k < points; k++) {
                    float found = dst[dstAt + c * (tiles + 3) + k * pointStride + t];
                    double bound = MinimalFilter.gamma(8) * most[k];
                    assertTrue(Math.abs(found - v[k]) <= bound, set.describe() + shape + ": channel " + c + ", tile " + t + ", element "
                            + k + ": expected " + v[k] + " within " + bound + ", found " + found);
                    written++;
                }
            }
        }
        int guards = 0;
        for (int i = dstAt; i < dst.length; i++) {
            guards += Guards.isGuard(dst[i]) ? 1 : 0;
        }
        assertEquals(dst.length - dstAt - written, guards, "floats left alone");
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void output(KernelSet set) {
        for (int size = 2; size <= 4; size += 2) {
            for (Activation activation : Activation.values()) {
                for (int vectors = 1; vectors <= 2; vectors++) {
                    output(set, new OutputTransform.Shape(size, activation), vectors);
                }
            }
        }
    }

    private static void output(KernelSet set, OutputTransform.Shape shape, int vectors) {
        MinimalFilter filter = new MinimalFilter(shape.outputSize());
        Random random = new Random(8);
        int size = shape.outputSize();
        int tiles = vectors * set.lanes();
        int points = filter.points() * filter.points();
        int rowStride = tiles + 3;
        int pointStride = CHANNELS * rowStride + 1;
        int srcAt = 2;
        int dstAt = srcAt + points * pointStride + 1;
        int scratchAt = dstAt + CHANNELS * size * size * tiles + 1;
        float[] values = values(scratchAt + points * tiles + 1, random);
        float[] bias = values(4 + CHANNELS, random);
        float[] before = values.clone();
        set.outputTransform(shape).run(values, srcAt, rowStride, pointStride, CHANNELS, vectors, bias, 4,
                ActivationReference.alpha(shape.activation()), dstAt, scratchAt);
        for (int r = 0; r < CHANNELS; r++) {
            for (int t = 0; t < tiles; t++) {
                double[] m = new double[points];
                for (int k = 0; k < points; k++) {
                    m[k] = before[srcAt + r * rowStride + k * pointStride + t];
                }
                double[] y = filter.output(m);
                double[] most = filter.outputMagnitude(m);
                for (int e = 0; e < size * size; e++) {
                    double sum = y[e] + bias[4 + r];
                    double expected = ActivationReference.of(shape.activation(), sum);
                    double bound = MinimalFilter.gamma(12) * (most[e] + Math.abs(bias[4 + r]));
                    float found = values[dstAt + (r * size + e / size) * size * tiles + t * size + e % size];
                    assertTrue(Math.abs(found - expected) <= bound, set.describe() + shape + ": channel " + r + ", tile " + t
                            + ", result " + e + ": expected " + expected + " within " + bound + ", found " + found);
                }
            }
        }
        for (int i = 0; i < values.length; i++) {
            boolean free = i >= dstAt && i < scratchAt - 1 || i >= scratchAt && i < scratchAt + size * filter.points() * tiles;
            assertTrue(free || values[i] == before[i], set.describe() + shape + ": " + i + " was written");
        }
    }
}

package coordconv.kernels.internal.simd;

import static coordconv.kernels.testing.Guards.same;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.testing.Guards;
import coordconv.kernels.testing.KernelSets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** {@link SampleLoops} of every width against their contracts, over numbers that nothing rounds, guards around them. */
class SampleLoopsTest {
    static final List<KernelSet> SETS = KernelSets.ALL;
    private static final int SAMPLES = 7;
    private static final int FIRST = 3;
    private static final int ROW_PIXELS = 4;
    private static final int PIXELS = 5 * ROW_PIXELS;

    private interface Body {
        void accept(int channels, int stride, SampleTable samples, Random random);
    }

    /** All numbers of channels up to two vectors and three, side by side and with room between. */
    private static void sweep(KernelSet set, Body body) {
        Random random = new Random(1);
        int lanes = set.isVector() ? set.lanes() : 8;
        for (int channels = 1; channels <= 2 * lanes + 3; channels++) {
            for (int stride : new int[] {channels, channels + 3}) {
                SampleTable samples = new SampleTable();
                samples.reserve(1, FIRST + SAMPLES, 1);
                for (int e = FIRST; e < FIRST + SAMPLES; e++) {
                    samples.at[e] = random.nextInt(4) == 0 ? -1 : random.nextInt(PIXELS - ROW_PIXELS - 1);
                    samples.down[e] = random.nextInt(4) / 4f;
                    samples.up[e] = 1 - samples.down[e];
                    samples.right[e] = random.nextInt(4) / 4f;
                    samples.left[e] = 1 - samples.right[e];
                    samples.mask[e] = random.nextInt(5) - 2;
                }
                body.accept(channels, stride, samples, random);
            }
        }
    }

    private static float[] integers(int length, Random random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(9) - 4;
        }
        return values;
    }

    private static float weight(SampleTable samples, int e, int corner) {
        return (corner < 2 ? samples.up[e] : samples.down[e]) * (corner % 2 == 0 ? samples.left[e] : samples.right[e]);
    }

    private static int pixel(SampleTable samples, int e, int corner) {
        return samples.at[e] + corner / 2 * ROW_PIXELS + corner % 2;
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void sample(KernelSet set) {
        sweep(set, (channels, stride, samples, random) -> {
            int stageAt = 2;
            float[] stage = Guards.floats(stageAt + PIXELS * stride + set.lanes());
            float[] pixels = integers(PIXELS * channels, random);
            for (int i = 0; i < pixels.length; i++) {
                stage[stageAt + i / channels * stride + i % channels] = pixels[i];
            }
            int rowStride = (channels + set.lanes() - 1) / set.lanes() * set.lanes();
            float[] dst = new float[5 + SAMPLES * rowStride];
            set.sampleLoops().sample(stage, stageAt, stride, ROW_PIXELS * stride, samples, FIRST, SAMPLES, channels, dst, 5, rowStride);
            for (int i = 0; i < SAMPLES; i++) {
                for (int c = 0; c < channels; c++) {
                    float sum = 0;
                    for (int corner = 0; corner < 4 && samples.at[FIRST + i] >= 0; corner++) {
                        sum += weight(samples, FIRST + i, corner) * pixels[pixel(samples, FIRST + i, corner) * channels + c];
                    }
                    assertEquals(samples.mask[FIRST + i] * sum + 0f, dst[5 + i * rowStride + c] + 0f, channels + " channels");
                }
            }
        });
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void scatter(KernelSet set) {
        sweep(set, (channels, stride, samples, random) -> {
            float[] src = Guards.floats(3 + SAMPLES * (channels + 2));
            float[] expected = Guards.floats(1 + PIXELS * stride);
            for (int i = 0; i < PIXELS * channels; i++) {
                expected[1 + i / channels * stride + i % channels] = random.nextInt(9) - 4;
            }
            float[] stage = expected.clone();
            for (int i = 0; i < SAMPLES; i++) {
                for (int c = 0; c < channels; c++) {
                    float g = random.nextInt(9) - 4;
                    src[3 + i * (channels + 2) + c] = g;
                    for (int corner = 0; corner < 4 && samples.at[FIRST + i] >= 0; corner++) {
                        expected[1 + pixel(samples, FIRST + i, corner) * stride + c]
                                += samples.mask[FIRST + i] * weight(samples, FIRST + i, corner) * g;
                    }
                }
            }
            set.sampleLoops().scatter(src, 3, channels + 2, samples, FIRST, SAMPLES, channels, stage, 1, stride, ROW_PIXELS * stride);
            for (int i = 0; i < stage.length; i++) {
                // Which zero it is says nothing.
                stage[i] = stage[i] == 0 ? 0 : stage[i];
                expected[i] = expected[i] == 0 ? 0 : expected[i];
            }
            same(expected, stage, channels + " channels");
        });
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void dots(KernelSet set) {
        sweep(set, (channels, stride, samples, random) -> {
            float[] src = Guards.floats(3 + SAMPLES * (channels + 2));
            float[] stage = Guards.floats(1 + PIXELS * stride);
            for (int i = 0; i < PIXELS * channels; i++) {
                stage[1 + i / channels * stride + i % channels] = random.nextInt(9) - 4;
            }
            double[] sums = new double[4 * SAMPLES + 1];
            Arrays.fill(sums, 7);
            double[] expected = sums.clone();
            for (int i = 0; i < SAMPLES; i++) {
                for (int c = 0; c < channels; c++) {
                    float g = random.nextInt(9) - 4;
                    src[3 + i * (channels + 2) + c] = g;
                    for (int corner = 0; corner < 4 && samples.at[FIRST + i] >= 0; corner++) {
                        expected[1 + 4 * i + corner] += g * stage[1 + pixel(samples, FIRST + i, corner) * stride + c];
                    }
                }
            }
            set.sampleLoops().dots(src, 3, channels + 2, stage, 1, stride, ROW_PIXELS * stride, samples, FIRST, SAMPLES, channels, sums, 1, new float[4 * set.lanes()]);
            assertArrayEquals(expected, sums, channels + " channels");
        });
    }

    /** Every kind of offset at every place of an image of 2 x 3, as the contract has it. */
    @ParameterizedTest
    @FieldSource("SETS")
    void locate(KernelSet set) {
        float[] offsets = {0, -0f, 0.25f, -0.25f, 1, -1, 1.5f, -1.5f, 2, -2, 3, -3, 1e-30f, -1e-30f, Float.MIN_VALUE, Math.nextDown(1f),
            Math.nextUp(-1f), 0x1p23f, 0x1p30f, -0x1p30f, 0x1p31f, -0x1p31f, Float.MAX_VALUE, -Float.MAX_VALUE,
            Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        int count = offsets.length * offsets.length;
        int height = 2;
        int width = 3;
        for (int row = -1; row <= height; row++) {
            for (int column = -1; column <= width; column++) {
                SampleTable samples = new SampleTable();
                samples.reserve(1, 2 + count, 1);
                for (int i = 0; i < count; i++) {
                    samples.up[2 + i] = offsets[i / offsets.length];
                    samples.left[2 + i] = offsets[i % offsets.length];
                    samples.row[1 + i] = row + 5;
                    samples.column[1 + i] = column - 4;
                }
                samples.firstRow = Integer.MAX_VALUE;
                samples.lastRow = Integer.MIN_VALUE;
                set.sampleLoops().locate(samples, 2, 1, count, -5, 4, height, width);
                int first = Integer.MAX_VALUE;
                int last = Integer.MIN_VALUE;
                for (int i = 0; i < count; i++) {
                    double y = offsets[i / offsets.length];
                    double x = offsets[i % offsets.length];
                    // Sums of a double and an int that floats of such sizes make exactly, or else a sign that tells.
                    double cellRow = row + Math.floor(y);
                    double cellColumn = column + Math.floor(x);
                    boolean inside = (cellRow >= 0 || cellRow == -1 && y > Math.floor(y)) && cellRow < height
                            && (cellColumn >= 0 || cellColumn == -1 && x > Math.floor(x)) && cellColumn < width;
                    String what = "offset " + y + ", " + x + " at " + row + ", " + column;
                    assertEquals(inside ? (int) ((cellRow + 1) * (width + 1) + cellColumn + 1) : -1, samples.at[2 + i], what);
                    if (inside) {
                        first = Math.min(first, (int) cellRow);
                        last = Math.max(last, (int) cellRow);
                        assertEquals((float) (y - Math.floor(y)) + 0f, samples.down[2 + i] + 0f, what);
                        assertEquals((float) (Math.floor(y) + 1 - y), samples.up[2 + i] + 0f, what);
                        assertEquals((float) (x - Math.floor(x)) + 0f, samples.right[2 + i] + 0f, what);
                        assertEquals((float) (Math.floor(x) + 1 - x), samples.left[2 + i] + 0f, what);
                    }
                }
                assertEquals(first, samples.firstRow);
                assertEquals(last, samples.lastRow);
            }
        }
    }
}

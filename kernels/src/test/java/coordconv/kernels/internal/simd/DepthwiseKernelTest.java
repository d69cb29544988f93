package coordconv.kernels.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.simd.DepthwiseKernel.Shape;
import coordconv.kernels.internal.simd.scalar.ScalarDepthwise;
import coordconv.kernels.internal.simd.vector.VectorKernels;
import coordconv.kernels.testing.Guards;
import coordconv.kernels.testing.KernelSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every micro-kernel of depthwise convolutions of every width, through the contract of {@link DepthwiseKernel} alone. */
class DepthwiseKernelTest {
    static final List<KernelSet> SETS = KernelSets.ALL;

    private static List<Case> cases(KernelSet set, boolean integers) {
        Random random = new Random(set.bits());
        List<Case> cases = new ArrayList<>();
        for (Activation activation : Activation.values()) {
            for (boolean start : new boolean[] {false, true}) {
                for (int taps : new int[] {9, 1, 2, 5, 25}) {
                    int lanes = set.lanes();
                    for (int channels : new int[] {lanes, lanes + 1, 2 * lanes - 1, 3 * lanes}) {
                        int pixels = 1 + random.nextInt(9);
                        cases.add(new Case(new Shape(taps == 9, start, activation), taps, channels, pixels, integers, random));
                    }
                }
            }
        }
        return cases;
    }

    /** Small integers, whose sums are exact: equal to a sum in double precision, and nothing else written. */
    @ParameterizedTest
    @FieldSource("SETS")
    void everyShape(KernelSet set) {
        for (Case one : cases(set, true)) {
            one.check(set.depthwise(one.shape));
        }
    }

    /** What serves until a kernel is compiled gives the same bits, for floats whose every sum is rounded. */
    @ParameterizedTest
    @FieldSource("SETS")
    void everyStandIn(KernelSet set) {
        boolean fused = set.isVector() && set != KernelSets.ALL.getLast();
        for (Case one : cases(set, false)) {
            Guards.same(one.run(set.depthwise(one.shape)), one.run(new ScalarDepthwise(one.shape, fused, true)), one);
        }
    }

    @Test
    void aKernelOfVectorsIsServedForUntilItIsCompiled() throws InterruptedException {
        for (boolean nine : new boolean[] {true, false}) {
            Shape shape = new Shape(nine, false, Activation.IDENTITY);
            assertFalse(new VectorKernels(256, true, 12).depthwise(shape).isStandIn());
            KernelSet set = new VectorKernels(128, true, 12, true);
            assertTrue(set.depthwise(shape).isStandIn());
            for (int i = 0; i < 20_000 && set.depthwise(shape).isStandIn(); i++) {
                Thread.sleep(1);
            }
            assertFalse(set.depthwise(shape).isStandIn());
            new Case(shape, nine ? 9 : 4, 7, 5, true, new Random(1)).check(set.depthwise(shape));
        }
    }

    /** NaN stays NaN, and negative infinity times a slope is itself; a bound holds infinity. */
    @ParameterizedTest
    @FieldSource("SETS")
    void activationsOfSpecialValues(KernelSet set) {
        for (Activation activation : Activation.values()) {
            Case one = new Case(new Shape(false, false, activation), 1, set.lanes(), 1, true, new Random(2));
            for (float value : ActivationReference.SPECIAL) {
                for (int c = 0; c < one.channels; c++) {
                    one.view.x[one.view.xAt[0] + one.view.runAt[0] + c] = 1;
                    one.view.weights[one.view.weightsAt + c] = value;
                    one.view.bias[one.view.biasAt + c] = 0;
                }
                float[] y = one.run(set.depthwise(one.shape));
                float expected = (float) ActivationReference.of(activation, value);
                for (int c = 0; c < one.channels; c++) {
                    assertEquals(expected + 0f, y[one.view.yAt[0] + one.view.yColumn + c] + 0f, activation + " of " + value);
                }
            }
        }
    }

    /** Operands of a call, guards around each, and the answer in double precision. */
    private static final class Case {
        private final Shape shape;
        private final int taps;
        private final int channels;
        private final int pixels;
        private final boolean integers;
        private final Random random;
        private final PixelView view = new PixelView();

        Case(Shape shape, int taps, int channels, int pixels, boolean integers, Random random) {
            this.shape = shape;
            this.taps = taps;
            this.channels = channels;
            this.pixels = pixels;
            this.integers = integers;
            this.random = random;
            int[] runAt = new int[taps];
            for (int t = 0; t < taps; t++) {
                runAt[t] = random.nextInt(3 * channels);
            }
            view.xAt = places(2 * channels);
            view.bindPatches(Guards.floats(6 * channels + 9), runAt, null);
            for (int at : view.xAt) {
                for (int run : runAt) {
                    fill(view.x, at + run, channels);
                }
            }
            int weightsAt = random.nextInt(5);
            view.bindWeights(Guards.floats(weightsAt + taps * channels), weightsAt);
            view.bindBias(Guards.floats(2 + channels), 2);
            fill(view.weights, weightsAt, taps * channels);
            fill(view.bias, 2, channels);
            int[] yAt = new int[pixels];
            for (int p = 0; p < pixels; p++) {
                // Apart, the last first.
                yAt[p] = 1 + (pixels - 1 - p) * (channels + 1);
            }
            view.bindResults(Guards.floats(1 + pixels * (channels + 1) + 4), yAt, random.nextInt(4));
            view.alpha = ActivationReference.alpha(shape.activation());
            if (shape.start()) {
                view.bindStart(Guards.floats(3 * channels + 3), places(2 * channels), 3);
                for (int at : view.startAt) {
                    fill(view.start, at + 3, channels);
                }
            }
        }

        private int[] places(int most) {
            return random.ints(pixels, 0, most).toArray();
        }

        private void fill(float[] array, int at, int count) {
            for (int i = 0; i < count; i++) {
                array[at + i] = integers ? random.nextInt(9) - 4 : random.nextFloat() * 2 - 1;
            }
        }

        float[] run(DepthwiseKernel kernel) {
            float[] y = view.y;
            view.y = y.clone();
            kernel.run(pixels, channels, view);
            float[] result = view.y;
            view.y = y;
            return result;
        }

        void check(DepthwiseKernel kernel) {
            float[] expected = view.y.clone();
            float[] result = run(kernel);
            for (int p = 0; p < pixels; p++) {
                for (int c = 0; c < channels; c++) {
                    double sum = view.bias[view.biasAt + c] + (shape.start() ? view.start[view.startAt[p] + view.startColumn + c] : 0);
                    for (int t = 0; t < taps; t++) {
                        sum += (double) view.x[view.xAt[p] + view.runAt[t] + c] * view.weights[view.weightsAt + t * channels + c];
                    }
                    float answer = (float) ActivationReference.of(shape.activation(), sum);
                    int at = view.yAt[p] + view.yColumn + c;
                    // A negative zero equals a positive one.
                    expected[at] = answer == result[at] ? result[at] : answer;
                }
            }
            Guards.same(expected, result, this);
        }

        @Override
        public String toString() {
            return shape + ", " + taps + " taps, " + channels + " channels, " + pixels + " pixels";
        }
    }
}

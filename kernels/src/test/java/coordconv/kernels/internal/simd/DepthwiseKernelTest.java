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
                int lanes = set.lanes();
                for (int channels : new int[] {lanes, lanes + 1, 2 * lanes - 1, 3 * lanes}) {
                    for (int stride : new int[] {1, 2}) {
                        int outputs = 1 + random.nextInt(9);
                        cases.add(Case.ofNine(new Shape(stride, start, activation), channels, outputs, integers, random));
                    }
                    for (int taps : new int[] {9, 1, 2, 5, 25}) {
                        int outputs = 1 + random.nextInt(9);
                        cases.add(Case.ofAny(new Shape(0, start, activation), taps, channels, outputs, integers, random));
                    }
                }
            }
        }
        return cases;
    }

    /** Rows that begin and end at every distance from the edges of the image, also outside it altogether. */
    @ParameterizedTest
    @FieldSource("SETS")
    void everyPlaceOfARow(KernelSet set) {
        Random random = new Random(set.bits());
        for (int stride : new int[] {1, 2}) {
            Shape shape = new Shape(stride, false, Activation.IDENTITY);
            for (int width = 1; width < 7; width++) {
                for (int first = -5; first < width + 3; first++) {
                    for (int outputs = 1; outputs < 6; outputs++) {
                        new Case(shape, 9, set.lanes(), outputs, width, first, true, random).check(set.depthwise(shape));
                    }
                }
            }
        }
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
        for (int stride = 0; stride < 3; stride++) {
            Shape shape = new Shape(stride, false, Activation.IDENTITY);
            assertFalse(new VectorKernels(256, true, 12).depthwise(shape).isStandIn());
            KernelSet set = new VectorKernels(128, true, 12, true);
            assertTrue(set.depthwise(shape).isStandIn());
            for (int i = 0; i < 20_000 && set.depthwise(shape).isStandIn(); i++) {
                Thread.sleep(1);
            }
            assertFalse(set.depthwise(shape).isStandIn());
            (stride > 0 ? Case.ofNine(shape, 7, 5, true, new Random(1)) : Case.ofAny(shape, 4, 7, 5, true, new Random(1)))
                    .check(set.depthwise(shape));
        }
    }

    /** NaN stays NaN, and negative infinity times a slope is itself; a bound holds infinity. */
    @ParameterizedTest
    @FieldSource("SETS")
    void activationsOfSpecialValues(KernelSet set) {
        for (Activation activation : Activation.values()) {
            Case one = Case.ofAny(new Shape(0, false, activation), 1, set.lanes(), 1, true, new Random(2));
            for (float value : ActivationReference.SPECIAL) {
                for (int c = 0; c < one.channels; c++) {
                    one.view.x[0][one.view.firstColumn * one.view.xStep + one.view.tapAt[0] + c] = 1;
                    one.view.weights[one.view.weightsAt + c] = value;
                    one.view.bias[one.view.biasAt + c] = 0;
                }
                float[] y = one.run(set.depthwise(one.shape));
                float expected = (float) ActivationReference.of(activation, value);
                for (int c = 0; c < one.channels; c++) {
                    assertEquals(expected + 0f, y[one.view.yAt + c] + 0f, activation + " of " + value);
                }
            }
        }
    }

    /** Operands of a call, guards around each, and the answer in double precision. */
    private static final class Case {
        private final Shape shape;
        private final int taps;
        private final int channels;
        private final int outputs;
        private final boolean integers;
        private final Random random;
        private final DepthwiseView view = new DepthwiseView();

        /** Three rows, each in an array of its own, of an image that may be narrower than what the outputs meet. */
        static Case ofNine(Shape shape, int channels, int outputs, boolean integers, Random random) {
            return new Case(shape, 9, channels, outputs, 1 + random.nextInt(3 * outputs), random.nextInt(4) - 2, integers, random);
        }

        /** Rows in one array, all columns in the image. */
        static Case ofAny(Shape shape, int taps, int channels, int outputs, boolean integers, Random random) {
            return new Case(shape, taps, channels, outputs, 0, 0, integers, random);
        }

        Case(Shape shape, int taps, int channels, int outputs, int width, int first, boolean integers, Random random) {
            this.shape = shape;
            this.taps = taps;
            this.channels = channels;
            this.outputs = outputs;
            this.integers = integers;
            this.random = random;
            int rows = shape.stride() > 0 ? 3 : 4;
            view.stride = shape.stride() > 0 ? shape.stride() : 1 + random.nextInt(3);
            view.width = shape.stride() > 0 ? width : (outputs - 1) * view.stride + 5;
            view.xStep = channels + random.nextInt(3);
            view.firstColumn = shape.stride() > 0 ? first : 2;
            view.leftmost = shape.stride() > 0 ? random.nextInt(3) - 1 : -2;
            int rowFloats = (view.width - 1) * view.xStep + channels;
            view.reserve(rows, rowFloats);
            float[] one = Guards.floats(rows * rowFloats);
            for (int row = 0; row < rows; row++) {
                boolean outside = shape.stride() > 0 && random.nextInt(5) == 0;
                float[] of = outside ? view.zeros : shape.stride() > 0 ? Guards.floats(1 + rowFloats) : one;
                int at = outside ? 0 : shape.stride() > 0 ? 1 : row * rowFloats;
                if (!outside) {
                    for (int column = 0; column < view.width; column++) {
                        fill(of, at + column * view.xStep, channels);
                    }
                }
                view.bindRow(row, of, at);
            }
            int[] tapRow = new int[taps];
            int[] tapColumn = new int[taps];
            for (int t = 0; t < taps; t++) {
                tapRow[t] = shape.stride() > 0 ? t % 3 : random.nextInt(rows);
                tapColumn[t] = shape.stride() > 0 ? view.leftmost + t / 3 : random.nextInt(5) - 2;
            }
            view.bindTaps(tapRow, tapColumn);
            int weightsAt = random.nextInt(5);
            view.bindWeights(Guards.floats(weightsAt + taps * channels), weightsAt, Guards.floats(2 + channels), 2);
            fill(view.weights, weightsAt, taps * channels);
            fill(view.bias, 2, channels);
            view.bindResults(Guards.floats(4 + outputs * (channels + 1)), 1 + random.nextInt(4), channels + 1);
            view.alpha = ActivationReference.alpha(shape.activation());
            if (shape.start()) {
                view.bindStart(Guards.floats(3 + outputs * (channels + 2)), 3, channels + 2);
                for (int j = 0; j < outputs; j++) {
                    fill(view.start, 3 + j * view.startStep, channels);
                }
            }
        }

        private void fill(float[] array, int at, int count) {
            for (int i = 0; i < count; i++) {
                array[at + i] = integers ? random.nextInt(9) - 4 : random.nextFloat() * 2 - 1;
            }
        }

        float[] run(DepthwiseKernel kernel) {
            float[] y = view.y;
            view.y = y.clone();
            kernel.run(outputs, channels, view);
            float[] result = view.y;
            view.y = y;
            return result;
        }

        void check(DepthwiseKernel kernel) {
            float[] expected = view.y.clone();
            float[] result = run(kernel);
            for (int j = 0; j < outputs; j++) {
                for (int c = 0; c < channels; c++) {
                    double sum = view.bias[view.biasAt + c] + (shape.start() ? view.start[view.startAt + j * view.startStep + c] : 0);
                    for (int t = 0; t < taps; t++) {
                        int column = view.firstColumn + j * view.stride + view.tapColumn[t];
                        if (column >= 0 && column < view.width) {
                            int row = view.tapRow[t];
                            sum += (double) view.x[row][view.xAt[row] + column * view.xStep + c]
                                    * view.weights[view.weightsAt + t * channels + c];
                        }
                    }
                    float answer = (float) ActivationReference.of(shape.activation(), sum);
                    int at = view.yAt + j * view.yStep + c;
                    // A negative zero equals a positive one.
                    expected[at] = answer == result[at] ? result[at] : answer;
                }
            }
            Guards.same(expected, result, this);
        }

        @Override
        public String toString() {
            return shape + ", " + taps + " taps, " + channels + " channels, " + outputs + " outputs from column "
                    + view.firstColumn + " of " + view.width;
        }
    }
}

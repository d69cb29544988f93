package coordconv.kernels.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.simd.PixelKernel.Shape;
import coordconv.kernels.internal.simd.scalar.ScalarDots;
import coordconv.kernels.internal.simd.vector.VectorKernels;
import coordconv.kernels.testing.Guards;
import coordconv.kernels.testing.KernelSets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every micro-kernel of pixels of every width, through the contract of {@link PixelKernel} alone. */
class PixelKernelTest {
    static final List<KernelSet> SETS = KernelSets.ALL;

    private static List<Shape> shapes(KernelSet set) {
        List<Shape> shapes = new ArrayList<>();
        for (int vectors = 0; vectors <= set.pixelVectors(); vectors++) {
            for (Activation activation : Activation.values()) {
                shapes.add(new Shape(vectors, false, activation));
                shapes.add(new Shape(vectors, true, activation));
            }
        }
        return shapes;
    }

    /** Small integers, whose sums are exact: equal to a sum in double precision, and nothing else written. */
    @ParameterizedTest
    @FieldSource("SETS")
    void everyShape(KernelSet set) {
        Random random = new Random(set.bits());
        for (Shape shape : shapes(set)) {
            PixelKernel kernel = set.pixels(shape);
            for (int tiles = 1; tiles <= 3; tiles++) {
                for (int runLength : new int[] {1, 2, 3, 4, 5, 9, 16, 37}) {
                    for (int runs : new int[] {1, 3}) {
                        int missing = random.nextInt(PixelKernel.PIXELS);
                        new Case(shape, set.lanes(), tiles, missing, runs, runLength, true, random).check(kernel);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void longestRuns(KernelSet set) {
        for (Shape shape : shapes(set)) {
            new Case(shape, set.lanes(), 1, 2, 2, PixelKernel.LONGEST_RUN, true, new Random(3)).check(set.pixels(shape));
        }
    }

    /** What serves until a kernel is compiled gives the same bits, for floats whose every sum is rounded. */
    @ParameterizedTest
    @FieldSource("SETS")
    void everyStandIn(KernelSet set) {
        assumeTrue(set instanceof VectorKernels);
        Random random = new Random(set.bits());
        for (Shape shape : shapes(set)) {
            for (boolean plain : new boolean[] {true, false}) {
                PixelKernel standIn = ((VectorKernels) set).standIn(shape, plain);
                for (int runLength : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 31, 70}) {
                    Case one = new Case(shape, set.lanes(), 2, runLength % PixelKernel.PIXELS, 2, runLength, false, random);
                    Guards.same(one.run(set.pixels(shape)), one.run(standIn), one);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aKernelOfVectorsIsServedForUntilItIsCompiled(int vectors) {
        Shape shape = new Shape(vectors, false, Activation.IDENTITY);
        assertFalse(new VectorKernels(256, true, 12).pixels(shape).isStandIn());
        KernelSet set = new VectorKernels(128, true, 12, true);
        PixelKernel standIn = set.pixels(shape);
        assertTrue(standIn.isStandIn());
        Case rounded = new Case(shape, set.lanes(), 2, 1, 3, 5, false, new Random(4));
        float[] plain = rounded.run(standIn);
        set.awaitCompiled();
        assertFalse(set.pixels(shape).isStandIn());
        // Whoever still holds it is served by the small vector product.
        Guards.same(plain, rounded.run(standIn), rounded);
        Guards.same(plain, rounded.run(set.pixels(shape)), rounded);
        new Case(shape, set.lanes(), 3, 1, 2, 5, true, new Random(1)).check(set.pixels(shape));
    }

    /** NaN stays NaN, and negative infinity times a slope is itself; a bound holds infinity. */
    @ParameterizedTest
    @FieldSource("SETS")
    void activationsOfSpecialValues(KernelSet set) {
        for (Activation activation : Activation.values()) {
            Shape shape = new Shape(set.pixelVectors(), false, activation);
            Case one = new Case(shape, set.lanes(), 1, 0, 1, 1, true, new Random(2));
            for (float value : ActivationReference.SPECIAL) {
                for (int p = 0; p < PixelKernel.PIXELS; p++) {
                    one.view.x[one.view.xAt[p] + one.view.runAt[0]] = 1;
                }
                for (int o = 0; o < one.width; o++) {
                    one.view.weights[one.view.weightsAt + o] = value;
                    one.view.bias[one.view.biasAt + o] = 0;
                }
                float[] y = one.run(set.pixels(shape));
                float expected = (float) ActivationReference.of(activation, value);
                for (int o = 0; o < one.width; o++) {
                    assertEquals(expected + 0f, y[one.view.yAt[0] + one.view.yColumn + o] + 0f, activation + " of " + value);
                }
            }
        }
    }

    /** The order of a dot product's sums does not depend on the width of vectors. */
    @Test
    void everyWidthGivesTheSameBitsForOneOutputChannel() {
        Shape shape = new Shape(0, false, Activation.IDENTITY);
        for (int runLength : new int[] {5, 16, 49, 200}) {
            Case one = new Case(shape, 1, 2, 1, 2, runLength, false, new Random(runLength));
            float[] expected = one.run(new ScalarDots(shape, true, false));
            for (int bits : new int[] {64, 128, 256, 512}) {
                Guards.same(expected, one.run(new VectorKernels(bits, true, 12).pixels(shape)), one + " " + bits);
            }
        }
    }

    @Test
    void registersDecideHowManyVectorsATileHas() {
        assertEquals(4, new VectorKernels(512, true, 12).pixelVectors());
        assertEquals(2, new VectorKernels(256, true, 4).pixelVectors());
        assertEquals(2, new VectorKernels(256, true, 6).pixelVectors());
        assertEquals(1, new VectorKernels(256, true, 2).pixelVectors());
    }

    /** Operands of a call, guards around each, and the answer in double precision. */
    private static final class Case {
        private final Shape shape;
        private final int tiles;
        private final int missing;
        private final int width;
        /** Elements of a patch. */
        private final int floats;
        private final boolean integers;
        private final Random random;
        private final PixelView view = new PixelView();

        Case(Shape shape, int lanes, int tiles, int missing, int runs, int runLength, boolean integers, Random random) {
            this.shape = shape;
            this.tiles = tiles;
            this.missing = missing;
            this.integers = integers;
            this.random = random;
            width = Math.max(1, shape.vectors() * lanes);
            int pixels = tiles * PixelKernel.PIXELS;
            int[] runAt = new int[runs];
            for (int run = 1; run < runs; run++) {
                runAt[run] = runAt[run - 1] + runLength + random.nextInt(3);
            }
            // Pixels overlap, in any order.
            view.xAt = places(pixels, 1, 2 * pixels);
            int xEnd = 3 + 2 * pixels + runAt[runs - 1] + runLength;
            int[] lengths = new int[runs];
            Arrays.fill(lengths, runLength);
            lengths[runs - 1] = 1 + random.nextInt(runLength);
            floats = Arrays.stream(lengths).sum();
            view.bindPatches(guarded(xEnd, 0), runAt, lengths);
            for (int p = 0; p < pixels; p++) {
                for (int at : runAt) {
                    fill(view.x, view.xAt[p] + at, runLength);
                }
            }
            int weightsAt = 1 + random.nextInt(5);
            view.bindWeights(guarded(weightsAt, floats * width), weightsAt);
            view.bindBias(guarded(weightsAt + 2, width), weightsAt + 2);
            int column = random.nextInt(5);
            view.bindResults(guarded(0, column + pixels * (width + 1) + 2), scattered(pixels), column);
            view.alpha = ActivationReference.alpha(shape.activation());
            if (shape.start()) {
                bindStart(pixels);
            }
            fill(view.weights, weightsAt, floats * width);
            fill(view.bias, weightsAt + 2, width);
        }

        /** Sums begin with what lies anywhere, or with what the results replace. */
        private void bindStart(int pixels) {
            if (random.nextBoolean()) {
                view.bindStart(view.y, view.yAt, view.yColumn);
            } else {
                int column = random.nextInt(5);
                view.bindStart(guarded(column + pixels * (width + 1), 0), places(pixels, width + 1, pixels), column);
            }
            for (int at : view.startAt) {
                fill(view.start, at + view.startColumn, width);
            }
        }

        /** Runs a kernel on the operands as they are now. */
        float[] run(PixelKernel kernel) {
            float[] y = view.y;
            float[] start = view.start;
            view.y = y.clone();
            view.start = start == y ? view.y : start;
            int count = floats * width;
            view.alignedWeights = Arena.ofAuto().allocate((long) Float.BYTES * (view.weightsAt + count) + PackedFloats.WINDOW_BYTES);
            view.alignedWeights.fill((byte) -1); // NaN: to use what lies behind the weights shows.
            MemorySegment.copy(view.weights, 0, view.alignedWeights, ValueLayout.JAVA_FLOAT, 0, view.weightsAt + count);
            kernel.run(tiles, view);
            float[] result = view.y;
            view.y = y;
            view.start = start;
            return result;
        }

        private static float[] guarded(int before, int floats) {
            return Guards.floats(before + floats);
        }

        private void fill(float[] array, int at, int count) {
            for (int i = 0; i < count; i++) {
                array[at + i] = integers ? random.nextInt(9) - 4 : random.nextFloat() * 2 - 1;
            }
        }

        /** A place for each pixel; the last one's for those that are missing. */
        private int[] places(int pixels, int step, int count) {
            int[] places = new int[pixels];
            for (int p = 0; p < pixels; p++) {
                places[p] = step * random.nextInt(count);
            }
            return repeated(places);
        }

        private int[] scattered(int pixels) {
            List<Integer> order = new ArrayList<>();
            for (int p = 0; p < pixels; p++) {
                order.add(1 + p * (width + 1));
            }
            Collections.shuffle(order, random);
            return repeated(order.stream().mapToInt(Integer::intValue).toArray());
        }

        private int[] repeated(int[] places) {
            for (int p = places.length - missing; p < places.length; p++) {
                places[p] = places[places.length - missing - 1];
            }
            return places;
        }

        void check(PixelKernel kernel) {
            float[] expected = view.y.clone();
            for (int p = 0; p < tiles * PixelKernel.PIXELS - missing; p++) {
                for (int o = 0; o < width; o++) {
                    double sum = view.bias[view.biasAt + o] + (shape.start() ? view.start[view.startAt[p] + view.startColumn + o] : 0);
                    int at = view.weightsAt + o;
                    for (int run = 0; run < view.runAt.length; run++) {
                        for (int k = 0; k < view.runLength[run]; k++, at += width) {
                            sum += (double) view.x[view.xAt[p] + view.runAt[run] + k] * view.weights[at];
                        }
                    }
                    // A negative zero of an activation equals a positive one.
                    expected[view.yAt[p] + view.yColumn + o] = (float) ActivationReference.of(shape.activation(), sum);
                }
            }
            float[] result = run(kernel);
            for (int i = 0; i < expected.length; i++) {
                expected[i] = expected[i] == result[i] ? result[i] : expected[i];
            }
            Guards.same(expected, result, this);
        }

        @Override
        public String toString() {
            return shape + ", width " + width + ", " + tiles + " tiles less " + missing + ", " + view.runAt.length + " runs of " + Arrays.toString(view.runLength);
        }
    }
}

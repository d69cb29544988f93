package coordconv.kernels.internal.direct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.machine.CacheSizes;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.machine.Tuning;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.shape.Axis;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.shape.Lowering;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.ActivationReference;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.testing.Guards;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.Memory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Planes in one piece beside the same planes row by row, which memory that is no array gets. */
class FlatPlanesTest {
    static final List<KernelSet> SETS = KernelSets.ALL;
    private static final int GROUPS = 37;
    private static final int BATCH = 2;

    /** A depthwise convolution of {@link #BATCH} images, and a random input. */
    private static final class Depthwise {
        final ConvShape shape;
        final DirectConvolution convolution;
        final float[] packed;
        final float[] bias = new float[GROUPS];
        final float[] x;
        final int plane;

        Depthwise(KernelSet set, Axis rows, Axis columns, Activation activation, Random random) {
            this(set, rows, columns, activation, random, 48 << 10);
        }

        Depthwise(KernelSet set, Axis rows, Axis columns, Activation activation, Random random, long l1) {
            shape = new ConvShape(BATCH, GROUPS, GROUPS, GROUPS, rows, columns, 0, 0, Coords.NONE, Coords.NONE);
            Lowering lowering = new Lowering(shape);
            List<Correlation> groups = new ArrayList<>();
            for (int g = 0; g < GROUPS; g++) {
                groups.add(lowering.forward(g));
            }
            convolution = new DirectConvolution(groups, new Machine(set, new CacheSizes(l1, 2 << 20, false, false), Tuning.DEFAULTS),
                    activation, ActivationReference.alpha(activation), false, 0);
            PackedFloats room = PackedFloats.of(convolution.packedLength(), 0);
            packed = room.array();
            convolution.packWeights(Memory.ARRAY.floats(floats(GROUPS * shape.taps(), random)), room);
            System.arraycopy(floats(GROUPS, random), 0, bias, 0, GROUPS);
            x = floats(BATCH * GROUPS * rows.size() * columns.size(), random);
            plane = rows.outSize() * columns.outSize();
        }

        /** {@return what some groups of some images write over guards} */
        float[] run(Memory memory, int fromGroup, int toGroup, int fromImage, int toImage) {
            return run(memory.floats(x), fromGroup, toGroup, fromImage, toImage);
        }

        float[] run(Floats input, int fromGroup, int toGroup, int fromImage, int toImage) {
            float[] y = Guards.floats(BATCH * GROUPS * plane);
            Operands operands = new Operands();
            operands.x = input;
            operands.y = wholeArray(y);
            operands.packed = new PackedFloats(packed, MemorySegment.NULL);
            operands.bias = bias;
            convolution.run(operands, fromGroup, toGroup, fromImage, toImage);
            return y;
        }

        boolean inOnePiece() {
            return convolution.describe().contains("planes in one piece");
        }
    }

    private static Floats wholeArray(float[] array) {
        return new Floats(array, 0, MemorySegment.ofArray(array), ByteOrder.nativeOrder());
    }

    private static float[] floats(int length, Random random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    private static Axis axis(int size, int stride, int before, int after) {
        return new Axis(size, 3, stride, 1, before, after);
    }

    /** Rows and columns: MobileNet's, odd ones, those of SAME padding, more padding than the kernel needs, dilated rows. */
    private static List<Axis[]> axes() {
        List<Axis[]> all = new ArrayList<>();
        for (int size : new int[] {1, 2, 3, 5, 7, 14, 16, 28, 33}) {
            all.add(new Axis[] {axis(size, 1, 1, 1), axis(size, 1, 1, 1)});
            all.add(new Axis[] {axis(size, 2, 1, 1), axis(size, 2, 1, 1)});
            all.add(new Axis[] {axis(size + 4, 1, 0, 0), axis(size, 1, 1, 1)});
            all.add(new Axis[] {axis(size + 1, 2, 0, 1), axis(size / 2 * 2 + 2, 2, 0, 1)});
            all.add(new Axis[] {axis(size + 2, 2, 2, 2), axis(size, 2, 1, 2)});
            all.add(new Axis[] {axis(size + 1, 1, 2, 0), axis(size, 1, 1, 3)});
            all.add(new Axis[] {new Axis(size + 2, 3, 1, 2, 2, 2), axis(size, 1, 1, 1)});
        }
        return all;
    }

    private static void assertEqualBits(float[] expected, float[] actual, Object what) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                throw new AssertionError(what + ": at " + i + " expected " + expected[i] + ", found " + actual[i]);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void theBitsAreThoseOfRows(KernelSet set) {
        Random random = new Random(1);
        Activation[] activations = Activation.values();
        for (Axis[] axes : axes()) {
            // In one strip, and in strips of a row or a few.
            for (long l1 : new long[] {48 << 10, 1 << 10}) {
                Depthwise depthwise = new Depthwise(set, axes[0], axes[1], activations[random.nextInt(activations.length)], random, l1);
                String what = set.describe() + ", " + axes[0] + ", " + axes[1] + ", " + l1;
                assertTrue(depthwise.inOnePiece(), what);
                assertEqualBits(depthwise.run(Memory.NATIVE, 0, GROUPS, 0, BATCH), depthwise.run(Memory.ARRAY, 0, GROUPS, 0, BATCH), what);
            }
        }
    }

    /** Planes that are read where they lie, from the first float of an array to its last: no vector begins before or ends behind. */
    @ParameterizedTest
    @FieldSource("SETS")
    void anInputMayBeAWholeArray(KernelSet set) {
        Random random = new Random(5);
        for (int padding = 0; padding <= 2; padding++) {
            Depthwise depthwise = new Depthwise(set, axis(33, 1, padding, padding), axis(33, 1, 1, 1), Activation.IDENTITY, random, 1 << 10);
            assertEqualBits(depthwise.run(Memory.NATIVE, 0, GROUPS, 0, BATCH), depthwise.run(wholeArray(depthwise.x), 0, GROUPS, 0, BATCH),
                    set.describe() + ", padding " + padding);
        }
    }

    /** Parts run at the same time: none may write where another's results go, not even for a moment. */
    @ParameterizedTest
    @FieldSource("SETS")
    void aPartWritesItsOwnResultsAlone(KernelSet set) {
        Random random = new Random(2);
        for (int size : new int[] {1, 2, 3, 7, 14}) {
            for (long l1 : new long[] {48 << 10, 1 << 10}) {
                for (int to = 6; to <= 8; to++) {
                    Depthwise depthwise = new Depthwise(set, axis(size, 1, 1, 1), axis(size, 1, 1, 1), Activation.IDENTITY, random, l1);
                    float[] y = depthwise.run(Memory.ARRAY, 5, to, 0, 1);
                    for (int i = 0; i < y.length; i++) {
                        boolean own = i >= 5 * depthwise.plane && i < to * depthwise.plane;
                        assertEquals(own, !Guards.isGuard(y[i]), set.describe() + ", " + size + ": at " + i);
                    }
                }
            }
        }
    }

    /** An infinity or a NaN in the input reaches the outputs whose taps see it; one in a weight that meets padding too. */
    @ParameterizedTest
    @FieldSource("SETS")
    void specialValuesStayWhereTheyBelong(KernelSet set) {
        Random random = new Random(3);
        for (int stride = 1; stride <= 2; stride++) {
            for (float special : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                for (int at : new int[] {0, 6, 7, 48, 49 * 9 + 20}) {
                    Depthwise depthwise = new Depthwise(set, axis(7, stride, 1, 1), axis(7, stride, 1, 1), Activation.RELU, random);
                    depthwise.x[at] = special;
                    assertEqualBits(depthwise.run(Memory.NATIVE, 0, GROUPS, 0, BATCH), depthwise.run(Memory.ARRAY, 0, GROUPS, 0, BATCH),
                            special + " at " + at);
                    depthwise.packed[at % 20] = special;
                    assertEqualBits(depthwise.run(Memory.NATIVE, 0, GROUPS, 0, BATCH), depthwise.run(Memory.ARRAY, 0, GROUPS, 0, BATCH),
                            special + " in a weight too");
                }
            }
        }
    }

    /** A row of outputs that needs input behind its own columns is computed row by row. */
    @ParameterizedTest
    @FieldSource("SETS")
    void otherShapesAreComputedByRows(KernelSet set) {
        Random random = new Random(4);
        Axis same = axis(9, 1, 1, 1);
        for (Axis columns : List.of(axis(9, 1, 0, 0), axis(9, 1, 2, 0), axis(9, 2, 0, 0), axis(9, 3, 1, 1), new Axis(9, 3, 1, 2, 2, 2),
                new Axis(9, 5, 1, 1, 2, 2))) {
            Axis rows = columns.stride() == 1 ? same : axis(9, columns.stride(), 1, 1);
            assertEquals(false, new Depthwise(set, rows, columns, Activation.IDENTITY, random).inOnePiece(), columns.toString());
        }
        assertEquals(false, new Depthwise(set, same, axis(9, 2, 1, 1), Activation.IDENTITY, random).inOnePiece());
    }
}

package coordconv.kernels.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import coordconv.kernels.internal.simd.TileKernel.Shape;
import coordconv.kernels.internal.simd.scalar.ScalarKernels;
import coordconv.kernels.internal.simd.vector.VectorKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every micro-kernel of every width against double arithmetic, through the contract of {@link TileKernel} alone. */
class TileKernelTest {
    private static final int MAX_ROWS = 12;

    @ParameterizedTest
    @CsvSource({"128, true", "256, true", "512, true", "128, false", "256, false", "512, false"})
    void everyShape(int bits, boolean fused) {
        for (int rows = 1; rows <= MAX_ROWS; rows++) {
            // A set of its own for each height, which lets go of the kernels of the last.
            checkShapes(new VectorKernels(bits, fused, MAX_ROWS), rows);
        }
    }

    @Test
    void everyShapeInPlainJava() {
        KernelSet scalar = new ScalarKernels();
        for (int rows = 1; rows <= scalar.maxRows(); rows++) {
            checkShapes(scalar, rows);
        }
    }

    private static void checkShapes(KernelSet set, int rows) {
        Random random = new Random(31 * rows + set.bits());
        for (boolean oneVector : new boolean[] {false, true}) {
            for (ALayout a : ALayout.values()) {
                for (BAccess b : BAccess.values()) {
                    for (boolean accumulate : new boolean[] {false, true}) {
                        for (Activation activation : Activation.values()) {
                            check(set, new Shape(rows, oneVector, a, b, accumulate, activation), random);
                        }
                    }
                }
            }
        }
    }

    private static void check(KernelSet set, Shape shape, Random random) {
        TileKernel kernel = set.tile(shape);
        TileProblem.integers(set, shape, 2, 5, random).run(kernel).exact();
        TileProblem.floats(set, shape, 1, 4 + random.nextInt(4), random).run(kernel).bounded();
    }

    @ParameterizedTest
    @CsvSource({"32, true", "128, true", "256, true", "512, true", "256, false"})
    void manyTilesOfManyDepths(int bits, boolean fused) {
        KernelSet set = bits == Float.SIZE ? new ScalarKernels() : new VectorKernels(bits, fused, 4);
        Random random = new Random(bits);
        for (BAccess b : BAccess.values()) {
            Shape shape = new Shape(set.maxRows(), false, ALayout.PANEL, b, true, Activation.LEAKY_RELU);
            for (int kc : new int[] {1, 2, 3, 63}) {
                TileProblem.integers(set, shape, 7, kc, random).run(set.tile(shape)).exact();
                TileProblem.floats(set, shape, 7, kc, random).run(set.tile(shape)).bounded();
            }
        }
        Shape rows = new Shape(set.maxRows(), false, ALayout.ROWS, BAccess.PANEL, true, Activation.IDENTITY);
        TileProblem.integers(set, rows, 3, 256, random).run(set.tile(rows)).exact();
    }

    /** NaN stays NaN, and negative infinity times a slope of 0 is 0; a bound holds infinity. */
    @ParameterizedTest
    @CsvSource({"32", "128", "256", "512"})
    void activationsOfSpecialValues(int bits) {
        KernelSet set = bits == Float.SIZE ? new ScalarKernels() : new VectorKernels(bits, true, 4);
        for (Activation activation : Activation.values()) {
            Shape shape = new Shape(1, false, ALayout.PANEL, BAccess.PANEL, false, activation);
            for (float value : ActivationReference.SPECIAL) {
                TileKernel kernel = set.tile(shape);
                float[] y = new float[set.nr()];
                AView a = new AView();
                a.bind(new float[] {1}, 0);
                BView b = new BView();
                float[] panel = new float[set.nr()];
                Arrays.fill(panel, value);
                b.bindPanel(panel, 0);
                CView c = new CView();
                c.bindResults(y, 0, set.nr(), set.nr() / 2);
                c.bindBias(new float[1], 0);
                c.alpha = ActivationReference.alpha(activation);
                kernel.run(1, 1, a, b, c);
                float expected = (float) ActivationReference.of(activation, value);
                for (float found : y) {
                    assertEquals(expected + 0f, found + 0f, activation + " of " + value);
                }
            }
        }
    }

    @Test
    void activationOfASlope() {
        assertEquals(Activation.IDENTITY, Activation.ofSlope(1));
        assertEquals(Activation.RELU, Activation.ofSlope(0));
        assertEquals(Activation.LEAKY_RELU, Activation.ofSlope(0.5f));
        assertEquals(Activation.LEAKY_RELU, Activation.ofSlope(-1));
    }

    @Test
    void aSetTellsWhatItIs() {
        assertTrue(new VectorKernels(256, true, 6).describe().startsWith("256-bit vectors, tile 6 x 16"));
        assertTrue(new ScalarKernels().describe().startsWith("plain Java, tile 4 x 32"));
        assertEquals(new VectorKernels(0, true).bits() / Float.SIZE * 2, new VectorKernels(0, true).nr());
    }
}

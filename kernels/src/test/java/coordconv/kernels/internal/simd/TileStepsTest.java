package coordconv.kernels.internal.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import coordconv.kernels.internal.simd.TileKernel.Shape;
import coordconv.kernels.internal.simd.vector.VectorKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The micro-kernels of the Vector API, every shape and width, against their steps one element at a time: in the same
 * order, and therefore to the last bit. All that is no part of an operand is NaN: what is read there spoils a result,
 * and what is written there is found.
 */
class TileStepsTest {
    private static final int MAX_GUARD = 3;
    private static final int MAX_TILES = 3;
    private static final int MAX_DEPTH = 5;
    private static final int A_CHANCE_IN = 16;

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void everyShapeEqualsItsStepsOneByOne(int bits) {
        Random random = new Random(bits);
        for (boolean fused : new boolean[] {true, false}) {
            KernelSet kernels = new VectorKernels(bits, fused);
            for (int rows = 1; rows <= kernels.maxRows(); rows++) {
                for (BAccess b : BAccess.values()) {
                    for (Activation activation : Activation.values()) {
                        // Without fused multiply-adds some do: nothing but the sum differs.
                        for (int i = 0; i < 8; i += fused ? 1 : 1 + random.nextInt(4)) {
                            ALayout a = (i & 1) == 0 ? ALayout.PANEL : ALayout.ROWS;
                            if (a == ALayout.ROWS && b != BAccess.PANEL && random.nextInt(4) != 0) {
                                // No caller has both, and neither changes the other: a sample does.
                                continue;
                            }
                            Shape shape = new Shape(rows, (i & 2) != 0, a, b, (i & 4) != 0, activation);
                            new Case(kernels, shape, fused, random, 1 + random.nextInt(MAX_DEPTH)).check(kernels.tile(shape));
                        }
                    }
                }
            }
        }
    }

    /** What serves until they are compiled gives the same bits. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void everyStandInEqualsTheStepsOneByOne(int bits) {
        Random random = new Random(bits);
        for (boolean fused : new boolean[] {true, false}) {
            VectorKernels kernels = new VectorKernels(bits, fused);
            for (int rows = 1; rows <= kernels.maxRows(); rows++) {
                for (BAccess b : BAccess.values()) {
                    for (Activation activation : Activation.values()) {
                        ALayout a = random.nextBoolean() ? ALayout.PANEL : ALayout.ROWS;
                        Shape shape = new Shape(rows, random.nextBoolean(), a, b, random.nextBoolean(), activation);
                        for (boolean plain : new boolean[] {true, false}) {
                            new Case(kernels, shape, fused, random, random.nextInt(2 * MAX_DEPTH)).check(kernels.standIn(shape, plain));
                        }
                    }
                }
            }
        }
    }

    /** A set hands out stand-ins, and the kernels themselves from when they are compiled. */
    @Test
    void standInsGiveWay() throws InterruptedException {
        VectorKernels kernels = new VectorKernels(128, true, 4, true);
        Shape shape = new Shape(2, true, ALayout.PANEL, BAccess.PACK_CONTIGUOUS, true, Activation.RELU);
        assertTrue(kernels.tile(shape).isStandIn());
        while (kernels.tile(shape).isStandIn()) {
            new Case(kernels, shape, true, new Random(1), MAX_DEPTH).check(kernels.tile(shape));
            Thread.sleep(1);
        }
        new Case(kernels, shape, true, new Random(1), MAX_DEPTH).check(kernels.tile(shape));
        assertFalse(new VectorKernels(128, true, 4).tile(shape).isStandIn());
    }

    @ParameterizedTest
    @EnumSource(BAccess.class)
    void productWithoutDepthsIsBiasAndSums(BAccess b) {
        KernelSet kernels = new VectorKernels(128, true);
        Random random = new Random(1);
        for (boolean accumulate : new boolean[] {false, true}) {
            Shape shape = new Shape(2, false, ALayout.PANEL, b, accumulate, Activation.RELU);
            new Case(kernels, shape, true, random, 0).check(kernels.tile(shape));
        }
    }

    /** Operands of one call, each between guards, and what the call has to leave. */
    private static final class Case {
        private final KernelSet kernels;
        private final Shape shape;
        private final boolean fused;
        private final Random random;
        private final int tiles;
        private final int kc;
        private final int rows;
        private final int nr;
        private final int lanes;
        private final int columns;
        private final AView a = new AView();
        private final BView b = new BView();
        private final CView c = new CView();
        /** Element (depth k, column j) at {@code k * NR + j}. */
        private final float[] valuesOfB;
        /** Rows whose element of column 0 is -0. */
        private final boolean[] negativeZero;

        Case(KernelSet kernels, Shape shape, boolean fused, Random random, int kc) {
            this.kernels = kernels;
            this.shape = shape;
            this.fused = fused;
            this.random = random;
            this.kc = kc;
            tiles = 1 + random.nextInt(MAX_TILES);
            rows = tiles * shape.rows();
            nr = kernels.nr();
            lanes = kernels.lanes();
            columns = shape.oneVector() ? lanes : nr;
            valuesOfB = new float[kc * nr];
            for (int i = 0; i < valuesOfB.length; i++) {
                valuesOfB[i] = i % nr == 0 ? 1 : value();
            }
            negativeZero = new boolean[rows];
            for (int r = 0; r < rows; r++) {
                negativeZero[r] = random.nextInt(A_CHANCE_IN) == 0;
            }
            makeA();
            makeB();
            makeC();
        }

        private float value() {
            return random.nextInt(A_CHANCE_IN) == 0 ? -0f : (float) random.nextGaussian();
        }

        private int guard() {
            return random.nextInt(MAX_GUARD + 1);
        }

        private static float[] guards(int length) {
            float[] values = new float[length];
            Arrays.fill(values, Float.NaN);
            return values;
        }

        private int aAt(int row, int k) {
            int tile = row / shape.rows();
            int r = row % shape.rows();
            return a.at + (shape.a() == ALayout.PANEL
                    ? tile * shape.rows() * kc + k * shape.rows() + r
                    : row * KernelSet.A_ROW_STRIDE + k);
        }

        private void makeA() {
            a.at = guard();
            a.a = guards(kc == 0 ? 0 : aAt(rows - 1, kc - 1) + 1 + guard());
            for (int r = 0; r < rows; r++) {
                for (int k = 0; k < kc; k++) {
                    a.a[aAt(r, k)] = negativeZero[r] ? -0f : value();
                }
            }
        }

        private void makeB() {
            int fromSource = shape.b() == BAccess.PANEL ? 0 : shape.b().packs() ? random.nextInt(kc + 1) : kc;
            int panelAt = guard();
            b.bindPanel(shape.b().readsPanel() ? guards(panelAt + kc * nr + guard()) : new float[0], panelAt);
            for (int k = fromSource; k < kc && shape.b().readsPanel(); k++) {
                System.arraycopy(valuesOfB, k * nr, b.panel, panelAt + k * nr, columns);
            }
            if (shape.b() != BAccess.PANEL) {
                makeSource(fromSource);
            }
        }

        /** The last depth comes first; the columns of a vector lie side by side or with gaps. */
        private void makeSource(int depths) {
            int firstK = guard();
            int firstColumn = guard();
            int base = guard();
            int[] columnAt = new int[firstColumn + nr];
            for (int j = 0; j < nr; j++) {
                int gap = shape.b().shuffles() && j % lanes != 0 ? random.nextInt(2) : 0;
                columnAt[firstColumn + j] = (j == 0 ? 0 : columnAt[firstColumn + j - 1] + 1) + gap;
            }
            // A shuffle loads two vectors from its first column on, however few of the second it takes.
            int depthFloats = 1 + Math.max(columnAt[firstColumn + nr - 1],
                    shape.b().shuffles() ? columnAt[firstColumn + columns - lanes] + 2 * lanes - 1 : 0);
            int[] rowAt = new int[firstK + depths];
            for (int k = 0; k < depths; k++) {
                rowAt[firstK + k] = (depths - 1 - k) * depthFloats;
            }
            float[] source = guards(base + depths * depthFloats + guard());
            for (int k = 0; k < depths; k++) {
                for (int j = 0; j < columns; j++) {
                    source[base + rowAt[firstK + k] + columnAt[firstColumn + j]] = valuesOfB[k * nr + j];
                }
            }
            b.bindSource(source, base, rowAt, firstK, depths, columnAt, firstColumn, lanes);
        }

        private void makeC() {
            boolean inPlace = random.nextBoolean();
            int sumsAt = guard();
            int sumsRowStride = nr + guard();
            float[] sums = guards(sumsAt + (rows - 1) * sumsRowStride + nr + guard());
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < columns; j++) {
                    sums[sumsAt + r * sumsRowStride + j] = negativeZero[r] ? -0f : value();
                }
            }
            c.bindSums(shape.accumulate() ? sums : new float[0], sumsAt, sumsRowStride);
            if (inPlace) {
                c.bindResults(sums, sumsAt, sumsRowStride, lanes);
            } else {
                int at = guard();
                int half = lanes + guard();
                int rowStride = half + lanes + guard();
                c.bindResults(guards(at + (rows - 1) * rowStride + half + lanes + guard()), at, rowStride, half);
            }
            int biasAt = guard();
            float[] bias = guards(biasAt + rows + guard());
            for (int r = 0; r < rows; r++) {
                int special = random.nextInt(A_CHANCE_IN);
                float finite = negativeZero[r] ? -0f : value();
                bias[biasAt + r] = special == 0 ? Float.NEGATIVE_INFINITY : special == 1 ? Float.NaN : finite;
            }
            c.bindBias(bias, biasAt);
            c.alpha = 0.1f;
        }

        void check(TileKernel kernel) {
            float[] expectedY = c.y.clone();
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < columns; j++) {
                    expectedY[c.yAt + r * c.yRowStride + j % lanes + j / lanes * c.ySecondHalf] = result(r, j);
                }
            }
            float[] expectedPanel = b.panel.clone();
            for (int k = 0; k < kc && shape.b().packs(); k++) {
                System.arraycopy(valuesOfB, k * nr, expectedPanel, b.panelAt + k * nr, columns);
            }
            boolean inPlace = c.y == c.sums;
            float[] expectedSums = inPlace ? expectedY : c.sums.clone();
            String what = "%s, %d bits, %d tiles, depth %d, fused %b".formatted(shape, kernels.bits(), tiles, kc, fused);

            kernel.run(tiles, kc, a, b, c);

            assertArrayEquals(bits(expectedY), bits(c.y), () -> what + ": results");
            assertArrayEquals(bits(expectedPanel), bits(b.panel), () -> what + ": panel");
            assertArrayEquals(bits(expectedSums), bits(c.sums), () -> what + ": sums");
        }

        private float result(int r, int j) {
            float sum = c.bias[c.biasAt + r];
            for (int k = 0; k < kc; k++) {
                float w = a.a[aAt(r, k)];
                float v = valuesOfB[k * nr + j];
                sum = fused ? Math.fma(w, v, sum) : w * v + sum;
            }
            if (shape.accumulate()) {
                sum = c.sums[c.sumsAt + r * c.sumsRowStride + j] + sum;
            }
            return shape.activation().apply(sum, c.alpha);
        }

        /** Tells 0 from -0, and takes all NaNs for one. */
        private static int[] bits(float[] values) {
            int[] bits = new int[values.length];
            Arrays.setAll(bits, i -> Float.floatToIntBits(values[i]));
            return bits;
        }
    }
}

package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.kernels.internal.gemm.Transposition;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.vector.VectorKernels;
import coordconv.kernels.testing.Guards;
import coordconv.kernels.testing.KernelSets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrices with rows and columns exchanged, of every width, to the bit; what a copy may not write is a guard. */
class MatrixTranspositionTest {
    static final List<KernelSet> SETS = Stream.concat(Stream.of(new VectorKernels(64, true, 12)), KernelSets.WIDTHS.stream()).toList();

    private static Transposition copies(KernelSet set, long l2) {
        return new Transposition(Machine.scalar().withKernels(set).withCaches(1 << 15, l2));
    }

    /** A matrix and where it lies. */
    private record Case(int rows, int columns, int xAt, int xGap, int yAt, int yGap) {
        void check(Transposition copies) {
            int xPitch = columns + xGap;
            int yPitch = rows + yGap;
            // Nothing lies behind the last float of either.
            float[] x = new float[xAt + Math.max(0, (rows - 1) * xPitch + columns)];
            float[] y = Guards.floats(yAt + Math.max(0, (columns - 1) * yPitch + rows));
            for (int i = 0; i < x.length; i++) {
                x[i] = Float.intBitsToFloat(i * 0x9e3779b1);
            }
            float[] expected = y.clone();
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    expected[yAt + j * yPitch + i] = x[xAt + i * xPitch + j];
                }
            }
            Workspace workspace = Workspace.borrow();
            copies.copy(x, xAt, xPitch, rows, columns, y, yAt, yPitch, workspace);
            workspace.giveBack();
            for (int i = 0; i < y.length; i++) {
                assertEquals(Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(y[i]), this + ": at " + i);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void allSizesUpToTwoVectorsAndABit(KernelSet set) {
        Transposition copies = copies(set, 1 << 20);
        for (int rows = 0; rows <= 40; rows++) {
            for (int columns = 0; columns <= 40; columns++) {
                new Case(rows, columns, 0, 0, 0, 0).check(copies);
                new Case(rows, columns, columns % 3, rows % 3, rows % 5, columns % 4).check(copies);
            }
            // One pixel of a run that has no next one.
            new Case(1, rows, 3, -rows, 0, 2).check(copies);
        }
    }

    /** Panels of NR columns, the last of fewer, from rows of a plane; and rows of a scratch that the copy must leave alone. */
    @ParameterizedTest
    @FieldSource("SETS")
    void panels(KernelSet set) {
        Transposition copies = copies(set, 1 << 20);
        int nr = set.nr();
        for (int rows = 1; rows <= nr; rows++) {
            new Case(rows, 256, 5, 68, 3, nr - rows).check(copies);
            new Case(256, rows, 5, nr - rows, 3, 68).check(copies);
        }
        Workspace workspace = Workspace.borrow();
        workspace.reserveRow(nr * nr);
        for (int i = 0; i < nr * nr; i++) {
            workspace.row[i] = i;
        }
        float[] y = new float[nr * nr];
        copies.copy(workspace.row, 0, nr, nr, nr, y, 0, nr, workspace);
        for (int i = 0; i < nr * nr; i++) {
            assertEquals(i, workspace.row[i]);
            assertEquals(i % nr * nr + i / nr, y[i]);
        }
        workspace.giveBack();
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void imagesOfNetworks(KernelSet set) {
        Transposition copies = copies(set, 1 << 20);
        Random random = new Random(7);
        for (int channels = 1; channels <= 40; channels += 1 + random.nextInt(3)) {
            for (int pixels : new int[] {16, 49, 169, 676, 52 * 53, 100 + random.nextInt(300)}) {
                new Case(channels, pixels, random.nextInt(17), 0, random.nextInt(17), random.nextInt(2) * 5).check(copies);
                new Case(pixels, channels, random.nextInt(17), random.nextInt(2) * 5, random.nextInt(17), 0).check(copies);
            }
        }
    }

    /** Those that exceed the second-level cache, which is as small here as they are. */
    @ParameterizedTest
    @FieldSource("SETS")
    void largeMatrices(KernelSet set) {
        Transposition copies = copies(set, 1 << 10);
        Random random = new Random(8);
        for (int[] size : new int[][] {{16, 64}, {17, 300}, {300, 17}, {258, 169}, {169, 511}, {512, 129}, {527, 513}, {40, 1000}}) {
            new Case(size[0], size[1], random.nextInt(17), 0, random.nextInt(17), 0).check(copies);
            new Case(size[0], size[1], random.nextInt(17), 3, random.nextInt(17), 5).check(copies);
        }
    }

    /** Before the vector loops are compiled and behind. */
    @ParameterizedTest
    @ValueSource(ints = {0, 64})
    void plainJavaServesMeanwhile(int bits) {
        KernelSet set = new VectorKernels(bits, true, 12, true);
        Transposition copies = copies(set, 1 << 20);
        List<Case> cases = List.of(new Case(70, 51, 0, 0, 0, 3), new Case(3, 100, 1, 0, 2, 0), new Case(100, 3, 1, 0, 2, 0));
        cases.forEach(one -> one.check(copies));
        set.awaitCompiled();
        cases.forEach(one -> one.check(copies));
    }

    @Test
    void refusals() {
        MatrixTransposition copies = MatrixTransposition.of(VectorWidth.PREFERRED);
        float[] x = new float[60];
        float[] y = Guards.floats(60);
        float[] untouched = y.clone();
        refused("x: given floats 1 to 61, needed floats within the array of 60", copies, x, 1, 6, 10, 6, y, 0, 10);
        refused("x: given floats -1 to 59, needed floats within the array of 60", copies, x, -1, 6, 10, 6, y, 0, 10);
        refused("y: given floats 5 to 65, needed floats within the array of 60", copies, x, 0, 6, 10, 6, y, 5, 10);
        refused("xPitch: given 5, needed at least the 6 floats of a row", copies, x, 0, 5, 10, 6, y, 0, 10);
        refused("yPitch: given 9, needed at least the 10 floats of a row", copies, x, 0, 6, 10, 6, y, 0, 9);
        refused("rows: given -1, needed at least 0", copies, x, 0, 6, -1, 6, y, 0, 10);
        refused("columns: given -1, needed at least 0", copies, x, 0, 6, 10, -1, y, 0, 10);
        refused("y: given floats 11 to 23 of the array of x, needed none of those of x, 0 to 12", copies, x, 0, 4, 3, 4, x, 11, 3);
        refused("y: given floats 0 to 12 of the array of x, needed none of those of x, 11 to 23", copies, x, 11, 4, 3, 4, x, 0, 3);
        refused("x: given floats 0 to 2147483652, needed floats within the array of 60", copies, x, 0, 1 << 30, 3, 4, y, 0, 3);
        Guards.same(untouched, y, "refused");
        copies.copy(x, 0, 4, 3, 4, x, 12, 3);
        assertEquals("x: given null, needed a value", assertThrows(NullPointerException.class,
                () -> copies.copy(null, 0, 1, 1, 1, y, 0, 1)).getMessage());
        assertEquals("width: given null, needed a value", assertThrows(NullPointerException.class,
                () -> MatrixTransposition.of(null)).getMessage());
    }

    private static void refused(String message, MatrixTransposition copies, float[] x, int xAt, int xPitch, int rows, int columns,
                                float[] y, int yAt, int yPitch) {
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> copies.copy(x, xAt, xPitch, rows, columns, y, yAt, yPitch)).getMessage());
    }
}

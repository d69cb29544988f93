package coordconv.kernels.internal.simd;

import static coordconv.kernels.testing.Guards.same;
import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.testing.Guards;
import coordconv.kernels.testing.KernelSets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * {@link PackLoops} of every width against their contracts, written here as loops. What a loop may not read is a guard or
 * lies behind the end of the array; all of the destination is compared, so that nothing else may be written.
 */
class PackLoopsTest {
    static final List<KernelSet> SETS = KernelSets.WIDTHS;
    private static final int ROWS = 3;

    private interface Body {
        void accept(int length, int offset);
    }

    private static int lanes(KernelSet set) {
        return set.isVector() ? set.lanes() : 8;
    }

    /** All lengths up to four vectors and three, at all offsets in a vector. */
    private static void sweep(KernelSet set, Body body) {
        int lanes = lanes(set);
        for (int length = 0; length <= 4 * lanes + 3; length++) {
            for (int offset = 0; offset < lanes; offset++) {
                body.accept(length, offset);
            }
        }
    }

    private static float[] values(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = i + 1;
        }
        return values;
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void copyRows(KernelSet set) {
        for (int stride = 1; stride <= 3; stride++) {
            int step = stride;
            sweep(set, (length, offset) -> {
                int extent = Math.max(0, (length - 1) * step + 1);
                int[] srcAt = {-1, 2, 2 + extent + 1, 5 + 2 * extent};
                float[] src = values(offset + srcAt[3] + extent);
                int[] dstAt = {-1, 7 + 2 * length, 1, 3 + length};
                float[] dst = Guards.floats(3 * length + 9 + 3 * offset);
                float[] expected = dst.clone();
                for (int i = 1; i <= ROWS; i++) {
                    for (int v = 0; v < length; v++) {
                        expected[3 * offset + dstAt[i] + v] = src[offset + srcAt[i] + v * step];
                    }
                }
                set.loops().copyRows(src, offset, srcAt, dst, 3 * offset, dstAt, 1, 4, length, step);
                same(expected, dst, "length " + length + ", offset " + offset + ", stride " + step);
            });
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void deinterleave(KernelSet set) {
        sweep(set, (evens, offset) -> {
            for (int odds = Math.max(0, evens - 1); odds <= evens + 1; odds++) {
                // With room behind the last row for whole vectors, and without.
                for (int room : new int[] {0, 2 * set.lanes()}) {
                    int floats = evens > odds ? 2 * evens - 1 : 2 * odds;
                    int[] srcAt = {1, 2 + floats};
                    float[] src = values(offset + 2 + 2 * floats + room);
                    int[] dstAt = {2 + odds + 1, 1};
                    int oddBase = 2 * (evens + odds) + 9;
                    float[] dst = Guards.floats(oddBase + 2 * (evens + odds) + 9 + offset);
                    float[] expected = dst.clone();
                    for (int i = 0; i < 2; i++) {
                        for (int v = 0; v < evens; v++) {
                            expected[offset + dstAt[i] + v] = src[offset + srcAt[i] + 2 * v];
                        }
                        for (int v = 0; v < odds; v++) {
                            expected[offset + oddBase + dstAt[i] + v] = src[offset + srcAt[i] + 2 * v + 1];
                        }
                    }
                    set.loops().deinterleave(src, offset, srcAt, dst, offset, offset + oddBase, dstAt, 2, evens, odds);
                    same(expected, dst, evens + " evens, " + odds + " odds, offset " + offset + ", room " + room);
                }
            }
        });
    }

    /** Rows of two phases by turns, as strips of a stride of two are copied. */
    @ParameterizedTest
    @FieldSource("SETS")
    void deinterleavePlanes(KernelSet set) {
        sweep(set, (columns, offset) -> {
            for (int rows = 0; rows <= 7; rows++) {
                for (int room : new int[] {0, set.lanes(), 2 * set.lanes()}) {
                    int planes = 1 + (rows + columns) % 3;
                    int pitch = 2 * columns + rows % 2;
                    int srcPlane = Math.max(rows, 1) * pitch + 1;
                    int phase = 1 + (rows + 1) / 2 * columns + set.lanes();
                    int dstPlane = 4 * phase + 3;
                    float[] src = values(offset + planes * srcPlane + room);
                    int[] srcAt = new int[rows];
                    int[] dstAt = new int[rows];
                    float[] dst = Guards.floats(offset + planes * dstPlane);
                    float[] expected = dst.clone();
                    for (int i = 0; i < rows; i++) {
                        srcAt[i] = i * pitch;
                        dstAt[i] = 1 + i % 2 * phase + i / 2 * columns;
                    }
                    set.loops().deinterleavePlanes(src, offset, srcPlane, srcAt, dst, offset, offset + 2 * phase, dstPlane, dstAt, rows,
                            columns, planes);
                    for (int p = 0; p < planes; p++) {
                        for (int i = 0; i < rows; i++) {
                            for (int odd = 0; odd < 2; odd++) {
                                int at = offset + p * dstPlane + odd * 2 * phase + dstAt[i];
                                for (int v = 0; v < columns; v++) {
                                    expected[at + v] = src[offset + p * srcPlane + srcAt[i] + 2 * v + odd];
                                }
                                if (i >= rows - 2) {
                                    System.arraycopy(dst, at + columns, expected, at + columns, set.lanes());
                                }
                            }
                        }
                    }
                    same(expected, dst, columns + " columns, " + rows + " rows, " + planes + " planes, offset " + offset + ", room " + room);
                }
            }
        });
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void deinterleaveFour(KernelSet set) {
        sweep(set, (length, offset) -> {
            // Each of the four ends where a row does, somewhere in its last four floats, or before.
            for (int missing = 0; missing < 4; missing++) {
                int[] counts = {length, Math.max(0, length - (missing > 2 ? 1 : 0)), Math.max(0, length - (missing > 1 ? 1 : 0)),
                    Math.max(0, length - (missing > 0 ? 1 : 0))};
                int floats = length == 0 ? 0 : 4 * length - missing;
                for (int room : new int[] {0, 4 * set.lanes()}) {
                    int[] srcAt = {-1, 1, 2 + floats};
                    float[] src = values(offset + 2 + 2 * floats + room);
                    int[] dstAt = {-1, length + 3, 1};
                    int plane = 2 * length + 5;
                    int[] dstBase = {offset, 3 * plane + offset, plane + offset, 2 * plane + offset};
                    float[] dst = Guards.floats(4 * plane + offset);
                    float[] expected = dst.clone();
                    for (int i = 1; i <= 2; i++) {
                        for (int e = 0; e < 4; e++) {
                            for (int v = 0; v < counts[e]; v++) {
                                expected[dstBase[e] + dstAt[i] + v] = src[offset + srcAt[i] + 4 * v + e];
                            }
                        }
                    }
                    set.loops().deinterleaveFour(src, offset, srcAt, dst, dstBase, dstAt, 1, 3, counts);
                    same(expected, dst, "length " + length + " less " + missing + ", offset " + offset + ", room " + room);
                }
            }
        });
    }

    /** A table of a plane, every float of it and zeros, in any order. */
    private static int[] table(int offset, int entries, int plane, int slack, Random random) {
        int[] table = new int[offset + entries + slack];
        for (int e = 0; e < entries; e++) {
            table[offset + e] = random.nextInt(plane + 1) - 1;
        }
        return table;
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void permutePlanes(KernelSet set) {
        Random random = new Random(1);
        int most = PackLoops.MAX_PLANE_VECTORS * lanes(set);
        sweep(set, (length, offset) -> {
            int plane = 1 + random.nextInt(most);
            int[] table = table(offset, length, plane, set.lanes(), random);
            for (int slack : new int[] {0, random.nextInt(most), most}) {
                float[] src = values(offset + ROWS * plane + slack);
                float[] dst = Guards.floats(offset + ROWS * (length + 2));
                float[] expected = dst.clone();
                for (int c = 0; c < ROWS; c++) {
                    for (int e = 0; e < length; e++) {
                        int from = table[offset + e];
                        expected[offset + c * (length + 2) + e] = from < 0 ? 0 : src[offset + c * plane + from];
                    }
                }
                set.loops().permutePlanes(src, offset, plane, table, offset, dst, offset, length + 2, length, ROWS);
                same(expected, dst, "length " + length + ", offset " + offset + ", plane " + plane + ", slack " + slack);
            }
        });
    }

    /** Planes of all sizes, of all numbers of taps, with all the room behind them that vectors need, some, or none. */
    @ParameterizedTest
    @FieldSource("SETS")
    void packPlanes(KernelSet set) {
        Random random = new Random(2);
        int lanes = set.lanes();
        int most = PackLoops.MAX_PLANE_VECTORS * lanes;
        for (int plane = 1; plane <= most; plane++) {
            for (int taps = 1; taps <= 7; taps++) {
                int slack = new int[] {0, random.nextInt(most), most}[random.nextInt(3)];
                int offset = random.nextInt(lanes);
                int tableStride = lanes + random.nextInt(3);
                int[] table = table(offset, taps * tableStride, plane, 0, random);
                float[] src = values(offset + ROWS * plane + slack);
                int rowStride = lanes + random.nextInt(5);
                float[] dst = Guards.floats(offset + ROWS * taps * rowStride);
                float[] expected = dst.clone();
                for (int c = 0; c < ROWS; c++) {
                    for (int t = 0; t < taps; t++) {
                        for (int j = 0; j < lanes; j++) {
                            int from = table[offset + t * tableStride + j];
                            expected[offset + (c * taps + t) * rowStride + j] = from < 0 ? 0 : src[offset + c * plane + from];
                        }
                    }
                }
                set.loops().packPlanes(src, offset, plane, table, offset, tableStride, taps, dst, offset, rowStride, ROWS);
                same(expected, dst, "plane " + plane + ", " + taps + " taps, offset " + offset + ", slack " + slack);
            }
        }
    }

    /** Which loop packs columns. */
    private enum Pack {
        CONTIGUOUS,
        PAIR,
        SHUFFLE,
        GATHER;

        /** Columns packed. */
        int columns(KernelSet set) {
            return this == PAIR ? 2 * set.lanes() : set.lanes();
        }

        void run(KernelSet set, float[] src, int base, int[] columnAt, int column, int[] rowAt, int to, float[] dst, int at, int stride) {
            PackLoops loops = set.loops();
            switch (this) {
                case CONTIGUOUS -> loops.packContiguous(src, base + columnAt[column], rowAt, 1, to, dst, at, stride);
                case PAIR -> loops.packContiguousPair(src, base + columnAt[column], rowAt, 1, to, dst, at, stride);
                case SHUFFLE -> loops.packTwoVectorShuffle(src, base, columnAt, column, rowAt, 1, to, dst, at, stride);
                case GATHER -> loops.packGather(src, base, columnAt, column, rowAt, 1, to, dst, at, stride);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void packColumns(KernelSet set) {
        Random random = new Random(3);
        for (Pack pack : Pack.values()) {
            int columns = pack.columns(set);
            for (int depths = 0; depths <= 9; depths++) {
                for (int offset = 0; offset < lanes(set); offset++) {
                    int column = random.nextInt(5);
                    int[] columnAt = new int[column + columns];
                    columnAt[column] = random.nextInt(4);
                    for (int j = 1; j < columns; j++) {
                        int step = pack == Pack.GATHER ? random.nextInt(4) : pack == Pack.SHUFFLE ? random.nextInt(3) : 1;
                        int most = pack == Pack.SHUFFLE ? columnAt[column] + 2 * set.lanes() - 1 : Integer.MAX_VALUE;
                        columnAt[column + j] = Math.min(most, columnAt[column + j - 1] + step);
                    }
                    int[] rowAt = new int[1 + depths];
                    for (int k = 1; k <= depths; k++) {
                        rowAt[k] = rowAt[k - 1] + random.nextInt(2 * columns);
                    }
                    int readable = pack == Pack.SHUFFLE ? columnAt[column] + 2 * set.lanes() : columnAt[column + columns - 1] + 1;
                    float[] src = values(offset + rowAt[depths] + readable);
                    int stride = columns + random.nextInt(5);
                    float[] dst = Guards.floats(offset + depths * stride + 2);
                    float[] expected = dst.clone();
                    for (int k = 0; k < depths; k++) {
                        for (int j = 0; j < columns; j++) {
                            expected[offset + k * stride + j] = src[offset + rowAt[1 + k] + columnAt[column + j]];
                        }
                    }
                    pack.run(set, src, offset, columnAt, column, rowAt, 1 + depths, dst, offset, stride);
                    same(expected, dst, pack + ", " + depths + " depths, offset " + offset);
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void accumulate(KernelSet set) {
        for (Activation activation : Activation.values()) {
            sweep(set, (columns, offset) -> {
                float[] tile = Guards.floats(offset + ROWS * (columns + 1));
                float[] dst = Guards.floats(offset + ROWS * (columns + 2));
                float[] expected = dst.clone();
                for (int r = 0; r < ROWS; r++) {
                    for (int j = 0; j < columns; j++) {
                        int t = offset + r * (columns + 1) + j;
                        int d = offset + r * (columns + 2) + j;
                        tile[t] = (r + 3 * j) % 13 - 6;
                        dst[d] = j % 5 == 4 && r == 1 ? Float.NEGATIVE_INFINITY : j % 5 == 3 && r == 1 ? Float.POSITIVE_INFINITY : (5 * r + j) % 7 - 3;
                        float sum = tile[t] + dst[d];
                        expected[d] = (float) ActivationReference.of(activation, sum);
                    }
                }
                set.loops().accumulate(tile, offset, columns + 1, dst, offset, columns + 2, ROWS, columns, activation,
                        ActivationReference.alpha(activation));
                same(expected, dst, activation + " of " + columns + " columns, offset " + offset);
            });
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void accumulateKeepsNaN(KernelSet set) {
        for (Activation activation : Activation.values()) {
            float[] dst = values(3 * set.lanes() + 1);
            float[] tile = new float[dst.length];
            Arrays.fill(tile, Float.NaN);
            set.loops().accumulate(tile, 0, 0, dst, 0, 0, 1, dst.length, activation, ActivationReference.alpha(activation));
            for (float v : dst) {
                assertEquals(Float.NaN, v);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void storeStrided(KernelSet set) {
        for (int stride = 1; stride <= 3; stride++) {
            int step = stride;
            sweep(set, (columns, offset) -> {
                int extent = Math.max(0, (columns - 1) * step + 1);
                float[] src = values(offset + ROWS * (columns + 1));
                // Ends with the last float written.
                float[] dst = Guards.floats(offset + (ROWS - 1) * (extent + 3) + extent);
                float[] expected = dst.clone();
                for (int r = 0; r < ROWS; r++) {
                    for (int j = 0; j < columns; j++) {
                        expected[offset + r * (extent + 3) + j * step] = src[offset + r * (columns + 1) + j];
                    }
                }
                set.loops().storeStrided(src, offset, columns + 1, dst, offset, extent + 3, step, ROWS, columns);
                same(expected, dst, columns + " columns, offset " + offset + ", step " + step);
            });
        }
    }
}

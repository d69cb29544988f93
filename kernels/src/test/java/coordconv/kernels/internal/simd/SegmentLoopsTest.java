package coordconv.kernels.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.testing.Guards;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.Memory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** {@link SegmentLoops} of every width against their contracts, in every kind of memory, at all lengths and offsets. */
class SegmentLoopsTest {
    static final List<KernelSet> SETS = KernelSets.WIDTHS;
    private static final int ROWS = 3;

    private interface Body {
        void accept(Memory memory, int length, int offset);
    }

    /** All lengths up to four vectors and three, each at an offset of its own in a vector, and all offsets. */
    private static void sweep(KernelSet set, int from, Body body) {
        int lanes = Math.min(16, set.lanes());
        for (Memory memory : List.of(Memory.NATIVE, Memory.UNALIGNED_NATIVE, Memory.HEAP_BYTES, Memory.OTHER_ORDER)) {
            for (int length = from; length <= 4 * lanes + 3; length++) {
                for (int offset = 0; offset < lanes; offset++) {
                    if (memory == Memory.NATIVE || offset == length % lanes) {
                        body.accept(memory, length, offset);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void copyRows(KernelSet set) {
        for (int stride = 1; stride <= 3; stride++) {
            int step = stride;
            sweep(set, 1, (memory, length, offset) -> {
                int extent = (length - 1) * step + 1;
                int[] srcAt = {-1, 2, 2 + extent + 1, 5 + 2 * extent};
                // Read to its very end and no further.
                float[] src = values(offset + srcAt[3] + extent);
                int[] dstAt = {-1, 7 + 2 * length, 1, 3 + length};
                float[] dst = Guards.floats(offset + 3 * length + 20);
                float[] expected = dst.clone();
                for (int i = 1; i <= ROWS; i++) {
                    for (int v = 0; v < length; v++) {
                        expected[5 + dstAt[i] + v] = src[offset + srcAt[i] + v * step];
                    }
                }
                set.segmentLoops().copyRows(memory.floats(src), offset, srcAt, dst, 5, dstAt, 1, 4, length, step);
                Guards.same(expected, dst, set.describe() + ": " + memory + ", length " + length + ", offset " + offset
                        + ", stride " + step);
            });
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void write(KernelSet set) {
        for (int stride = 1; stride <= 3; stride++) {
            int step = stride;
            sweep(set, 0, (memory, length, offset) -> {
                int extent = Math.max(0, (length - 1) * step + 1);
                float[] src = values(offset + ROWS * (length + 2));
                float[] before = Guards.floats(offset + 1 + (ROWS - 1) * (extent + 1) + extent);
                float[] expected = before.clone();
                for (int r = 0; r < ROWS; r++) {
                    for (int j = 0; j < length; j++) {
                        expected[offset + 1 + r * (extent + 1) + j * step] = src[offset + r * (length + 2) + j];
                    }
                }
                Floats dst = memory.floats(before);
                set.segmentLoops().write(src, offset, length + 2, dst, offset + 1, extent + 1, step, ROWS, length);
                float[] after = new float[before.length];
                for (int i = 0; i < after.length; i++) {
                    after[i] = dst.get(i);
                }
                Guards.same(expected, after, set.describe() + ": " + memory + ", length " + length + ", offset " + offset
                        + ", step " + step);
            });
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void read(KernelSet set) {
        for (int stride = 1; stride <= 3; stride++) {
            int step = stride;
            sweep(set, 0, (memory, length, offset) -> {
                int extent = Math.max(0, (length - 1) * step + 1);
                float[] src = values(offset + (ROWS - 1) * (extent + 2) + extent);
                float[] dst = Guards.floats(ROWS * (length + 1) + 5);
                float[] expected = dst.clone();
                for (int r = 0; r < ROWS; r++) {
                    for (int j = 0; j < length; j++) {
                        expected[r * (length + 1) + j] = src[offset + r * (extent + 2) + j * step];
                    }
                }
                set.segmentLoops().read(memory.floats(src), offset, extent + 2, step, dst, length + 1, ROWS, length);
                Guards.same(expected, dst, set.describe() + ": " + memory + ", length " + length + ", offset " + offset
                        + ", step " + step);
            });
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void theirWidthIsThatOfTheSet(KernelSet set) {
        assertEquals(set.isVector() ? set.bits() / Float.SIZE : set.nr(), set.lanes());
    }

    private static float[] values(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = i + 1;
        }
        return values;
    }
}

package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.simd.SegmentLoops;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link SegmentLoops} in plain Java, over any segment in any byte order. */
public class ScalarSegmentLoops implements SegmentLoops {
    /** Loops over any segment. */
    public ScalarSegmentLoops() {}

    @Override
    public void copyRows(Floats src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                          int from, int to, int length, int stride) {
        for (int i = from; i < to; i++) {
            copyRow(src, (long) (srcBase + srcAt[i]) * Float.BYTES, dst, dstBase + dstAt[i], length, stride);
        }
    }

    private static void copyRow(Floats src, long from, float[] dst, int to, int length, int stride) {
        MemorySegment segment = src.segment();
        ValueLayout.OfFloat layout = src.layout();
        if (stride == 1) {
            MemorySegment.copy(segment, layout, from, dst, to, length);
            return;
        }
        for (int v = 0; v < length; v++) {
            dst[to + v] = segment.get(layout, from + (long) v * stride * Float.BYTES);
        }
    }

    @Override
    public void write(float[] src, int srcAt, int srcRowStride, Floats dst, int dstAt, int dstRowStride, int step,
                      int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            writeRow(src, srcAt + r * srcRowStride, dst, (long) (dstAt + r * dstRowStride) * Float.BYTES, step, columns);
        }
    }

    private static void writeRow(float[] src, int from, Floats dst, long to, int step, int columns) {
        MemorySegment segment = dst.segment();
        ValueLayout.OfFloat layout = dst.layout();
        if (step == 1) {
            MemorySegment.copy(src, from, segment, layout, to, columns);
            return;
        }
        for (int j = 0; j < columns; j++) {
            segment.set(layout, to + (long) j * step * Float.BYTES, src[from + j]);
        }
    }

    @Override
    public void read(Floats src, int srcAt, int srcRowStride, int step, float[] dst, int dstRowStride, int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            copyRow(src, (long) (srcAt + r * srcRowStride) * Float.BYTES, dst, r * dstRowStride, columns, step);
        }
    }
}

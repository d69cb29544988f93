package coordconv.kernels.internal.scalar;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.pack.PackLoops;
import coordconv.kernels.internal.pack.SegmentLoops;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link SegmentLoops} in plain Java, over any segment in any byte order. */
public class ScalarSegmentLoops implements SegmentLoops {
    /** Loops over any segment. */
    public ScalarSegmentLoops() {}

    @Override
    public void stageRows(FloatRegion src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                          int from, int to, int length, int stride) {
        for (int i = from; i < to; i++) {
            copyRow(src, (long) (srcBase + srcAt[i]) * Float.BYTES, dst, dstBase + dstAt[i], length, stride);
        }
    }

    private static void copyRow(FloatRegion src, long from, float[] dst, int to, int length, int stride) {
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
    public void store(float[] tile, int tileAt, int tilePitch, FloatRegion dst, int dstAt, int dstPitch, int step,
                      int rows, int columns, float[] bias, int biasAt, float slope, boolean add) {
        for (int r = 0; r < rows; r++) {
            storeRow(tile, tileAt + r * tilePitch, dst, (long) (dstAt + r * dstPitch) * Float.BYTES, step, columns,
                    bias[biasAt + r], slope, add);
        }
    }

    private static void storeRow(float[] tile, int t, FloatRegion dst, long to, int step, int columns,
                                 float bias, float slope, boolean add) {
        MemorySegment segment = dst.segment();
        ValueLayout.OfFloat layout = dst.layout();
        for (int j = 0; j < columns; j++) {
            long at = to + (long) j * step * Float.BYTES;
            float v = tile[t + j] + bias;
            v = add ? v + segment.get(layout, at) : v;
            segment.set(layout, at, PackLoops.activated(v, slope));
        }
    }
}

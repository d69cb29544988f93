package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.simd.scalar.ScalarSegmentLoops;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link coordconv.kernels.internal.simd.SegmentLoops} on the Vector API, over native memory in the byte
 * order of the processor; other segments go element by element. A template as {@link VectorPackLoops} is.
 */
public final class VectorSegmentLoops extends ScalarSegmentLoops {
    private static final VectorSpecies<Float> SPECIES = VectorKernels.speciesOf(MethodHandles.lookup());
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Made by reflection, once a width. */
    public VectorSegmentLoops() {}

    @Override
    public void copyRows(Floats src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                          int from, int to, int length, int stride) {
        if (!src.isNative() || stride > 2) {
            super.copyRows(src, srcBase, srcAt, dst, dstBase, dstAt, from, to, length, stride);
        } else if (stride == 1) {
            copyRowsUnitStride(src.segment(), srcBase, srcAt, dst, dstBase, dstAt, from, to, length);
        } else {
            copyRowsStrideTwo(src.segment(), srcBase, srcAt, dst, dstBase, dstAt, from, to, length);
        }
    }

    private static void copyRowsUnitStride(MemorySegment src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                                  int from, int to, int length) {
        int whole = SPECIES.loopBound(length);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, length);
        for (int i = from; i < to; i++) {
            int s = srcBase + srcAt[i];
            int d = dstBase + dstAt[i];
            for (int v = 0; v < whole; v += LANES) {
                load(src, s + v).intoArray(dst, d + v);
            }
            if (whole < length) {
                load(src, s + whole, rest).intoArray(dst, d + whole, rest);
            }
        }
    }

    private static void copyRowsStrideTwo(MemorySegment src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                                  int from, int to, int length) {
        // A vector or less is left for the end: memory behind the last float taken may not be readable.
        int whole = SPECIES.loopBound(length - 1);
        for (int i = from; i < to; i++) {
            int s = srcBase + srcAt[i];
            int d = dstBase + dstAt[i];
            for (int v = 0; v < whole; v += LANES) {
                evens(load(src, s + 2 * v), load(src, s + 2 * v + LANES)).intoArray(dst, d + v);
            }
            // One by one: a load under a mask ends in one of two branches of the library, and C2 may box the vector that
            // is shuffled behind them.
            for (int v = whole; v < length; v++) {
                dst[d + v] = src.get(ValueLayout.JAVA_FLOAT_UNALIGNED, bytes(s + 2 * v));
            }
        }
    }

    private static FloatVector evens(FloatVector low, FloatVector high) {
        VectorShuffle<Float> even = VectorShuffle.iota(SPECIES, 0, 2, true);
        VectorMask<Float> upper = SPECIES.indexInRange(-LANES / 2, LANES);
        return low.rearrange(even).blend(high.rearrange(even), upper);
    }

    @Override
    public void write(float[] src, int srcAt, int srcRowStride, Floats dst, int dstAt, int dstRowStride, int step,
                      int rows, int columns) {
        if (!dst.isNative() || step != 1) {
            super.write(src, srcAt, srcRowStride, dst, dstAt, dstRowStride, step, rows, columns);
            return;
        }
        MemorySegment segment = dst.segment();
        int whole = SPECIES.loopBound(columns);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, columns);
        for (int r = 0; r < rows; r++) {
            int s = srcAt + r * srcRowStride;
            int d = dstAt + r * dstRowStride;
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(SPECIES, src, s + j).intoMemorySegment(segment, bytes(d + j), ORDER);
            }
            if (whole < columns) {
                FloatVector.fromArray(SPECIES, src, s + whole, rest).intoMemorySegment(segment, bytes(d + whole), ORDER, rest);
            }
        }
    }

    private static FloatVector load(MemorySegment src, int at) {
        return FloatVector.fromMemorySegment(SPECIES, src, bytes(at), ORDER);
    }

    private static FloatVector load(MemorySegment src, int at, VectorMask<Float> lanes) {
        return FloatVector.fromMemorySegment(SPECIES, src, bytes(at), ORDER, lanes);
    }

    private static long bytes(int floats) {
        return (long) floats * Float.BYTES;
    }
}

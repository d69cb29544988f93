package coordconv.kernels.testing;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.memory.Floats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The kinds of memory that a tensor may lie in. */
public enum Memory {
    /** A float array, from an odd offset on. */
    ARRAY,
    /** Outside the heap, in the byte order of the processor. */
    NATIVE,
    /** Outside the heap, at an address that is no multiple of four bytes. */
    UNALIGNED_NATIVE,
    /** A byte array. */
    HEAP_BYTES,
    /** Outside the heap, in the other byte order. */
    OTHER_ORDER;

    private static final int OFFSET = 3;
    private static final ByteOrder OTHER = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
            ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;

    /** {@return memory of this kind, holding some floats and nothing behind them} */
    public FloatRegion hold(float[] values) {
        long bytes = (long) values.length * Float.BYTES;
        FloatRegion region = switch (this) {
            case ARRAY -> FloatRegion.of(new float[OFFSET + values.length], OFFSET);
            case NATIVE -> FloatRegion.of(Arena.ofAuto().allocate(bytes, 64));
            case UNALIGNED_NATIVE -> FloatRegion.of(Arena.ofAuto().allocate(bytes + 1, 64).asSlice(1, bytes));
            case HEAP_BYTES -> FloatRegion.of(MemorySegment.ofArray(new byte[(int) bytes + 1]).asSlice(1, bytes));
            case OTHER_ORDER -> FloatRegion.of(ByteBuffer.allocateDirect((int) bytes).order(OTHER).asFloatBuffer());
        };
        for (int i = 0; i < values.length; i++) {
            region.set(i, values[i]);
        }
        return region;
    }

    /** {@return the same as the kernels see it} */
    public Floats floats(float[] values) {
        FloatRegion region = hold(values);
        ByteOrder order = this == OTHER_ORDER ? OTHER : ByteOrder.nativeOrder();
        return new Floats(region.array(), region.arrayOffset(), region.segment(), order);
    }

    /** {@return the floats that a region holds} */
    public static float[] read(FloatRegion region) {
        float[] values = new float[(int) region.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = region.get(i);
        }
        return values;
    }
}

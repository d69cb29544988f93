package coordconv.verification.cases;

import coordconv.verification.kernel.SegmentKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Where the operands of a call lie. All but the first are for a {@link SegmentKernel}. */
public enum Memory {
    /** Whole arrays. */
    ARRAYS,
    /** Slices of larger arrays, a red zone on both sides. */
    ARRAY_SLICES,
    /** Slices of native memory, a red zone on both sides. */
    NATIVE;

    /** Floats on each side: more than the widest vectors that a kernel may store at once. */
    private static final int RED_ZONE = 160;
    private static final byte RED = (byte) 0xA5;

    /**
     * A tensor with its surroundings.
     *
     * @param all the memory
     * @param tensor the slice that a kernel is given
     */
    record Operand(MemorySegment all, MemorySegment tensor) {
        float[] floats() {
            return tensor.toArray(ValueLayout.JAVA_FLOAT);
        }

        /** Refuses a byte beside the tensor that is not what it was. */
        void requireRedZones(String what) {
            long before = RED_ZONE * (long) Float.BYTES;
            for (long i = 0; i < all.byteSize(); i++) {
                boolean outside = i < before || i >= before + tensor.byteSize();
                if (outside && all.get(ValueLayout.JAVA_BYTE, i) != RED) {
                    throw new AssertionError(what + ": byte " + (i - before) + " was written, outside the tensor's "
                            + tensor.byteSize());
                }
            }
        }
    }

    /** A copy of a tensor in this kind of memory. */
    Operand hold(float[] content) {
        long bytes = (content.length + 2L * RED_ZONE) * Float.BYTES;
        MemorySegment all = this == NATIVE ? Arena.ofAuto().allocate(bytes, 64)
                : MemorySegment.ofArray(new float[content.length + 2 * RED_ZONE]);
        all.fill(RED);
        MemorySegment tensor = all.asSlice(RED_ZONE * (long) Float.BYTES, content.length * (long) Float.BYTES);
        MemorySegment.copy(content, 0, tensor, ValueLayout.JAVA_FLOAT, 0, content.length);
        return new Operand(all, tensor);
    }
}

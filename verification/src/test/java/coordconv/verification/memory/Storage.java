package coordconv.verification.memory;

import coordconv.kernels.FloatRegion;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.IntFunction;

/**
 * Every kind of memory a region may view, always with a red zone on both sides of the floats that it
 * exposes.
 */
enum Storage {
    ARRAY_FROM_ITS_START(length -> {
        float[] array = new float[length + Storage.RED_ZONE];
        return new Stored(FloatRegion.of(array), MemorySegment.ofArray(array), 0, length, ByteOrder.nativeOrder());
    }),
    ARRAY_WITH_OFFSET(length -> {
        float[] array = new float[length + 2 * Storage.RED_ZONE];
        return new Stored(FloatRegion.of(array, Storage.RED_ZONE), MemorySegment.ofArray(array),
                Storage.RED_ZONE * 4L, length, ByteOrder.nativeOrder());
    }),
    HEAP_BUFFER(length -> {
        float[] array = new float[length + 2 * Storage.RED_ZONE];
        FloatBuffer buffer = FloatBuffer.wrap(array).slice(3, array.length - 3)
                .position(Storage.RED_ZONE - 3).limit(Storage.RED_ZONE - 3 + length);
        return new Stored(FloatRegion.of(buffer), MemorySegment.ofArray(array),
                Storage.RED_ZONE * 4L, length, ByteOrder.nativeOrder());
    }),
    HEAP_BYTE_BUFFER(length -> {
        byte[] array = new byte[(length + 2 * Storage.RED_ZONE) * 4];
        FloatBuffer buffer = ByteBuffer.wrap(array).order(ByteOrder.nativeOrder()).asFloatBuffer()
                .slice(Storage.RED_ZONE, length);
        return new Stored(FloatRegion.of(buffer), MemorySegment.ofArray(array),
                Storage.RED_ZONE * 4L, length, ByteOrder.nativeOrder());
    }),
    DIRECT_BUFFER(length -> direct(length, ByteOrder.LITTLE_ENDIAN)),
    DIRECT_BUFFER_BIG_ENDIAN(length -> direct(length, ByteOrder.BIG_ENDIAN)),
    HEAP_SEGMENT(length -> {
        MemorySegment all = MemorySegment.ofArray(new float[length + 2 * Storage.RED_ZONE]);
        return segment(all, Storage.RED_ZONE * 4L, length);
    }),
    /** A heap segment that no float[] lies under. */
    BYTE_ARRAY_SEGMENT_UNALIGNED(length -> segment(
            MemorySegment.ofArray(new byte[(length + 2 * Storage.RED_ZONE) * 4]), Storage.RED_ZONE * 4L + 1, length)),
    /** In a float[], but not at a whole one. */
    FLOAT_ARRAY_SEGMENT_UNALIGNED(length -> segment(
            MemorySegment.ofArray(new float[length + 2 * Storage.RED_ZONE]), Storage.RED_ZONE * 4L + 2, length)),
    NATIVE_SEGMENT(length -> segment(
            Arena.ofAuto().allocate((length + 2L * Storage.RED_ZONE) * 4, 64), Storage.RED_ZONE * 4L, length)),
    NATIVE_SEGMENT_UNALIGNED(length -> segment(
            Arena.ofAuto().allocate((length + 2L * Storage.RED_ZONE) * 4, 64), Storage.RED_ZONE * 4L + 3, length));

    /** Floats on each side: more than one vector of the widest species and one NR. */
    private static final int RED_ZONE = 160;

    private final IntFunction<Stored> make;

    Storage(IntFunction<Stored> make) {
        this.make = make;
    }

    /** A copy of the content in this kind of memory. */
    Stored hold(float[] content) {
        Stored stored = make.apply(content.length);
        stored.fill(content);
        return stored;
    }

    /** The content as a region alone, for inputs. */
    static FloatRegion input(Storage storage, float[] content) {
        return content == null ? null : storage.hold(content).region();
    }

    private static Stored direct(int length, ByteOrder order) {
        ByteBuffer bytes = ByteBuffer.allocateDirect((length + 2 * RED_ZONE) * 4).order(order);
        FloatBuffer buffer = bytes.asFloatBuffer().position(RED_ZONE).limit(RED_ZONE + length);
        return new Stored(FloatRegion.of(buffer), MemorySegment.ofBuffer(bytes), RED_ZONE * 4L, length, order);
    }

    private static Stored segment(MemorySegment all, long offset, int length) {
        return new Stored(FloatRegion.of(all.asSlice(offset, length * 4L)), all, offset, length,
                ByteOrder.nativeOrder());
    }

    /**
     * Floats in some memory.
     *
     * @param region what a kernel is given
     * @param all the memory with its red zones
     * @param offset bytes of {@code all} before the first float
     * @param length floats
     * @param order byte order of the floats
     */
    record Stored(FloatRegion region, MemorySegment all, long offset, int length, ByteOrder order) {
        private static final byte RED = (byte) 0xA5;

        void fill(float[] content) {
            all.fill(RED);
            for (int i = 0; i < length; i++) {
                all.set(layout(), offset + i * 4L, content[i]);
            }
        }

        float[] read() {
            float[] content = new float[length];
            for (int i = 0; i < length; i++) {
                content[i] = all.get(layout(), offset + i * 4L);
            }
            return content;
        }

        /** The first byte outside the floats that was written, or -1. */
        long firstByteSpoilt() {
            for (long i = 0; i < all.byteSize(); i++) {
                boolean inside = i >= offset && i < offset + length * 4L;
                if (!inside && all.get(ValueLayout.JAVA_BYTE, i) != RED) {
                    return i - offset;
                }
            }
            return -1;
        }

        private ValueLayout.OfFloat layout() {
            return ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
        }
    }
}

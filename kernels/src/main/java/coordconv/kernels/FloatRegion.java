package coordconv.kernels;

import coordconv.kernels.internal.memory.Floats;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * A run of floats in the caller's memory: an array with an offset, a buffer, or a segment.
 *
 * <p>A view: nothing is copied when it is made. Make it once and reuse it, so that a steady state
 * allocates nothing.
 */
public final class FloatRegion {
    /** Never started: asked for whether a thread other than the caller may use a segment. */
    private static final Thread PROBE = Thread.ofPlatform().daemon().unstarted(() -> { });

    final Floats floats;
    private final float[] array;
    private final int arrayOffset;
    private final MemorySegment segment;
    private final long length;
    private final boolean readOnly;

    private FloatRegion(float[] array, int arrayOffset, MemorySegment segment, ByteOrder order,
                        long length, boolean readOnly) {
        floats = new Floats(array, arrayOffset, segment, order);
        this.array = array;
        this.arrayOffset = arrayOffset;
        this.segment = segment;
        this.length = length;
        this.readOnly = readOnly;
    }

    /**
     * A whole array.
     *
     * @param array the floats
     * @return a view of it
     */
    public static FloatRegion of(float[] array) {
        return of(array, 0);
    }

    /**
     * An array from an offset to its end.
     *
     * @param array the floats
     * @param offset index of the first
     * @return a view of it
     * @throws IllegalArgumentException if the offset is outside the array
     */
    public static FloatRegion of(float[] array, int offset) {
        Arguments.present("array", array);
        Arguments.check(offset >= 0 && offset <= array.length, "offset", offset, "0 to " + array.length);
        return ofArray(array, offset, array.length - offset);
    }

    private static FloatRegion ofArray(float[] array, int offset, int length) {
        MemorySegment segment = MemorySegment.ofArray(array)
                .asSlice((long) offset * Float.BYTES, (long) length * Float.BYTES);
        return new FloatRegion(array, offset, segment, ByteOrder.nativeOrder(), length, false);
    }

    /**
     * A buffer from its position to its limit, in its own byte order.
     *
     * @param buffer heap or direct
     * @return a view of it, which later changes of position and limit do not touch
     */
    public static FloatRegion of(FloatBuffer buffer) {
        if (Arguments.present("buffer", buffer).hasArray()) {
            return ofArray(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
        }
        return new FloatRegion(null, 0, MemorySegment.ofBuffer(buffer), buffer.order(),
                buffer.remaining(), buffer.isReadOnly());
    }

    /**
     * A segment, in the native byte order.
     *
     * @param segment heap or native; any alignment
     * @return a view of it
     * @throws IllegalArgumentException if its size is no multiple of 4 bytes
     */
    public static FloatRegion of(MemorySegment segment) {
        Arguments.present("segment", segment);
        Arguments.check(segment.byteSize() % Float.BYTES == 0, "segment", segment.byteSize() + " bytes",
                "a multiple of " + Float.BYTES);
        if (!segment.isReadOnly() && segment.address() % Float.BYTES == 0
                && segment.heapBase().orElse(null) instanceof float[] floats) {
            return new FloatRegion(floats, (int) (segment.address() / Float.BYTES), segment,
                    ByteOrder.nativeOrder(), segment.byteSize() / Float.BYTES, false);
        }
        return new FloatRegion(null, 0, segment, ByteOrder.nativeOrder(),
                segment.byteSize() / Float.BYTES, segment.isReadOnly());
    }

    /** {@return the number of floats} */
    public long length() {
        return length;
    }

    /** {@return whether writing is refused} */
    public boolean isReadOnly() {
        return readOnly;
    }

    /** {@return the array, or null where the region is reached as a segment} */
    public float[] array() {
        return array;
    }

    /** {@return whether the floats lie outside the heap, in the byte order of the processor} */
    public boolean isNative() {
        return floats.isNative();
    }

    /** {@return index of the first float in {@link #array}} */
    public int arrayOffset() {
        return arrayOffset;
    }

    /** {@return the region as a segment} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return the layout of one float in {@link #segment}} */
    public ValueLayout.OfFloat layout() {
        return floats.layout();
    }

    /**
     * Whether the first floats of two regions share memory.
     *
     * @param count how many of this region
     * @param other the other region
     * @param otherCount how many of the other
     * @return true where any byte belongs to both
     */
    boolean overlaps(long count, FloatRegion other, long otherCount) {
        if (array != null && other.array != null) {
            return array == other.array && meets(arrayOffset, count, other.arrayOffset, otherCount);
        }
        if (segment.isNative() && other.segment.isNative()) {
            return meets(segment.address(), count * Float.BYTES, other.segment.address(), otherCount * Float.BYTES);
        }
        if (segment.isNative() || other.segment.isNative()) {
            return false;
        }
        // Only the segments themselves know the array behind a read-only one.
        return bytes(count).asOverlappingSlice(other.bytes(otherCount)).isPresent();
    }

    private static boolean meets(long from, long count, long otherFrom, long otherCount) {
        return from < otherFrom + otherCount && otherFrom < from + count;
    }

    private MemorySegment bytes(long count) {
        return segment.asSlice(0, count * Float.BYTES);
    }

    /**
     * One float, for code that is not hot.
     *
     * @param index which
     * @return its value
     * @throws IndexOutOfBoundsException if the index is outside the region
     */
    public float get(long index) {
        Objects.checkIndex(index, length);
        return floats.get(index);
    }

    /**
     * Sets one float, for code that is not hot.
     *
     * @param index which
     * @param value its new value
     * @throws IndexOutOfBoundsException if the index is outside the region
     */
    public void set(long index, float value) {
        Objects.checkIndex(index, length);
        floats.set(index, value);
    }


    // The checks of every call: a message is put together only where one fails, as that allocates.

    void requireReadable(String argument, long needed) {
        if (length < needed) {
            throw Arguments.refuse(argument, length + " floats", "at least " + needed);
        }
        if (array == null) {
            Arguments.check(segment.scope().isAlive(), argument, "a closed segment", "an open one");
            Arguments.check(segment.isAccessibleBy(Thread.currentThread()), argument,
                    "a segment confined to another thread", "one this thread may read");
        }
    }

    void requireWritable(String argument, long needed) {
        Arguments.check(!readOnly, argument, "a read-only region", "a writable one");
        requireReadable(argument, needed);
    }

    void requireShareable(String argument, Parallelism parallelism) {
        // What another thread may not touch would fail half-way, with some of the output written.
        Arguments.check(parallelism.threads() == 1 || array != null || segment.isAccessibleBy(PROBE), argument, "a segment confined to this thread",
                "a shared one, as more than one thread is to use it");
    }

    void requireApart(String argument, long count, FloatRegion other, String otherArgument, long otherCount) {
        if (overlaps(count, other, otherCount)) {
            throw Arguments.refuse(argument, "memory that overlaps " + otherArgument, "memory of its own");
        }
    }
}

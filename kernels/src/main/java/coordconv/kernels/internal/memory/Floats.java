package coordconv.kernels.internal.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A run of floats in the caller's memory: reached as an array where there is one, as a segment elsewhere.
 *
 * <p>Bounds and sharing are checked by the public API; the fields are what the inner loops need.
 */
public final class Floats {
    private final float[] array;
    private final int arrayOffset;
    private final MemorySegment segment;
    private final ValueLayout.OfFloat layout;
    private final boolean isNative;

    /**
     * A view; nothing is copied.
     *
     * @param array the array, or null where the floats are reached as a segment
     * @param arrayOffset index of the first float in the array
     * @param segment the same floats as a segment
     * @param order byte order of the segment
     */
    public Floats(float[] array, int arrayOffset, MemorySegment segment, ByteOrder order) {
        this.array = array;
        this.arrayOffset = arrayOffset;
        this.segment = segment;
        layout = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
        isNative = segment.isNative() && order == ByteOrder.nativeOrder();
    }

    /** {@return the array, or null where the floats are reached as a segment} */
    public float[] array() {
        return array;
    }

    /** {@return index of the first float in {@link #array}} */
    public int arrayOffset() {
        return arrayOffset;
    }

    /** {@return the floats as a segment} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return the layout of one float in {@link #segment}} */
    public ValueLayout.OfFloat layout() {
        return layout;
    }

    /** {@return whether the floats lie outside the heap, in the byte order of the processor} */
    public boolean isNative() {
        return isNative;
    }

    /**
     * One float, for code that is not hot.
     *
     * @param index which
     * @return its value
     */
    public float get(long index) {
        return array != null ? array[arrayOffset + (int) index] : segment.getAtIndex(layout, index);
    }

    /**
     * Sets one float, for code that is not hot.
     *
     * @param index which
     * @param value its new value
     */
    public void set(long index, float value) {
        if (array != null) {
            array[arrayOffset + (int) index] = value;
        } else {
            segment.setAtIndex(layout, index, value);
        }
    }
}

package coordconv.kernels.internal.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Weights as algorithms have packed them: in an array those whose elements are broadcast, and from the start of a cache line
 * on those that are read in vectors, since a vector that lies across two lines takes two loads. An array can lie anywhere.
 *
 * @param array packed weights of the first kind
 * @param aligned packed weights of the second kind
 */
public record PackedFloats(float[] array, MemorySegment aligned) {
    /** Bytes of a cache line, or a multiple: a vector that is aligned to it lies in one. */
    public static final int CACHE_LINE = 64;
    /**
     * Bytes of a window through which aligned weights are read, at least those of a run. Behind the last weight as many are
     * kept, so that every window has this size: C2 then knows that an index below it is inside, and makes no loop around
     * the loop to check so.
     */
    public static final int WINDOW_BYTES = 64 << 10;

    /**
     * {@return zeros, which the garbage collector frees}
     *
     * @param floats of the array
     * @param alignedFloats of the aligned memory
     */
    public static PackedFloats of(int floats, int alignedFloats) {
        return new PackedFloats(new float[floats], alignedFloats == 0 ? MemorySegment.NULL
                : Arena.ofAuto().allocate((long) Float.BYTES * alignedFloats + WINDOW_BYTES, CACHE_LINE));
    }

    /** {@return floats of the aligned memory} */
    public int alignedLength() {
        return (int) (Math.max(0, aligned.byteSize() - WINDOW_BYTES) / Float.BYTES);
    }
}

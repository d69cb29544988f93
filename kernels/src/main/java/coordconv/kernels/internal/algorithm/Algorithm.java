package coordconv.kernels.internal.algorithm;

import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;

/** One way to compute correlations, with weights packed for it. Immutable: threads share it. */
public interface Algorithm extends Work {
    /** {@return name and parameters, for people} */
    String describe();

    /** {@return floats of its packed weights that lie in the array} */
    int packedLength();

    /** {@return floats of its packed weights that are aligned, a multiple of a cache line} */
    default int alignedLength() {
        return 0;
    }

    /**
     * Packs weights to the place in the packed weights of the whole pass where {@link #run} finds them again.
     *
     * @param weights of the convolution
     * @param packed packed weights of the pass
     */
    void packWeights(Floats weights, PackedFloats packed);

    /**
     * {@return what decides where each weight goes and what becomes of it on the way: algorithms whose answers are equal
     * pack the same weights to the same floats, and can share them}
     */
    Object packing();

    /** {@return what coordinates add in closed form, or null} */
    default CoordTable coordTable() {
        return null;
    }
}

package coordconv.kernels.internal.algorithm;

import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;

/** The caller's tensors of one call. */
public final class Operands {
    /** Input of the correlation. */
    public Floats x;
    /** Offsets of a deformable convolution. */
    public Floats offsets;
    /** Mask of a deformable convolution, or null for ones. */
    public Floats mask;
    /** Output of a correlation; in a gradient to weights or bias the gradient of the output. */
    public Floats y;
    /** Packed weights of a correlation. */
    public PackedFloats packed;
    /** What its coordinates add in closed form. */
    public float[] coordTables;
    /** Bias of a correlation. */
    public float[] bias;
    /** Where a gradient goes, if the output is not its place. */
    public Floats gradient;
    /** Where the gradient to the mask of a deformable convolution goes. */
    public Floats maskGradient;

    /** Forgets them, so that an object kept for the next call does not keep them alive. */
    public void clear() {
        x = null;
        offsets = null;
        mask = null;
        y = null;
        packed = null;
        coordTables = null;
        bias = null;
        gradient = null;
        maskGradient = null;
    }
}

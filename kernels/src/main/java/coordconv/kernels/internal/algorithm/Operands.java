package coordconv.kernels.internal.algorithm;

import coordconv.kernels.internal.memory.Floats;

/** The caller's tensors of one call. */
public final class Operands {
    /** Input of the correlation. */
    public Floats x;
    /** Output of a correlation; in a gradient to weights or bias the gradient of the output. */
    public Floats y;
    /** Packed weights of a correlation. */
    public float[] packed;
    /** What its coordinates add in closed form. */
    public float[] coordTables;
    /** Bias of a correlation. */
    public float[] bias;
    /** Where a gradient to weights or bias goes. */
    public Floats gradient;

    /** Forgets them, so that an object kept for the next call does not keep them alive. */
    public void clear() {
        x = null;
        y = null;
        packed = null;
        coordTables = null;
        bias = null;
        gradient = null;
    }
}

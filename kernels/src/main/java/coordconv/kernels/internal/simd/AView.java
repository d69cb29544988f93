package coordconv.kernels.internal.simd;

/** The operand A of a micro-kernel: one panel below the other, one for each register tile. */
public final class AView {
    /** Holds the panels. */
    public float[] a;
    /** Offset of the first panel. */
    public int at;

    /**
     * Sets the operand.
     *
     * @param panels holds the panels
     * @param first offset of the first panel
     */
    public void bind(float[] panels, int first) {
        a = panels;
        at = first;
    }
}

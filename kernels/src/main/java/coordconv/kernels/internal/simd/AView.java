package coordconv.kernels.internal.simd;

/**
 * The operand A of a micro-kernel: one panel below the other, one for each register tile.
 *
 * <p>All three operands keep a reference that does not change: when an old object gets one to a younger array, the G1
 * collector's write barrier waits until every store before it is done, those of the tile's results among them.
 */
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
        if (a != panels) {
            a = panels;
        }
        at = first;
    }
}

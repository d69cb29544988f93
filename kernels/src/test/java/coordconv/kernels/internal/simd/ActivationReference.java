package coordconv.kernels.internal.simd;

/** What activations are to give, in double precision. */
public final class ActivationReference {
    /** A power of two, under which small integers stay exact, and above 1, where the greater of v and a v is not the function. */
    private static final float SLOPE = 2;
    /** Small integers stay exact below it, and some exceed it. */
    private static final float CAP = 3;

    /** Values that rounding does not make, and some around the bound. */
    static final float[] SPECIAL = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -0f, 0f, -Float.MIN_VALUE, -3,
        Float.MIN_VALUE, 2, Math.nextDown(CAP), CAP, Math.nextUp(CAP), 40, Float.MAX_VALUE};

    private ActivationReference() {}

    /** {@return the parameter that tests pass} */
    public static float alpha(Activation activation) {
        return activation == Activation.CLIPPED_RELU ? CAP : SLOPE;
    }

    /**
     * {@return f(v)}
     *
     * @param activation f, with the parameter {@link #alpha}
     * @param v argument
     */
    public static double of(Activation activation, double v) {
        return switch (activation) {
            case IDENTITY -> v;
            case RELU -> v < 0 ? 0 : v;
            case LEAKY_RELU -> v < 0 ? SLOPE * v : v;
            case CLIPPED_RELU -> v < 0 ? 0 : v > CAP ? CAP : v;
        };
    }
}

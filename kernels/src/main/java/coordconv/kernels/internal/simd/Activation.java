package coordconv.kernels.internal.simd;

/**
 * The element-wise function of the epilogue, which kernels are compiled for. The parameter alpha that some have comes as an
 * operand. NaN stays NaN.
 */
public enum Activation {
    /** The argument itself. */
    IDENTITY,
    /** 0 for negative arguments, negative infinity included, where a product with 0 would give NaN. */
    RELU,
    /** Alpha times negative arguments. */
    LEAKY_RELU,
    /** 0 for negative arguments, and alpha, which is positive, for those above it. */
    CLIPPED_RELU;

    /**
     * The function that puts a slope on negative arguments.
     *
     * @param slope 1 for the identity, 0 for ReLU
     * @return the cheapest code for it
     */
    public static Activation ofSlope(float slope) {
        return slope == 1 ? IDENTITY : slope == 0 ? RELU : LEAKY_RELU;
    }

    /**
     * The function itself.
     *
     * @param v argument
     * @param alpha slope of {@link #LEAKY_RELU}, upper bound of {@link #CLIPPED_RELU}, not used by the others
     * @return the value
     */
    public float apply(float v, float alpha) {
        if (this == CLIPPED_RELU) {
            return v < 0 ? 0 : v > alpha ? alpha : v;
        }
        if (this == IDENTITY || !(v < 0)) {
            return v;
        }
        return this == RELU ? 0 : alpha * v;
    }
}

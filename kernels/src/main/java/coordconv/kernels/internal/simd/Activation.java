package coordconv.kernels.internal.simd;

/** The element-wise function of the epilogue, which kernels are compiled for; a slope comes as an operand. NaN stays NaN. */
public enum Activation {
    /** The argument itself. */
    IDENTITY,
    /** 0 for negative arguments, negative infinity included, where a product with 0 would give NaN. */
    RELU,
    /** The slope times negative arguments. */
    LEAKY_RELU;

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
     * @param slope factor on negative values, of {@link #LEAKY_RELU} alone
     * @return the value
     */
    public float apply(float v, float slope) {
        if (this == IDENTITY || !(v < 0)) {
            return v;
        }
        return this == RELU ? 0 : slope * v;
    }
}

package coordconv.kernels;

/**
 * The element-wise function that the epilogue applies to a finished output.
 *
 * <p>A NaN stays a NaN.
 *
 * @param kind which function
 * @param negativeSlope factor on negative values; 0 for {@link Kind#RELU}, 1 for {@link Kind#IDENTITY}
 */
public record Activation(Kind kind, float negativeSlope) {
    /** {@code f(v) = v}. */
    public static final Activation IDENTITY = new Activation(Kind.IDENTITY, 1);
    /** {@code f(v) = max(v, 0)}. */
    public static final Activation RELU = new Activation(Kind.RELU, 0);

    /** The functions. */
    public enum Kind { IDENTITY, RELU, LEAKY_RELU }

    public Activation {
        Arguments.present("kind", kind);
        Arguments.check(kind == Kind.LEAKY_RELU || negativeSlope == (kind == Kind.RELU ? 0 : 1),
                "negativeSlope", negativeSlope, "0 for RELU, 1 for IDENTITY");
        Arguments.check(Float.isFinite(negativeSlope), "negativeSlope", negativeSlope, "a finite number");
    }

    /**
     * {@code f(v) = v >= 0 ? v : slope * v}.
     *
     * @param slope factor on negative values
     * @return the activation
     */
    public static Activation leakyRelu(float slope) {
        return new Activation(Kind.LEAKY_RELU, slope);
    }

    /**
     * The function itself.
     *
     * @param v argument
     * @return the value
     */
    public float apply(float v) {
        if (kind == Kind.IDENTITY || !(v < 0)) {
            return v;
        }
        return kind == Kind.RELU ? 0 : negativeSlope * v;
    }
}

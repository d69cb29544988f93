package coordconv.kernels;

/**
 * The element-wise function that the epilogue applies to a finished output: a factor on negative values, then an upper bound.
 *
 * <p>A NaN stays a NaN.
 *
 * @param kind which function
 * @param negativeSlope factor on negative values; 1 for {@link Kind#IDENTITY}, 0 for {@link Kind#RELU} and {@link Kind#CLIPPED_RELU}
 * @param cap upper bound; positive infinity for all but {@link Kind#CLIPPED_RELU}
 */
public record Activation(Kind kind, float negativeSlope, float cap) {
    /** {@code f(v) = v}. */
    public static final Activation IDENTITY = new Activation(Kind.IDENTITY, 1, Float.POSITIVE_INFINITY);
    /** {@code f(v) = max(v, 0)}. */
    public static final Activation RELU = new Activation(Kind.RELU, 0, Float.POSITIVE_INFINITY);

    /** The functions. */
    public enum Kind {
        /** The argument itself. */
        IDENTITY,
        /** The argument, or 0 where it is negative. */
        RELU,
        /** The argument, times a slope where it is negative. */
        LEAKY_RELU,
        /** The argument, or 0 where it is negative, or an upper bound where it is above that. */
        CLIPPED_RELU
    }

    /**
     * Refuses what the kind does not have.
     *
     * @throws IllegalArgumentException if the slope or the upper bound is not one that the kind has
     */
    public Activation {
        Arguments.present("kind", kind);
        boolean slopeFits = switch (kind) {
            case IDENTITY -> negativeSlope == 1;
            case RELU, CLIPPED_RELU -> negativeSlope == 0;
            case LEAKY_RELU -> Float.isFinite(negativeSlope);
        };
        Arguments.check(slopeFits, "negativeSlope", negativeSlope,
                kind == Kind.LEAKY_RELU ? "a finite number" : "0 for RELU and CLIPPED_RELU, 1 for IDENTITY");
        boolean capFits = kind == Kind.CLIPPED_RELU ? cap > 0 && cap < Float.POSITIVE_INFINITY : cap == Float.POSITIVE_INFINITY;
        Arguments.check(capFits, "cap", cap, "a finite number above 0 for CLIPPED_RELU, positive infinity for all others");
    }

    /**
     * {@code f(v) = v >= 0 ? v : slope * v}.
     *
     * @param slope factor on negative values
     * @return the activation
     * @throws IllegalArgumentException if the slope is not finite
     */
    public static Activation leakyRelu(float slope) {
        return new Activation(Kind.LEAKY_RELU, slope, Float.POSITIVE_INFINITY);
    }

    /**
     * {@code f(v) = min(max(v, 0), cap)}; with 6 it is known as ReLU6.
     *
     * @param cap upper bound
     * @return the activation
     * @throws IllegalArgumentException if the bound is not a finite number above 0
     */
    public static Activation clippedRelu(float cap) {
        return new Activation(Kind.CLIPPED_RELU, 0, cap);
    }

    /**
     * The function itself.
     *
     * @param v argument
     * @return the value
     */
    public float apply(float v) {
        if (v > cap) {
            return cap;
        }
        if (kind == Kind.IDENTITY || !(v < 0)) {
            return v;
        }
        return kind == Kind.LEAKY_RELU ? negativeSlope * v : 0;
    }
}

package coordconv.layers.internal;

/**
 * Exponential functions for loops over floats: without branches and calls, so that the JIT compiler vectorises the
 * loop around them, and several times faster than {@link Math#exp}. A NaN stays a NaN.
 *
 * <p>{@code exp(v) = exp(v / 1024)^1024}: a polynomial and ten squarings in double. The relative error stays below
 * 2^-30, a fraction of a float's rounding: the Taylor remainder {@code (110 / 1024)^8 / 8!} and the polynomial's
 * roundings grow by a factor of 1024.
 */
public final class Exponentials {
    /** Arguments are clamped to it on both sides: beyond it a power is 0 or infinite as a float. */
    public static final float END = 110;

    private static final double SCALE = 1.0 / 1024;
    private static final double C2 = 1.0 / 2;
    private static final double C3 = 1.0 / 6;
    private static final double C4 = 1.0 / 24;
    private static final double C5 = 1.0 / 120;
    private static final double C6 = 1.0 / 720;
    private static final double C7 = 1.0 / 5040;

    /** The error function at multiples of {@link #STEP}, and beyond it 1 as far as a double tells. */
    private static final int NODES_PER_UNIT = 64;
    private static final double STEP = 1.0 / NODES_PER_UNIT;
    private static final double ERF_END = 6;
    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
    private static final int NODES = (int) ERF_END * NODES_PER_UNIT + 1;
    /** For each node the coefficients of the cubic to the next one, by the distance in steps. */
    private static final double[] ERF = new double[4 * NODES];

    static {
        for (int i = 0; i < NODES; i++) {
            double at = i * STEP;
            double left = series(at);
            double rise = series(at + STEP) - left;
            double leftSlope = STEP * TWO_OVER_ROOT_PI * Math.exp(-at * at);
            double rightSlope = STEP * TWO_OVER_ROOT_PI * Math.exp(-(at + STEP) * (at + STEP));
            ERF[4 * i] = left;
            ERF[4 * i + 1] = leftSlope;
            ERF[4 * i + 2] = 3 * rise - 2 * leftSlope - rightSlope;
            ERF[4 * i + 3] = leftSlope + rightSlope - 2 * rise;
        }
    }

    /** Where a probability is next to nothing: e^-46 is 1e-20. */
    private static final double NEGLIGIBLE = -46;
    private static final double FLOOR = exp(NEGLIGIBLE);

    private Exponentials() {}

    /**
     * {@code e^v}.
     *
     * @param v any number; clamped to -110 to 110
     * @return the power, of a relative error below 2^-30
     */
    public static double exp(double v) {
        double r = Math.min(Math.max(v, -END), END) * SCALE;
        double p = 1 + r * (1 + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * (C6 + r * C7))))));
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        return p * p;
    }

    /**
     * {@code e^v}, and 0 where that is below 1e-20: far below the rounding of what probabilities are added to, while
     * their products further back would be subnormal, which costs a processor a hundred times a normal multiplication.
     *
     * @param v at most {@link #END}
     * @return the power, less 1e-20
     */
    public static double expOrZero(double v) {
        return exp(Math.max(v, NEGLIGIBLE)) - FLOOR;
    }

    /**
     * {@code log(1 + e)} by {@code 2 artanh(e / (2 + e))}, whose series ends below 2^-30 of it.
     *
     * @param e from 0 to 1
     * @return the logarithm
     */
    public static double log1p(double e) {
        double z = e / (2 + e);
        double s = z * z;
        return 2 * z * (1 + s * (1.0 / 3 + s * (1.0 / 5 + s * (1.0 / 7 + s * (1.0 / 9 + s * (1.0 / 11 + s * (1.0 / 13
                + s * (1.0 / 15 + s * (1.0 / 17)))))))));
    }

    /**
     * {@code e^v - 1}, exact to a float's rounding around 0 too.
     *
     * @param v any number; clamped to -110 to 110
     * @return the difference, of a relative error below 2^-29
     */
    public static double expm1(double v) {
        double r = Math.min(Math.max(v, -END), END) * SCALE;
        double q = r * (1 + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * (C6 + r * C7))))));
        // (1 + q)^2 - 1 = q (q + 2) keeps what a square of 1 + q would lose.
        q *= q + 2;
        q *= q + 2;
        q *= q + 2;
        q *= q + 2;
        q *= q + 2;
        q *= q + 2;
        q *= q + 2;
        q *= q + 2;
        q *= q + 2;
        return q * (q + 2);
    }

    /**
     * {@code 1 / (1 + e^-v)}.
     *
     * @param v any number
     * @return the logistic function
     */
    public static double sigmoid(double v) {
        return 1 / (1 + exp(-v));
    }

    /**
     * The hyperbolic tangent.
     *
     * @param v any number
     * @return tanh v
     */
    public static double tanh(double v) {
        double m = expm1(2 * v);
        return m / (m + 2);
    }

    /**
     * The error function, by Hermite interpolation between 64 nodes a unit, whose derivatives are known: the error
     * is below 2^-29 times {@code erf v}.
     *
     * @param v any number
     * @return {@code 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0 to v
     */
    public static double erf(double v) {
        double a = Math.min(Math.abs(v), ERF_END) * NODES_PER_UNIT;
        int node = (int) a;
        double t = a - node;
        double value = ERF[4 * node] + t * (ERF[4 * node + 1] + t * (ERF[4 * node + 2] + t * ERF[4 * node + 3]));
        return v != v ? v : Math.copySign(value, v);
    }

    /**
     * The derivative of the error function.
     *
     * @param v any number
     * @return {@code 2 / sqrt(pi) * exp(-v^2)}
     */
    public static double erfGradient(double v) {
        return TWO_OVER_ROOT_PI * exp(-v * v);
    }

    /** All terms are positive, so nothing cancels: Abramowitz and Stegun 7.1.6. */
    private static double series(double v) {
        double term = v;
        double sum = 0;
        for (int n = 1; term > sum * 1e-18; n++) {
            sum += term;
            term *= 2 * v * v / (2 * n + 1);
        }
        return Math.min(1, TWO_OVER_ROOT_PI * Math.exp(-v * v) * sum);
    }
}

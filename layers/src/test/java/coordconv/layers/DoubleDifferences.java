package coordconv.layers;

import java.util.function.ToDoubleFunction;

/** Central differences of a function in double precision. */
public final class DoubleDifferences {
    /** The cube root of the unit roundoff balances truncation against rounding. */
    static final double STEP = Math.cbrt(Math.ulp(1.0));
    /** Both errors together, for functions whose values and third derivatives are of the order of 1. */
    public static final double ERROR = 10 * STEP * STEP;

    private DoubleDifferences() {}

    public static double[] gradient(ToDoubleFunction<double[]> function, double[] at) {
        double[] gradient = new double[at.length];
        for (int i = 0; i < at.length; i++) {
            double kept = at[i];
            at[i] = kept + STEP;
            double above = function.applyAsDouble(at);
            at[i] = kept - STEP;
            double below = function.applyAsDouble(at);
            at[i] = kept;
            gradient[i] = (above - below) / (2 * STEP);
        }
        return gradient;
    }
}

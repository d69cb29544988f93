package coordconv.jmh.stats;

import java.util.Arrays;

/** Quantiles of a sample. */
public final class Quantiles {
    private Quantiles() {}

    /**
     * A quantile, interpolated between the two nearest values.
     *
     * @param values at least one, in any order; left as they are
     * @param q 0 for the smallest to 1 for the largest
     * @return the quantile
     * @throws IllegalArgumentException if there is no value, or q is outside 0 to 1
     */
    public static double quantile(double[] values, double q) {
        if (values.length == 0 || !(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("quantile: given " + q + " of " + values.length
                    + " values, needed 0 to 1 of at least one");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = q * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /**
     * The median.
     *
     * @param values at least one
     * @return the middle value
     */
    public static double median(double[] values) {
        return quantile(values, 0.5);
    }
}

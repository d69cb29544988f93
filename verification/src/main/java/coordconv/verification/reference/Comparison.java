package coordconv.verification.reference;

/**
 * The verdict on a tensor: its worst element, the one whose error is the largest share of its bound.
 *
 * @param index index of that element in the flat tensor
 * @param actual what the kernel gave
 * @param expected what the reference gave
 * @param error {@code |actual - expected|}; infinite where just one of them is NaN, or where they
 *     are not the same infinity
 * @param bound the largest admissible error of that element
 * @param failures how many elements are beyond their bound
 */
public record Comparison(int index, double actual, double expected, double error, double bound, int failures) {
    /** {@return whether every element is within its bound} */
    public boolean ok() {
        return failures == 0;
    }

    /**
     * Compares element by element.
     *
     * @param expected the reference
     * @param actual the answer
     * @param bounds the largest admissible errors
     * @return the worst element
     * @throws IllegalArgumentException if the lengths differ, or are 0
     */
    public static Comparison worst(double[] expected, float[] actual, double[] bounds) {
        if (actual.length != expected.length || bounds.length != expected.length || expected.length == 0) {
            throw new IllegalArgumentException("actual: given " + actual.length + " elements, needed "
                    + expected.length + ", at least 1");
        }
        int worst = 0;
        double worstShare = -1;
        int failures = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = error(actual[i], expected[i]);
            if (error > bounds[i]) {
                failures++;
            }
            double share = share(error, bounds[i]);
            if (share > worstShare) {
                worstShare = share;
                worst = i;
            }
        }
        return new Comparison(worst, actual[worst], expected[worst],
                error(actual[worst], expected[worst]), bounds[worst], failures);
    }

    private static double error(double actual, double expected) {
        if (actual == expected || Double.isNaN(actual) && Double.isNaN(expected)) {
            return 0;
        }
        double error = Math.abs(actual - expected);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    private static double share(double error, double bound) {
        if (error == 0 || Double.isInfinite(bound)) {
            return 0;
        }
        return error / bound;
    }

    @Override
    public String toString() {
        return "%s: element %d is %s, expected %s, error %.3g, bound %.3g, %d elements beyond theirs".formatted(
                ok() ? "ok" : "WRONG", index, actual, expected, error, bound, failures);
    }
}

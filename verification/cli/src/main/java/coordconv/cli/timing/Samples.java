package coordconv.cli.timing;

import java.util.Arrays;

/** Repeats of one measurement, held in an array made beforehand. */
final class Samples {
    private final double[] values;
    private int count;

    Samples(int most) {
        values = new double[most];
    }

    void add(double value) {
        values[count++] = value;
    }

    /** {@return the median} */
    double median() {
        return quantile(0.5);
    }

    /** {@return the distance of the quartiles} */
    double spread() {
        return quantile(0.75) - quantile(0.25);
    }

    /** {@return the distance of the smallest and the largest} */
    double range() {
        return quantile(1) - quantile(0);
    }

    /** Interpolates between the two neighbours in the sorted sample. */
    private double quantile(double q) {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        double at = q * (count - 1);
        int below = (int) at;
        int above = Math.min(below + 1, count - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}

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

    /** {@return whether the samples fall in the order of their taking} */
    boolean fall() {
        return Trend.falls(Arrays.copyOf(values, count));
    }

    /**
     * Whether times fall relative to what was sampled in turn with them, so that a change of the machine's pace is no fall.
     *
     * @param rate as many samples of a rate
     * @return whether they do
     */
    boolean fallsBeside(Samples rate) {
        double[] relative = new double[count];
        Arrays.setAll(relative, i -> values[i] * rate.values[i]);
        return Trend.falls(relative);
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

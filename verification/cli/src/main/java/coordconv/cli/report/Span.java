package coordconv.cli.report;

import java.util.List;

/**
 * The ends of an axis.
 *
 * @param least lower end
 * @param most upper end, above it
 */
record Span(double least, double most) {
    /** A linear axis that would start this near 0, as a share of its length, starts there. */
    private static final double NEAR = 0.1;

    /** Takes the axis' own ends, or rounded ones of the values that it shows, and opens a range of nothing. */
    static Span of(Axis axis, List<double[]> values) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double[] some : values) {
            for (double value : some) {
                if (axis.shows(value)) {
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
        }
        Span fit = axis.logarithmic() ? decades(least, most) : linear(least, most);
        return new Span(axis.least().orElse(fit.least), axis.most().orElse(fit.most));
    }

    private static Span linear(double least, double most) {
        if (least < most) {
            return new Span(least > 0 && least < NEAR * most ? 0 : least, most);
        }
        double middle = least <= most ? least : 0;
        double half = Math.max(0.5, Math.abs(middle) / 2);
        return new Span(middle - half, middle + half);
    }

    /** Whole decades: only these are labelled. */
    private static Span decades(double least, double most) {
        if (!(least <= most)) {
            return new Span(0.1, 10);
        }
        double from = Math.pow(10, Math.floor(Math.log10(least)));
        double to = Math.pow(10, Math.ceil(Math.log10(most)));
        return new Span(from, from < to ? to : 10 * from);
    }
}

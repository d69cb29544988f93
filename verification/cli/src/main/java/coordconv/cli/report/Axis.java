package coordconv.cli.report;

import java.util.OptionalDouble;

/**
 * One axis of a chart.
 *
 * @param label what it measures, with its unit
 * @param logarithmic whether its scale is logarithmic; values of 0 and below are then left out
 * @param least its lower end, or empty to fit the data
 * @param most its upper end, or empty to fit the data
 */
public record Axis(String label, boolean logarithmic, OptionalDouble least, OptionalDouble most) {
    public Axis {
        label = Html.printable(label);
    }

    /**
     * A linear axis that fits its data.
     *
     * @param label what it measures, with its unit
     * @return the axis
     */
    public static Axis of(String label) {
        return new Axis(label, false, OptionalDouble.empty(), OptionalDouble.empty());
    }

    /** {@return the same axis with a logarithmic scale} */
    public Axis log() {
        return new Axis(label, true, least, most);
    }

    /**
     * The same axis with fixed ends.
     *
     * @param from lower end
     * @param to upper end, above it
     * @return the axis
     * @throws IllegalArgumentException if they are no range of this scale
     */
    public Axis range(double from, double to) {
        if (!(from < to && Double.isFinite(to - from)) || logarithmic && from <= 0) {
            throw new IllegalArgumentException("range of axis " + label + ": given " + from + " to " + to
                    + ", needed a finite range that rises" + (logarithmic ? " from above 0" : ""));
        }
        return new Axis(label, logarithmic, OptionalDouble.of(from), OptionalDouble.of(to));
    }

    boolean shows(double value) {
        return Double.isFinite(value) && (!logarithmic || value > 0);
    }
}

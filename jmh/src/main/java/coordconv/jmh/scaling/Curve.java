package coordconv.jmh.scaling;

import coordconv.jmh.stats.Interval;
import java.util.List;

/**
 * One operation along one axis.
 *
 * @param axis what varies
 * @param operation what is done
 * @param points in increasing order
 */
public record Curve(ScalingAxis axis, String operation, List<Point> points) {
    /**
     * One measurement.
     *
     * @param value of the axis
     * @param nanos of one call
     * @param workspaceBytes that the plan asks for, beyond input, weights and output
     */
    public record Point(int value, Interval nanos, long workspaceBytes) {
    }

    /** {@return the exponent that the times follow: the least-squares slope of the logarithms} */
    public double slope() {
        double sx = 0;
        double sy = 0;
        double sxx = 0;
        double sxy = 0;
        for (Point point : points) {
            double x = Math.log(point.value);
            double y = Math.log(point.nanos.estimate());
            sx += x;
            sy += y;
            sxx += x * x;
            sxy += x * y;
        }
        int n = points.size();
        return (n * sxy - sx * sy) / (n * sxx - sx * sx);
    }
}

package coordconv.jmh.report;

import coordconv.cli.report.Axis;
import coordconv.cli.report.Report;
import coordconv.cli.report.XyChart;
import coordconv.jmh.machine.MachineDescription;
import coordconv.jmh.scaling.Curve;
import coordconv.jmh.scaling.ScalingAxis;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Scaling curves as a page: log-log plots with the expected slope drawn in, and the numbers. */
public final class ScalingReport {
    private static final double NANOS_A_MILLI = 1e6;
    private static final double BYTES_A_KIBI = 1024;

    private final List<Curve> curves;

    /**
     * A report to be written.
     *
     * @param curves all operations of all axes
     */
    public ScalingReport(List<Curve> curves) {
        this.curves = List.copyOf(curves);
    }

    /** {@return the numbers as Markdown} */
    public String markdown() {
        return "# Scaling\n\n" + slopes().markdown() + "\n" + points().markdown();
    }

    /** {@return one self-contained page} */
    public Report page() {
        Report page = new Report("How the kernel scales", MachineDescription.current().cpu() + ", " + MachineDescription.current().jdk())
                .paragraph("A 3x3 CoordConv from 64 to 64 channels on four images of 28x28, one thread, one size varied at a time. "
                        + "Dashed lines have the expected slope and end in the largest measured point, where overheads matter least.");
        Set<ScalingAxis> axes = new LinkedHashSet<>();
        curves.forEach(curve -> axes.add(curve.axis()));
        for (ScalingAxis axis : axes) {
            Map<String, XyChart> charts = new LinkedHashMap<>();
            charts.put("Time of one call.", time(axis));
            charts.put("Workspace that the plan asks for, beside input, weights and output.", memory(axis));
            page.heading("Against " + name(axis)).row(charts);
        }
        slopes().addTo(page.heading("Slopes"));
        points().addTo(page.heading("All points"));
        return page;
    }

    private static String name(ScalingAxis axis) {
        return axis == ScalingAxis.H ? "H = W" : axis == ScalingAxis.THREADS ? "threads" : axis.name();
    }

    private List<Curve> of(ScalingAxis axis) {
        return curves.stream().filter(curve -> curve.axis() == axis).toList();
    }

    private XyChart time(ScalingAxis axis) {
        XyChart chart = chart(axis, "ms");
        for (Curve curve : of(axis)) {
            double[] times = curve.points().stream().mapToDouble(p -> p.nanos().estimate() / NANOS_A_MILLI).toArray();
            chart.line(curve.operation(), values(curve), times);
            chart.reference("slope %.0f, %s".formatted(axis.slope(), curve.operation()), values(curve), expected(curve, times[times.length - 1], axis.slope()));
        }
        return chart;
    }

    private XyChart memory(ScalingAxis axis) {
        Curve curve = of(axis).getFirst();
        // Zero has no logarithm.
        double[] kibi = curve.points().stream().mapToDouble(p -> Math.max(1, p.workspaceBytes()) / BYTES_A_KIBI).toArray();
        double slope = axis == ScalingAxis.THREADS ? 1 : 0;
        return chart(axis, "KiB").line("workspace", values(curve), kibi)
                .reference(slope == 0 ? "a few cache blocks, whatever the size" : "a share for each thread",
                        values(curve), expected(curve, kibi[kibi.length - 1], slope));
    }

    private static XyChart chart(ScalingAxis axis, String unit) {
        return XyChart.of(Axis.of(name(axis)).log(), Axis.of(unit).log());
    }

    private static double[] values(Curve curve) {
        return curve.points().stream().mapToDouble(Curve.Point::value).toArray();
    }

    /** The power law through the last point. */
    private static double[] expected(Curve curve, double last, double slope) {
        double most = curve.points().getLast().value();
        return curve.points().stream().mapToDouble(p -> last * Math.pow(p.value() / most, slope)).toArray();
    }

    private Table slopes() {
        Table table = new Table(List.of("axis", "operation", "measured slope", "expected slope"));
        for (Curve curve : curves) {
            table.row(List.of(curve.axis().name(), curve.operation(), curve.points().size() < 2 ? "" : "%.2f".formatted(curve.slope()),
                    "%.0f".formatted(curve.axis().slope())));
        }
        return table;
    }

    private Table points() {
        Table table = new Table(List.of("axis", "value", "operation", "ms", "workspace, KiB"));
        for (Curve curve : curves) {
            for (Curve.Point point : curve.points()) {
                table.row(List.of(curve.axis().name(), Integer.toString(point.value()), curve.operation(),
                        "%.4f".formatted(point.nanos().estimate() / NANOS_A_MILLI),
                        "%.0f".formatted(point.workspaceBytes() / BYTES_A_KIBI)));
            }
        }
        return table;
    }
}

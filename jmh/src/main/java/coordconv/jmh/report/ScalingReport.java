package coordconv.jmh.report;

import coordconv.jmh.machine.MachineDescription;
import coordconv.jmh.scaling.Axis;
import coordconv.jmh.scaling.Curve;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

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
    public String html() {
        HtmlPage page = new HtmlPage("How the kernel scales")
                .paragraph("A 3x3 CoordConv from 64 to 64 channels on four images of 28x28, one thread, one size varied at a time. "
                        + "Dashed lines have the expected slope and start at the largest measured point.")
                .paragraph(MachineDescription.current().cpu() + ", " + MachineDescription.current().jdk());
        Set<Axis> axes = new LinkedHashSet<>();
        curves.forEach(curve -> axes.add(curve.axis()));
        for (Axis axis : axes) {
            page.heading("Against " + axis).drawing(time(axis)).drawing(memory(axis));
        }
        return page.heading("Slopes").table(slopes()).heading("All points").table(points()).html();
    }

    private List<Curve> of(Axis axis) {
        return curves.stream().filter(curve -> curve.axis() == axis).toList();
    }

    private static XYChart chart(String title, Axis axis, String y) {
        XYChart chart = new XYChartBuilder().width(800).height(430).title(title)
                .xAxisTitle(axis == Axis.H ? "H = W" : axis.name()).yAxisTitle(y).build();
        Drawing.style(chart.getStyler());
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        return chart;
    }

    private String time(Axis axis) {
        XYChart chart = chart("Time of one call", axis, "ms");
        for (Curve curve : of(axis)) {
            chart.addSeries(curve.operation(), values(curve),
                    curve.points().stream().map(p -> p.nanos().estimate() / NANOS_A_MILLI).toList(),
                    curve.points().stream().map(p -> (p.nanos().high() - p.nanos().low()) / 2 / NANOS_A_MILLI).toList());
        }
        // Anchored where overheads matter least.
        for (Curve curve : of(axis)) {
            Curve.Point last = curve.points().getLast();
            List<Double> expected = curve.points().stream().map(p -> last.nanos().estimate() / NANOS_A_MILLI
                    * Math.pow((double) p.value() / last.value(), axis.slope())).toList();
            XYSeries series = chart.addSeries("expected, " + curve.operation(), values(curve), expected);
            series.setLineStyle(SeriesLines.DASH_DASH);
            series.setMarker(SeriesMarkers.NONE);
            series.setShowInLegend(false);
        }
        return Drawing.svg(chart);
    }

    private String memory(Axis axis) {
        XYChart chart = chart("Workspace of the plan", axis, "KiB");
        Curve curve = of(axis).getFirst();
        // A logarithm has no place for none.
        chart.addSeries("workspace", values(curve),
                curve.points().stream().map(p -> Math.max(1, p.workspaceBytes()) / BYTES_A_KIBI).toList());
        Curve.Point last = curve.points().getLast();
        double slope = axis == Axis.THREADS ? 1 : 0;
        XYSeries series = chart.addSeries(slope == 0 ? "expected: a few cache blocks, whatever the size" : "expected: one share a thread",
                values(curve), curve.points().stream().map(p -> Math.max(1, last.workspaceBytes()) / BYTES_A_KIBI
                        * Math.pow((double) p.value() / last.value(), slope)).toList());
        series.setLineStyle(SeriesLines.DASH_DASH);
        series.setMarker(SeriesMarkers.NONE);
        return Drawing.svg(chart);
    }

    private static List<Integer> values(Curve curve) {
        return curve.points().stream().map(Curve.Point::value).toList();
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

package coordconv.cli.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines and points over two axes: learning curves, predicted against true positions, rooflines.
 *
 * <p>A value that is not finite interrupts a line and leaves a point out; so does one of 0 or below on a
 * logarithmic axis. What is left without any value is still named in the legend.
 */
public final class XyChart implements Figure {
    private static final int WIDTH = 440;
    private static final int HEIGHT = 300;
    private static final int SQUARE = 400;
    /** Lines of few points show them. */
    private static final int FEW = 24;
    /** Clouds of many points draw them small. */
    private static final int MANY = 400;

    private enum Kind { LINE, POINTS, REFERENCE }

    private record Series(String name, Kind kind, double[] x, double[] y, Color color) {}

    private record Note(String text, double x, double y) {}

    private final Axis horizontal;
    private final Axis vertical;
    private final List<Series> series = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private int colours;
    private boolean square;

    private XyChart(Axis horizontal, Axis vertical) {
        this.horizontal = horizontal;
        this.vertical = vertical;
    }

    /**
     * An empty chart.
     *
     * @param horizontal the x axis
     * @param vertical the y axis
     * @return a chart to add to
     */
    public static XyChart of(Axis horizontal, Axis vertical) {
        return new XyChart(horizontal, vertical);
    }

    /**
     * Adds a line in the next colour.
     *
     * @param name for the legend
     * @param x abscissas
     * @param y as many ordinates
     * @return this
     */
    public XyChart line(String name, double[] x, double[] y) {
        return line(name, colours++, x, y);
    }

    /**
     * Adds a line in a colour of its own, so that what is drawn in several charts has one.
     *
     * @param name for the legend
     * @param colour index of the colour, from 0
     * @param x abscissas
     * @param y as many ordinates
     * @return this
     */
    public XyChart line(String name, int colour, double[] x, double[] y) {
        return add(name, Kind.LINE, x, y, Palette.series(colour));
    }

    /**
     * Adds a line in a pale shade of a colour: what belongs to the line of that colour.
     *
     * @param name for the legend
     * @param colour index of the colour, from 0
     * @param x abscissas
     * @param y as many ordinates
     * @return this
     */
    public XyChart paleLine(String name, int colour, double[] x, double[] y) {
        return add(name, Kind.LINE, x, y, Palette.pale(Palette.series(colour)));
    }

    /**
     * Adds points in the next colour.
     *
     * @param name for the legend
     * @param x abscissas
     * @param y as many ordinates
     * @return this
     */
    public XyChart points(String name, double[] x, double[] y) {
        return points(name, colours++, x, y);
    }

    /**
     * Adds points in a colour of their own.
     *
     * @param name for the legend
     * @param colour index of the colour, from 0
     * @param x abscissas
     * @param y as many ordinates
     * @return this
     */
    public XyChart points(String name, int colour, double[] x, double[] y) {
        return add(name, Kind.POINTS, x, y, Palette.series(colour));
    }

    /**
     * Draws in grey points to compare with.
     *
     * @param name for the legend
     * @param x abscissas
     * @param y as many ordinates
     * @return this
     */
    public XyChart referencePoints(String name, double[] x, double[] y) {
        return add(name, Kind.POINTS, x, y, Palette.REFERENCE);
    }

    /**
     * Draws in a dashed grey line to compare with: a slope, a limit, a border.
     *
     * @param name for the legend
     * @param x abscissas
     * @param y as many ordinates
     * @return this
     */
    public XyChart reference(String name, double[] x, double[] y) {
        return add(name, Kind.REFERENCE, x, y, Palette.REFERENCE);
    }

    /**
     * Draws in a dashed grey rectangle, such as a held-out quadrant.
     *
     * @param name for the legend
     * @param left least abscissa
     * @param right greatest abscissa
     * @param low least ordinate
     * @param high greatest ordinate
     * @return this
     */
    public XyChart box(String name, double left, double right, double low, double high) {
        return reference(name, new double[] {left, right, right, left, left}, new double[] {low, low, high, high, low});
    }

    /**
     * Writes a few words beside a point.
     *
     * @param text the words
     * @param x abscissa of the point
     * @param y its ordinate
     * @return this
     */
    public XyChart note(String text, double x, double y) {
        notes.add(new Note(Html.printable(text), x, y));
        return this;
    }

    /**
     * Makes the chart as high as wide, for axes that measure the same.
     *
     * @return this
     */
    public XyChart square() {
        square = true;
        return this;
    }

    private XyChart add(String name, Kind kind, double[] x, double[] y, Color color) {
        if (x.length != y.length) {
            throw new IllegalArgumentException("series " + name + ": given " + x.length + " and " + y.length
                    + " coordinates, needed as many of both");
        }
        series.add(new Series(name, kind, x.clone(), y.clone(), color));
        return this;
    }

    @Override
    public void appendTo(Html html, String idPrefix) {
        XYChart chart = new XYChartBuilder().width(square ? SQUARE : WIDTH).height(square ? SQUARE : HEIGHT)
                .xAxisTitle(horizontal.label()).yAxisTitle(vertical.label()).build();
        ChartStyle.apply(chart.getStyler());
        Legend legend = new Legend();
        for (Series each : series) {
            boolean drawn = draw(chart, each, "s" + chart.getSeriesMap().size());
            String mark = each.kind == Kind.POINTS ? "dot" : each.kind == Kind.LINE ? "line" : "dashed";
            legend.add(drawn ? each.name : each.name + " (no data)", each.color, mark);
        }
        if (chart.getSeriesMap().isEmpty()) {
            html.leaf("p", "No data.", "class", "nothing");
        } else {
            scale(chart);
            annotate(chart);
            html.open("div", "class", square ? "chart square" : "chart");
            html.raw(SvgPainter.svg(chart, description(), idPrefix)).close("div");
        }
        legend.appendTo(html);
    }

    private String description() {
        List<String> names = series.stream().map(Series::name).toList();
        return vertical.label() + " over " + horizontal.label() + ": " + String.join(", ", names);
    }

    private boolean draw(XYChart chart, Series each, String id) {
        double[] x = new double[each.x.length];
        double[] y = new double[each.x.length];
        int kept = 0;
        int shown = 0;
        for (int i = 0; i < each.x.length; i++) {
            boolean both = horizontal.shows(each.x[i]) && vertical.shows(each.y[i]);
            boolean gap = !both && horizontal.shows(each.x[i]) && each.kind != Kind.POINTS && shown > 0;
            if (both || gap) {
                x[kept] = each.x[i];
                y[kept++] = both ? each.y[i] : Double.NaN;
            }
            shown += both ? 1 : 0;
        }
        if (shown == 0) {
            return false;
        }
        XYSeries drawn = chart.addSeries(id, Arrays.copyOf(x, kept), Arrays.copyOf(y, kept));
        boolean points = each.kind == Kind.POINTS;
        drawn.setXYSeriesRenderStyle(points ? XYSeriesRenderStyle.Scatter : XYSeriesRenderStyle.Line);
        drawn.setLineColor(each.color).setLineStyle(each.kind == Kind.REFERENCE ? ChartStyle.DASHED : ChartStyle.SOLID);
        // Overlapping points of a cloud should add up.
        drawn.setMarkerColor(points && shown > FEW ? Palette.translucent(each.color, 130) : each.color);
        boolean marked = points || shown == 1 || each.kind == Kind.LINE && shown <= FEW;
        drawn.setMarker(marked ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        if (points && shown > MANY) {
            chart.getStyler().setMarkerSize(3);
        }
        return true;
    }

    private void scale(XYChart chart) {
        Span across = Span.of(horizontal, series.stream().map(Series::x).toList());
        Span up = Span.of(vertical, series.stream().map(Series::y).toList());
        chart.getStyler().setXAxisLogarithmic(horizontal.logarithmic()).setYAxisLogarithmic(vertical.logarithmic());
        chart.getStyler().setXAxisMin(across.least()).setXAxisMax(across.most());
        chart.getStyler().setYAxisMin(up.least()).setYAxisMax(up.most());
        // With a function XChart places the ticks of every axis linearly, those of a logarithmic one at wrong values.
        if (horizontal.logarithmic()) {
            chart.getStyler().setXAxisDecimalPattern(ChartStyle.decades(across));
        } else {
            chart.getStyler().setxAxisTickLabelsFormattingFunction(ChartStyle::number);
        }
        if (vertical.logarithmic()) {
            chart.getStyler().setYAxisDecimalPattern(ChartStyle.decades(up));
        } else {
            chart.getStyler().setyAxisTickLabelsFormattingFunction(ChartStyle::number);
        }
    }

    private void annotate(XYChart chart) {
        for (Note note : notes) {
            if (horizontal.shows(note.x) && vertical.shows(note.y)) {
                chart.addAnnotation(new AnnotationText(note.text, note.x, note.y, false));
            }
        }
    }
}

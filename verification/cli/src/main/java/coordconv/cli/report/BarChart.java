package coordconv.cli.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;

/**
 * Bars in groups, one group a category and one colour a series, with error bars: rates of several engines
 * over several problems. A value that is not finite leaves its bar out.
 */
public final class BarChart implements Figure {
    private static final int WIDTH = 440;
    private static final int HEIGHT = 320;
    /** From this many characters in all on, labels would run into each other. */
    private static final int ROOM_FOR_LABELS = 48;

    private record Series(String name, double[] values, double[] errors) {}

    private final String label;
    private final List<String> categories;
    private final List<Series> series = new ArrayList<>();

    private BarChart(String label, List<String> categories) {
        this.label = label;
        this.categories = categories;
    }

    /**
     * An empty chart.
     *
     * @param label what the height measures, with its unit
     * @param categories names of the groups, from left to right, each once
     * @return a chart to add to
     * @throws IllegalArgumentException if a category occurs twice
     */
    public static BarChart of(String label, List<String> categories) {
        if (categories.stream().distinct().count() != categories.size()) {
            throw new IllegalArgumentException("categories: given " + categories + ", needed each once");
        }
        return new BarChart(Html.printable(label), Html.printable(categories));
    }

    /**
     * Adds bars without error bars.
     *
     * @param name for the legend
     * @param values one a category
     * @return this
     */
    public BarChart bars(String name, double... values) {
        return bars(name, values, new double[values.length]);
    }

    /**
     * Adds bars with error bars.
     *
     * @param name for the legend
     * @param values one a category
     * @param errors what the error bar extends to either side, one a category; 0 draws none
     * @return this
     * @throws IllegalArgumentException if there are not as many of each as categories
     */
    public BarChart bars(String name, double[] values, double[] errors) {
        if (values.length != categories.size() || errors.length != categories.size()) {
            throw new IllegalArgumentException("bars " + name + ": given " + values.length + " values and "
                    + errors.length + " errors, needed " + categories.size() + " of each");
        }
        series.add(new Series(name, values.clone(), errors.clone()));
        return this;
    }

    @Override
    public void appendTo(Html html, String idPrefix) {
        boolean any = series.stream().flatMapToDouble(each -> Arrays.stream(each.values)).anyMatch(Double::isFinite);
        if (any) {
            html.open("div", "class", "chart").raw(SvgPainter.svg(chart(), description(), idPrefix)).close("div");
        } else {
            html.leaf("p", "No data.", "class", "nothing");
        }
        Legend legend = new Legend();
        for (int i = 0; i < series.size(); i++) {
            legend.add(series.get(i).name, Palette.series(i), "bar");
        }
        legend.appendTo(html);
    }

    private String description() {
        return label + " for " + String.join(", ", categories) + ": "
                + String.join(", ", series.stream().map(Series::name).toList());
    }

    private CategoryChart chart() {
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).yAxisTitle(label).build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setAvailableSpaceFill(0.8);
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setyAxisTickLabelsFormattingFunction(ChartStyle::number);
        chart.getStyler().setErrorBarsColor(Palette.INK);
        if (categories.stream().mapToInt(String::length).sum() > ROOM_FOR_LABELS) {
            chart.getStyler().setXAxisLabelRotation(40);
        }
        double least = 0;
        double most = 0;
        for (int i = 0; i < series.size(); i++) {
            Series each = series.get(i);
            List<Double> heights = new ArrayList<>();
            List<Double> errors = new ArrayList<>();
            for (int k = 0; k < each.values.length; k++) {
                boolean there = Double.isFinite(each.values[k]);
                double error = there && Double.isFinite(each.errors[k]) ? Math.abs(each.errors[k]) : 0;
                heights.add(there ? each.values[k] : 0);
                errors.add(error);
                least = Math.min(least, heights.get(k) - error);
                most = Math.max(most, heights.get(k) + error);
            }
            Color color = Palette.series(i);
            boolean certain = errors.stream().allMatch(error -> error == 0);
            CategorySeries bars = certain ? chart.addSeries("s" + i, categories, heights)
                    : chart.addSeries("s" + i, categories, heights, errors);
            bars.setFillColor(color);
            bars.setLineColor(color);
        }
        chart.getStyler().setYAxisMin(least).setYAxisMax(least < most ? most * 1.05 : 1);
        return chart;
    }
}

package coordconv.cli.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/** A table of numbers as colours, light for the least and dark for the greatest. */
public final class HeatMap implements Figure {
    private static final int WIDTH = 440;
    private static final int HEIGHT = 340;
    private static final Color[] LIGHT_TO_DARK = {new Color(0xf7fbff), new Color(0x9ecae1), new Color(0x4292c6)};

    private final String horizontal;
    private final String vertical;
    private final List<String> columns;
    private final List<String> rows;
    private final double[][] values;

    /**
     * The numbers and their names.
     *
     * @param horizontal what the columns are
     * @param vertical what the rows are
     * @param columns their names, from left to right, each once
     * @param rows their names, from top to bottom, each once
     * @param values by row and column; one that is not finite stays blank
     * @throws IllegalArgumentException if the values are not rows times columns
     */
    public HeatMap(String horizontal, String vertical, List<String> columns, List<String> rows, double[][] values) {
        boolean fits = values.length == rows.size();
        for (double[] row : values) {
            fits &= row.length == columns.size();
        }
        if (!fits) {
            throw new IllegalArgumentException("values: given " + values.length + " rows, needed " + rows.size()
                    + " of " + columns.size() + " values each");
        }
        this.horizontal = Html.printable(horizontal);
        this.vertical = Html.printable(vertical);
        this.columns = Html.printable(columns);
        this.rows = Html.printable(rows);
        this.values = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            this.values[i] = values[i].clone();
        }
    }

    @Override
    public void appendTo(Html html, String idPrefix) {
        List<Number[]> cells = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                if (Double.isFinite(values[row][column])) {
                    // The chart counts its rows from the bottom.
                    cells.add(new Number[] {column, rows.size() - 1 - row, values[row][column]});
                }
            }
        }
        if (cells.isEmpty()) {
            html.leaf("p", "No data.", "class", "nothing");
            return;
        }
        double least = cells.stream().mapToDouble(cell -> cell[2].doubleValue()).min().getAsDouble();
        double most = cells.stream().mapToDouble(cell -> cell[2].doubleValue()).max().getAsDouble();
        html.open("div", "class", "chart");
        html.raw(SvgPainter.svg(chart(cells, least, most), vertical + " by " + horizontal, idPrefix)).close("div");
        html.open("p", "class", "scale").text(ChartStyle.number(least));
        for (Color color : LIGHT_TO_DARK) {
            html.leaf("i", "", "style", "background:" + Palette.css(color));
        }
        html.text(ChartStyle.number(most)).close("p");
    }

    private HeatMapChart chart(List<Number[]> cells, double least, double most) {
        HeatMapChart chart = new HeatMapChartBuilder().width(WIDTH).height(HEIGHT)
                .xAxisTitle(horizontal).yAxisTitle(vertical).build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setPlotContentSize(1);
        chart.getStyler().setRangeColors(LIGHT_TO_DARK);
        chart.getStyler().setDrawBorder(true).setShowValue(cells.size() <= 100);
        chart.getStyler().setHeatMapValueDecimalPattern("0.##");
        chart.getStyler().setMin(least).setMax(least < most ? most : least + 1);
        chart.addSeries("values", columns, rows.reversed(), cells);
        return chart;
    }
}

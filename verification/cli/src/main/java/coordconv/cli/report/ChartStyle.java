package coordconv.cli.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import org.knowm.xchart.style.AxesChartStyler;

/** The one look of all charts. */
final class ChartStyle {
    static final BasicStroke SOLID = new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    static final BasicStroke DASHED = new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1,
            new float[] {6, 4}, 0);

    private static final int TEXT = 13;
    private static final double SMALLEST_PLAIN = 1e-3;
    private static final double LARGEST_PLAIN = 1e6;

    private ChartStyle() {}

    static void apply(AxesChartStyler style) {
        Font plain = new Font(Font.SANS_SERIF, Font.PLAIN, TEXT);
        style.setBaseFont(plain);
        style.setChartBackgroundColor(Palette.PAPER);
        style.setPlotBackgroundColor(Palette.PAPER);
        style.setPlotBorderVisible(false);
        style.setChartTitleVisible(false);
        // The legend is HTML, under the chart.
        style.setLegendVisible(false);
        style.setChartPadding(6);
        style.setChartFontColor(Palette.INK);
        style.setAxisTitleFont(plain.deriveFont(Font.BOLD));
        style.setAxisTickLabelsFont(plain);
        style.setAxisTickLabelsColor(Palette.FAINT_INK);
        style.setAxisTickMarksColor(Palette.GRID);
        style.setPlotGridLinesColor(Palette.GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1));
        style.setPlotContentSize(0.94);
        style.setXAxisTickMarkSpacingHint(80);
        style.setAnnotationTextFont(plain.deriveFont(TEXT - 2f));
        style.setAnnotationTextFontColor(Palette.FAINT_INK);
        style.setLocale(Locale.ROOT);
        style.setSeriesColors(new Color[] {Palette.series(0)});
    }

    /** The pattern of the labels of whole decades: powers of ten where they reach far. */
    static String decades(Span span) {
        return span.least() < SMALLEST_PLAIN || span.most() >= LARGEST_PLAIN ? "0E0" : "0.###";
    }

    /** As short as it can be said: 0.25, 40, 3e+06. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size >= LARGEST_PLAIN || size < SMALLEST_PLAIN) {
            return String.format(Locale.ROOT, "%.2e", value).replaceFirst("\\.?0+e", "e");
        }
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceFirst("\\.?0+$", "");
    }
}

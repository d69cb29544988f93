package coordconv.jmh.report;

import coordconv.jmh.peer.Engine;
import java.awt.Color;
import java.awt.Dimension;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.apache.batik.dom.GenericDOMImplementation;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.w3c.dom.Document;

/** Draws charts as SVG elements that stand in a page. */
final class Drawing {
    private static final String SVG = "http://www.w3.org/2000/svg";

    private static final List<String> ENGINES = Arrays.stream(Engine.values()).map(Engine::id).toList();

    /** Okabe and Ito's palette, told apart by colour-blind readers too. */
    private static final Color[] COLOURS = {new Color(0x000000), new Color(0xe69f00), new Color(0x56b4e9), new Color(0x009e73),
        new Color(0xcc79a7), new Color(0x0072b2), new Color(0xd55e00), new Color(0xbbbbbb), new Color(0xf0e442)};

    private Drawing() {}

    /**
     * Draws a chart.
     *
     * @param chart the chart
     * @return an svg element
     */
    static String svg(Chart<?, ?> chart) {
        System.setProperty("java.awt.headless", "true");
        Document document = GenericDOMImplementation.getDOMImplementation().createDocument(SVG, "svg", null);
        SVGGraphics2D graphics = new SVGGraphics2D(document);
        graphics.setSVGCanvasSize(new Dimension(chart.getWidth(), chart.getHeight()));
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        StringWriter text = new StringWriter();
        try {
            graphics.stream(text, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Only the element: a page has its own prologue.
        String svg = text.toString();
        return svg.substring(svg.indexOf("<svg"));
    }

    /** A colour of its own for each engine, ours the darkest. */
    static Color colour(String engine) {
        int index = Math.floorMod(ENGINES.indexOf(engine), COLOURS.length);
        return COLOURS[index];
    }

    /** The look that all charts share. */
    static void style(Styler styler) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
    }
}

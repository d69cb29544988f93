package coordconv.cli.report;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.StringWriter;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.knowm.xchart.internal.chartpart.Chart;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Turns a laid-out chart into an SVG element that scales with the page. */
final class SvgPainter {
    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final boolean FONTS = fontsWork();

    private SvgPainter() {}

    /**
     * Draws.
     *
     * @param chart what to draw
     * @param label what a reader hears in place of the drawing
     * @param idPrefix starts every id
     * @return markup
     */
    static String svg(Chart<?, ?> chart, String label, String idPrefix) {
        if (!FONTS) {
            return new Html().leaf("p", "No drawing: Java finds no fonts on this machine. With fontconfig and any"
                    + " font installed, the report will hold the chart.", "class", "nothing").toString();
        }
        Document document = emptyDocument();
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setComment(null);
        context.setPrecision(2);
        context.setIDGenerator(new SVGIDGenerator() {
            private int count;

            @Override
            public String generateID(String prefix) {
                return idPrefix + prefix + count++;
            }
        });
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        Element root = graphics.getRoot();
        root.setAttribute("viewBox", "0 0 " + chart.getWidth() + " " + chart.getHeight());
        root.setAttribute("role", "img");
        root.setAttribute("aria-label", Html.printable(label));
        NodeList definitions = root.getElementsByTagNameNS(SVG, "defs");
        for (int i = 0; i < definitions.getLength(); i++) {
            ((Element) definitions.item(i)).removeAttribute("id");
        }
        return markup(root);
    }

    /** Not Batik's own writer: its XML declaration has no place inside a page. */
    private static String markup(Element root) {
        StringWriter markup = new StringWriter();
        try {
            Transformer writer = TransformerFactory.newInstance().newTransformer();
            writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            writer.transform(new DOMSource(root), new StreamResult(markup));
        } catch (TransformerException impossible) {
            throw new IllegalStateException(impossible);
        }
        return markup.toString();
    }

    private static Document emptyDocument() {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * A server without fonts or fontconfig fails in many ways, with a bare {@link Error} among them; none may
     * cost a finished run its report.
     */
    private static boolean fontsWork() {
        try {
            new Font(Font.SANS_SERIF, Font.PLAIN, 12)
                    .createGlyphVector(new FontRenderContext(null, true, true), "0").getOutline();
            return true;
        } catch (RuntimeException | Error none) {
            // In one line: the trace would point at the inside of the JDK, at nothing a user could mend.
            System.getLogger(SvgPainter.class.getName()).log(System.Logger.Level.WARNING,
                    "Java finds no fonts (" + none + "): reports will be without charts. Install fontconfig and any font.");
            return false;
        }
    }
}

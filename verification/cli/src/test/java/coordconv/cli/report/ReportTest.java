package coordconv.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {
    private static final Axis X = Axis.of("x");
    private static final Axis Y = Axis.of("y");

    @TempDir
    Path folder;

    /** Parses as XML, or throws. */
    private static Document parse(String page) throws Exception {
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new InputSource(new StringReader(page)));
    }

    private static List<Element> all(Document page, String name) {
        NodeList nodes = page.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static Document page(Figure figure) throws Exception {
        return parse(new Report("title", "").figure("caption", figure).html());
    }

    private static double[] of(double... values) {
        return values;
    }

    @Test
    void theExampleIsWellFormedSelfContainedAndRepeatable() throws Exception {
        String html = ExampleReport.make().html();
        Document page = parse(html);
        assertEquals(8, all(page, "svg").size());
        assertEquals(6, all(page, "img").size());
        assertEquals(html, ExampleReport.make().html());
        assertTrue(all(page, "script").isEmpty() && all(page, "link").isEmpty());
        // Name spaces look like addresses, and are the only ones that may.
        String withoutNames = html.replaceAll("xmlns(:\\w+)?=\"[^\"]*\"", "").replaceAll("xmlns(:\\w+)?='[^']*'", "");
        assertFalse(Pattern.compile("https?:|url\\((?!['\"]?#)|@import").matcher(withoutNames).find());
        // Kept to be looked at.
        Path kept = Path.of("target", "example-report.html");
        Files.createDirectories(kept.getParent());
        ExampleReport.make().write(kept);
        assertEquals(html, Files.readString(kept));
    }

    @Test
    void noIdOccursTwice() throws Exception {
        Set<String> ids = new HashSet<>();
        for (Element element : all(parse(ExampleReport.make().html()), "*")) {
            String id = element.getAttribute("id");
            assertTrue(id.isEmpty() || ids.add(id), id);
        }
        assertFalse(ids.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='alert(1)", "a & b &amp; c",
        "]]>", "-->", "<![CDATA[", "\u0000\u0008\u001b[31m", "\ud800 alone", "na\u00efve \u6587\u5b57 \ud83d\ude00"})
    void everyTextIsTakenLiterally(String text) throws Exception {
        Report report = new Report(text, text).heading(text).paragraph(text).facts(Map.of(text, text))
                .table(List.of(text), List.of(List.of(text)))
                .figure(text, XyChart.of(Axis.of(text), Axis.of(text)).line(text, of(1, 2), of(1, 2)).note(text, 1, 1))
                .figure(text, BarChart.of(text, List.of(text, "other")).bars(text, 1, 2))
                .figure(text, new HeatMap(text, text, List.of(text), List.of("row"), new double[][] {{1}}))
                .figure(text, new ImageTiles().add(text, new float[4], 2, 0, 1))
                .row(Map.of(text, XyChart.of(X, Y).points(text, of(), of())));
        Document page = parse(report.html());
        String shown = text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]|\\ud800(?![\\udc00-\\udfff])", "\ufffd");
        for (String element : List.of("title", "h1", "h2", "dt", "dd", "th", "td", "figcaption")) {
            assertEquals(shown, all(page, element).getFirst().getTextContent(), element);
        }
        assertTrue(all(page, "script").isEmpty());
        assertEquals(1, all(page, "img").size());
        assertEquals(shown, all(page, "img").getFirst().getAttribute("alt"));
        for (Element element : all(page, "*")) {
            assertFalse(element.hasAttribute("onload") || element.hasAttribute("onerror"));
        }
    }

    static Stream<Figure> thinData() {
        Axis log = Axis.of("log").log();
        double nan = Double.NaN;
        double infinity = Double.POSITIVE_INFINITY;
        return Stream.of(
                XyChart.of(X, Y).line("one point", of(3), of(5)),
                XyChart.of(X, Y).points("one point", of(0), of(0)),
                XyChart.of(log, log).line("one point", of(3), of(5)),
                XyChart.of(X, Y).line("flat", of(1, 2, 3), of(0, 0, 0)).line("nothing", of(), of()),
                XyChart.of(X, Y).line("upright", of(2, 2), of(1, 5)),
                XyChart.of(X, Y).line("gaps", of(1, 2, 3, 4, 5), of(nan, 1, nan, 2, infinity)).reference("r", of(nan, 1), of(1, 1)),
                XyChart.of(X, Y).points("gaps", of(1, nan, 3), of(nan, 1, 2)).note("nowhere", nan, 1),
                XyChart.of(log, log).line("not positive", of(-1, 0, 1, 2), of(1, 1, 0, 3)).box("box", -1, 2, 1, 2),
                XyChart.of(X, Y).line("huge", of(1e300, 2e300), of(-1e300, 1e300)),
                XyChart.of(X, Y).line("tiny", of(1e-300, 2e-300), of(1e-310, 3e-310)),
                BarChart.of("y", List.of("a", "b")).bars("zero", 0, 0),
                BarChart.of("y", List.of("a", "b")).bars("gap", of(nan, 1), of(1, nan)).bars("below", of(-1, -2), of(1, 1)),
                new HeatMap("x", "y", List.of("a"), List.of("b"), new double[][] {{7}}),
                new HeatMap("x", "y", List.of("a", "b"), List.of("c"), new double[][] {{nan, 7}}),
                new Roofline(100, 10, new String[] {"a", "b"}, of(nan, 5), of(3, 0)).chart(),
                new Roofline(100, 10, new String[0], of(), of()).chart());
    }

    @ParameterizedTest
    @MethodSource("thinData")
    void thinDataIsDrawn(Figure figure) throws Exception {
        Document page = page(figure);
        assertEquals(1, all(page, "svg").size());
        for (Element element : all(page, "*")) {
            for (int i = 0; i < element.getAttributes().getLength(); i++) {
                String value = element.getAttributes().item(i).getNodeValue();
                assertFalse(value.contains("NaN") || value.contains("Infinity"), element.getTagName() + " " + value);
            }
        }
    }

    static Stream<Figure> nothing() {
        return Stream.of(XyChart.of(X, Y), XyChart.of(X, Y).line("empty", of(), of()),
                XyChart.of(X, Y).points("empty", of(Double.NaN), of(1)),
                BarChart.of("y", List.of()), BarChart.of("y", List.of("a")), BarChart.of("y", List.of("a")).bars("gap", Double.NaN),
                new HeatMap("x", "y", List.of(), List.of(), new double[0][]), new ImageTiles());
    }

    @ParameterizedTest
    @MethodSource("nothing")
    void noDataIsSaid(Figure figure) throws Exception {
        Document page = page(figure);
        assertTrue(all(page, "svg").isEmpty());
        assertTrue(all(page, "p").getFirst().getTextContent().startsWith("No "));
    }

    @Test
    void aSeriesWithoutDataIsStillNamed() throws Exception {
        Document page = page(XyChart.of(X, Y).line("full", of(1, 2), of(1, 2)).line("lost", of(1), of(Double.NaN)));
        assertEquals(List.of("full", "lost (no data)"), all(page, "li").stream().map(Element::getTextContent).toList());
    }

    @Test
    void aMissingPointInterruptsALineAndDrawsNoMarker() throws Exception {
        double[] x = of(1, 2, 3, 4, 5);
        int whole = all(page(XyChart.of(X, Y).points("p", x, of(1, 2, 3, 4, 5))), "circle").size();
        int short1 = all(page(XyChart.of(X, Y).points("p", x, of(1, 2, Double.NaN, 4, 5))), "circle").size();
        assertEquals(5, whole);
        assertEquals(4, short1);
    }

    @Test
    void badArgumentsAreRefusedByName() {
        assertRefused("series s", () -> XyChart.of(X, Y).line("s", of(1), of()));
        assertRefused("axis x", () -> X.range(1, 1));
        assertRefused("above 0", () -> X.log().range(0, 1));
        assertRefused("needed 1 of each", () -> BarChart.of("y", List.of("a")).bars("b", 1, 2));
        assertRefused("each once", () -> BarChart.of("y", List.of("a", "a")));
        assertRefused("1 of 2 values", () -> new HeatMap("x", "y", List.of("a", "b"), List.of("c"), new double[][] {{1}}));
        assertRefused("whole rows", () -> new ImageTiles().add("t", new float[5], 2, 0, 1));
        assertRefused("needed 2", () -> new Report("t", "").table(List.of("a", "b"), List.of(List.of(1))));
        assertRefused("ceilings", () -> new Roofline(0, 1, new String[0], of(), of()));
        assertRefused("kernels", () -> new Roofline(1, 1, new String[1], of(), of()));
    }

    private static void assertRefused(String mention, Runnable call) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(refusal.getMessage().contains(mention), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("given") && refusal.getMessage().contains("needed"), refusal.getMessage());
    }

    @Test
    void aReportThatCannotBeWrittenLeavesTheOldOne() throws IOException {
        Path file = folder.resolve("report.html");
        new Report("old", "").write(file);
        String old = Files.readString(file);
        assertThrows(IOException.class, () -> new Report("new", "").write(folder.resolve("none").resolve("report.html")));
        assertEquals(old, Files.readString(file));
    }

    @Test
    void numbersAreShort() {
        assertEquals(List.of("0", "0.25", "40", "171.25", "3e+06", "1.23e-05", "1e-04", "-0.5", "100000", "NaN"),
                Stream.of(0.0, 0.25, 40.0, 171.25, 3e6, 1.234e-5, 1e-4, -0.5, 1e5, Double.NaN).map(ChartStyle::number).toList());
    }

    @Test
    void theLabelsOfDecadesHaveOneFormat() {
        assertEquals("0.###", ChartStyle.decades(new Span(0.01, 100)));
        assertEquals("0E0", ChartStyle.decades(new Span(1e-4, 100)));
        assertEquals("0E0", ChartStyle.decades(new Span(1, 1e6)));
    }

    /** A tick at each whole decade, where the points of these values are drawn too. */
    @Test
    void theTicksOfALogarithmicAxisLieWhereItsValuesDo() throws Exception {
        Axis log = Axis.of("log").log();
        Document page = page(XyChart.of(log, log).line("decades", of(1, 10, 100, 1000), of(0.1, 1, 10, 100)));
        List<Element> lines = all(page, "line");
        List<Element> points = all(page, "circle");
        assertEquals(4, points.size());
        for (Element point : points) {
            assertTrue(lines.stream().anyMatch(line -> isTick(line, "y", "x") && near(line, "y1", point, "cy")), "a tick at y");
            assertTrue(lines.stream().anyMatch(line -> isTick(line, "x", "y") && near(line, "x1", point, "cx")), "a tick at x");
        }
    }

    /** A line of three units across its axis; the series are longer. */
    private static boolean isTick(Element line, String along, String across) {
        return number(line, along + 1) == number(line, along + 2)
                && Math.abs(Math.abs(number(line, across + 1) - number(line, across + 2)) - 3) < 0.01;
    }

    private static boolean near(Element line, String at, Element point, String where) {
        return Math.abs(number(line, at) - number(point, where)) <= 1;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}

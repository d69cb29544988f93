package coordconv.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.cli.report.Report;
import coordconv.jmh.scaling.Curve;
import coordconv.jmh.scaling.ScalingAxis;
import coordconv.jmh.stats.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void cellsCannotBreakOutOfTheirTable() {
        Table table = new Table(List.of("a", "b")).row(List.of("x|y\nz", "<script>&\"")).row(List.of("**bold**", ""));
        assertEquals("| a | b |\n| --- | --- |\n| x\\|y z | <script>&\" |\n| **bold** |  |\n", table.markdown());
        Report page = new Report("title", "");
        table.addTo(page);
        assertTrue(page.html().contains("&lt;script&gt;"));
        assertTrue(page.html().contains("<td>bold</td>"));
        assertThrows(IllegalArgumentException.class, () -> table.row(List.of("one")));
    }

    @Test
    void aCurveThatFollowsAPowerHasItsExponentAsSlope() {
        List<Curve.Point> points = List.of(point(8), point(16), point(64));
        Curve curve = new Curve(ScalingAxis.H, "forward", points);
        assertEquals(2, curve.slope(), 1e-12);
        ScalingReport report = new ScalingReport(List.of(curve));
        assertTrue(report.markdown().contains("| H | forward | 2.00 | 2 |"), report.markdown());
        assertTrue(report.page().html().contains("<svg"));
    }

    private static Curve.Point point(int side) {
        double nanos = 3e4 * side * side;
        return new Curve.Point(side, new Interval(nanos * 0.9, nanos, nanos * 1.1), 1 << 20);
    }
}

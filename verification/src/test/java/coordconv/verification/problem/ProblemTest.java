package coordconv.verification.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.TensorLayout;
import coordconv.verification.cases.CaseDomain;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemTest {
    @Provide
    Arbitrary<Problem> problems() {
        // A plain geometry of one group takes any preset.
        return Combinators.combine(CaseDomain.plainGeometries().filter(g -> g.groups() == 1), Arbitraries.of(CoordPreset.class),
                Arbitraries.of("", "conv", "dcn2.conv4", "ppyolo-320/32 2048-512", "n1", "a b")).as(
                (geometry, preset, label) -> Problem.of(label, geometry, preset));
    }

    @Property(tries = 300)
    void whatIsPrintedParsesToAnEqualProblem(@ForAll("problems") Problem problem) {
        Problem again = Problem.parse(problem.toString());
        assertEquals(problem, again);
        assertEquals(problem.toString(), again.toString());
        assertEquals(problem.label(), again.label());
        assertEquals(problem.preset(), again.preset());
        assertEquals(problem.geometry().toString(), again.geometry().toString());
    }

    @Property(tries = 100)
    void groupsAndPlainGeometriesGoRoundToo(@ForAll("plain") ConvGeometry geometry) {
        Problem problem = Problem.of("", geometry, CoordPreset.NONE);
        assertEquals(geometry.toString(), Problem.parse(problem.toString()).geometry().toString());
    }

    @Provide
    Arbitrary<ConvGeometry> plain() {
        return CaseDomain.plainGeometries();
    }

    @ParameterizedTest
    @CsvSource({
        "n64c64h7w7o64k3s2p1+xy,                 n64c64h7w7o64k3s2p1+xy",
        "c64h7w7o64k3+paddle,                    n1c64h7w7o64k3+xy",
        "c64h7w7o64k3,                           n1c64h7w7o64k3",
        "k3o64w7h8c64n2,                         n2c64h8w7o64k3",
        "n1 c64 h7 w7 o64 k3x1 s2x1 p1x0 +uber+r, n1c64h7w7o64k3x1s2x1p1x0+uber+r",
        "n1c4h7w7o6kh3kw1g2,                     n1c4h7w7o6k3x1g2",
        "n1c4h7w9o6k3p1:2:0:1,                   n1c4h7w9o6k3p1:2:0:1",
        "n1c4h7w9o6k3p1:1:2:2,                   n1c4h7w9o6k3p1x2",
        "n1c4h7w9o6k3psame,                      n1c4h7w9o6k3p1",
        "n1c4h7w8o6k3s2psamed1,                  n1c4h7w8o6k3s2p1:1:0:1",
        "n1c4h7w9o6k3pvalid+none,                n1c4h7w9o6k3",
        "n1c4h7w9o6k3d2x1+XY,                    n1c4h7w9o6k3d2x1+xy",
        "n1c4h7w9o6k3lnhwc+xy,                   n1c4h7w9o6k3lnhwc+xy",
        "n1c4h7w9lnhwc/nchwo6k3,                 n1c4h7w9o6k3lnhwc/nchw",
        "n1c4h7w9o6k3 lnchw/nhwc p1,             n1c4h7w9o6k3p1lnchw/nhwc",
        "n1c4h7w9o6k3lnchw,                      n1c4h7w9o6k3",
        "n1c4h7w9o6k3lnhwc/nhwc,                 n1c4h7w9o6k3lnhwc",
        "dcn2.conv4: n64c64h7w7o64k3s2p1+xy,     dcn2.conv4: n64c64h7w7o64k3s2p1+xy",
        "a b : n1c4h7w9o6k3p1:2:0:1,             a b: n1c4h7w9o6k3p1:2:0:1"})
    void readsAndPrints(String text, String canonical) {
        assertEquals(canonical, Problem.parse(text).toString());
    }

    @Test
    void theFieldsReachTheGeometry() {
        ConvGeometry g = Problem.parse("n2c3h14w15o8k3x2s2x1p1:2:3:0d2x3+wizaron").geometry();
        assertEquals("[2,3,14,15] -> [2,8,7,15], kernel 3x2, stride 2x1, padding 1,2,3,0, dilation 2x3, groups 1, "
                + "3 coordinate channels", g.toString());
        assertEquals(0, Problem.parse("n2c3h14w15o8k3").geometry().coords().count());
        ConvGeometry mixed = Problem.parse("n2c3h14w15o8k3lnhwc/nchw").geometry();
        assertEquals(TensorLayout.NHWC, mixed.inputLayout());
        assertEquals(TensorLayout.NCHW, mixed.outputLayout());
    }

    @Test
    void labelsAndPlainTwins() {
        Problem labelled = Problem.parse("conv1: n1c4h7w9o6k3+xy");
        assertEquals("conv1", labelled.label());
        assertEquals("conv1", labelled.name());
        assertEquals("n1c4h7w9o6k3", labelled.withoutCoordinates().toString());
        assertEquals("n1c4h7w9o6k3+xy", Problem.parse("n1c4h7w9o6k3+xy").name());
        assertNotEquals(labelled, Problem.parse("n1c4h7w9o6k3+xy"));
        assertThrows(IllegalArgumentException.class, () -> Problem.of("a:b", labelled.geometry(), CoordPreset.NONE));
        assertThrows(IllegalArgumentException.class, () -> Problem.of("1a", labelled.geometry(), CoordPreset.NONE));
        assertThrows(IllegalArgumentException.class, () -> Problem.of("a\nb", labelled.geometry(), CoordPreset.NONE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                        | position 1: given the end, needed the field c",
        "n1c4h7w9k3                | position 11: given the end, needed the field o",
        "n1c4h7w9o6                | position 11: given the end, needed the field k, or kh and kw",
        "n1c4h7w9o6kh3             | position 14: given the end, needed the field k, or kh and kw",
        "n1c4h7w9o6k               | position 12: given the end, needed a number",
        "n1c4h7w9o6k3x             | position 14: given the end, needed a number",
        "n1c4h7w9o6k3y4            | position 13: given 'y', needed one of the letters",
        "n1c4h7w9o6k3c5            | position 13: given a second c, needed each field once",
        "n1c4h7w9o6k3kh2           | position 13: given a second kh, needed each field once",
        "n1c4h-7w9o6k3             | position 6: given '-', needed a number",
        "n1c4h7w9o6k3p1:2:3        | position 19: given the end, needed a colon",
        "n1c4h7w9o6k3p1:2:3:       | position 20: given the end, needed a number",
        "n99999999999c4h7w9o6k3    | position 2: given 99999999999, needed a number up to 2147483647",
        "n1c4h7w9o6k3+             | position 14: given the end, needed a name",
        "n1c4h7w9o6k3+zz           | position 14: given \"zz\", needed a name: coordinate preset",
        "n1c4h7w9o6k3x2x1          | position 15: given 'x', needed one of the letters",
        "n1c4h7w9o6k3lnwhc         | position 14: given 'n', needed nchw or nhwc",
        "n1c4h7w9o6k3lnhwc/x       | position 19: given 'x', needed nchw or nhwc",
        "n1c4h7w9o6k3lnhwclnhwc    | position 18: given a second l, needed each field once",
        "n0c4h7w9o6k3              | batch: given 0, needed at least 1",
        "n1c4h7w9o6k9              | kernel extent along the height: given 9, needed at most",
        "n1c4h7w9o6k3g2+uber+r     | groups: given 2, needed a divisor of the 7"})
    void errorsSayWhereWhatAndWhatWasNeeded(String text, String message) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Problem.parse(text));
        assertTrue(e.getMessage().startsWith("problem \"" + text + "\"") && e.getMessage().contains(message), e.getMessage());
    }
}

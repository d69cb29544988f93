package coordconv.verification.properties;

import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Tensors;
import coordconv.verification.cases.Widths;
import coordconv.verification.problem.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What random cases found once, as the smallest problem that shows it. */
class RegressionTest {
    @ParameterizedTest
    @ValueSource(strings = {
        // Stride 2 along a row of at least one whole vector: the halves of each vector were swapped.
        "n1c1h1w8o1k1s1x2", "n1c1h2w17o2k1s1x2", "n1c1h1w33o1k1s1x2", "n1c1h1w80o1k1s1x2"})
    void holdsAtEveryWidth(String text) {
        for (VectorWidth width : Widths.ALL) {
            Case c = Case.plain(Problem.parse(text).geometry(), width, 1, 1);
            Check.withinBound(c, Tensors.uniform(c));
        }
    }
}

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
        "n1c1h1w8o1k1s1x2", "n1c1h2w17o2k1s1x2", "n1c1h1w33o1k1s1x2", "n1c1h1w80o1k1s1x2",
        // The largest stride and dilation: an index plus one of them passed the end of an int.
        "n2c3h5w6o2k3s1073741823p1+xy", "n2c3h5w6o2k1s1073741823+xy", "n1c2h4w4o2k1d1073741823+xy"})
    void holdsAtEveryWidth(String text) {
        for (VectorWidth width : Widths.ALL) {
            Case c = Case.plain(Problem.parse(text).geometry(), width, 1, 1);
            Check.withinBound(c, Tensors.uniform(c));
        }
    }
}

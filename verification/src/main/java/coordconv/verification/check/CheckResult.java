package coordconv.verification.check;

import coordconv.verification.cases.Pass;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.Comparison;

/**
 * The verdict on a problem: its worst element over all passes, the one whose error is the largest
 * share of its bound.
 *
 * @param problem what was computed
 * @param pass the pass that the worst element belongs to
 * @param worst that element
 * @param ok whether every element that was compared lies within its bound, and no element was left
 *     unwritten
 * @param compared share of the elements that were compared, from 0 to 1, over all passes
 */
public record CheckResult(Problem problem, Pass pass, Comparison worst, boolean ok, double compared) {
    /** {@return the worst element's error as a share of its bound; 0 where it is exact} */
    public double share() {
        return share(worst);
    }

    static double share(Comparison c) {
        return c.error() == 0 ? 0 : c.error() / c.bound();
    }
}

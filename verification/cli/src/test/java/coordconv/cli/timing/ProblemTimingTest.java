package coordconv.cli.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.verification.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTimingTest {
    private static final Problem PROBLEM = Problem.parse("n1c2h4w4o3k1+xy");

    @Test
    void quantilesInterpolate() {
        Samples samples = new Samples(4);
        for (double v : new double[] {4, 1, 3, 2}) {
            samples.add(v);
        }
        assertEquals(2.5, samples.median());
        assertEquals(1.5, samples.spread());
        assertEquals(3, samples.range());
    }

    @Test
    void theRateCountsTheCoordinateTaps() {
        ProblemTiming t = ProblemTiming.of(PROBLEM, 2, 0.1, 10, 1, true);
        assertEquals(2.0 * 16 * 3 * 4 / 2e6, t.gflops());
        assertEquals(t.gflops() / 10, t.ratio());
    }

    @Test
    void mergingTakesMediansAndTheWiderSpread() {
        ProblemTiming merged = ProblemTiming.merge(PROBLEM, List.of(
                ProblemTiming.of(PROBLEM, 1, 0.5, 10, 3, true),
                ProblemTiming.of(PROBLEM, 2, 0.5, 30, 1, true),
                ProblemTiming.of(PROBLEM, 4, 0.5, 20, 2, true)));
        assertEquals(2, merged.ms());
        assertEquals(3, merged.msSpread());
        assertEquals(20, merged.ceilingGflops());
        assertEquals(2, merged.plainMs());
        assertTrue(merged.settled());
        assertFalse(ProblemTiming.merge(PROBLEM, List.of(ProblemTiming.of(PROBLEM, 1, 0.5, 10, 3, true),
                ProblemTiming.of(PROBLEM, 1, 0.5, 10, 3, false))).settled());
    }
}

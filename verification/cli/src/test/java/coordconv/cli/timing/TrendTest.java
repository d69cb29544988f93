package coordconv.cli.timing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {
    private static double[] series(int n, IntToDoubleFunction value) {
        return IntStream.range(0, n).mapToDouble(value).toArray();
    }

    @Test
    void slopesAndStepsFall() {
        assertTrue(Trend.falls(series(10, i -> 100 - 3 * i)));
        assertTrue(Trend.falls(series(12, i -> i < 6 ? 100 : 60)));
        assertTrue(Trend.mayFall(series(12, i -> i < 10 ? 100 : 60)));
        // Half as long after a third of the samples, then steady with some noise.
        Random random = new Random(4);
        assertTrue(Trend.falls(series(21, i -> (i < 7 ? 2 : 1) * (1 + 0.05 * random.nextGaussian()))));
    }

    @Test
    void whatRisesOrStaysDoesNot() {
        assertFalse(Trend.mayFall(series(12, i -> 100 + 3 * i)));
        assertFalse(Trend.mayFall(series(12, i -> 100)));
        assertFalse(Trend.mayFall(series(12, i -> i < 6 ? 60 : 100)));
        assertFalse(Trend.mayFall());
        assertFalse(Trend.mayFall(5));
    }

    /** Half a percent over all is below the resolution, whatever its significance. */
    @Test
    void aDriftTooSmallToMatterIsNone() {
        assertFalse(Trend.mayFall(series(12, i -> 100 - 0.04 * i)));
        assertTrue(Trend.mayFall(series(12, i -> 100 - 0.4 * i)));
    }

    /** Steady noise: the levels of the two tests are kept, counted over many series. */
    @Test
    void falseAlarmsAreAsRareAsSaid() {
        Random random = new Random(9);
        int may = 0;
        int sure = 0;
        int trials = 4000;
        for (int trial = 0; trial < trials; trial++) {
            double[] noise = series(12, i -> 1 + 0.1 * random.nextGaussian());
            may += Trend.mayFall(noise) ? 1 : 0;
            sure += Trend.falls(noise) ? 1 : 0;
        }
        // A fifth and a hundredth, and three standard deviations of such a count.
        assertTrue(may > 0.15 * trials && may < 0.2 * trials + 3 * Math.sqrt(0.16 * trials), may + " of " + trials);
        assertTrue(sure > 0 && sure < 0.01 * trials + 3 * Math.sqrt(0.0099 * trials), sure + " of " + trials);
    }
}

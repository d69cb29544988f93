package coordconv.jmh.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalTest {
    @Test
    void quantilesInterpolateAndLeaveTheSampleAlone() {
        double[] values = {4, 1, 3, 2};
        assertEquals(2.5, Quantiles.median(values));
        assertEquals(1, Quantiles.quantile(values, 0));
        assertEquals(4, Quantiles.quantile(values, 1));
        assertEquals(1.75, Quantiles.quantile(values, 0.25));
        assertEquals(4, values[0]);
        assertThrows(IllegalArgumentException.class, () -> Quantiles.median(new double[0]));
        assertThrows(IllegalArgumentException.class, () -> Quantiles.quantile(values, 1.5));
    }

    @Test
    void equalSamplesHaveNoWidth() {
        Interval interval = Interval.ofForks(List.of(new double[] {5, 5, 5}, new double[] {5, 5, 5}));
        assertEquals(new Interval(5, 5, 5), interval);
        assertEquals(new Interval(2, 2, 2), interval.invert(10));
    }

    @Test
    void forksThatDisagreeWidenTheIntervalThoughEachIsSteady() {
        Interval steady = Interval.ofForks(List.of(new double[] {10, 10.1, 9.9}, new double[] {10, 10.1, 9.9}, new double[] {10, 10.1, 9.9}));
        Interval torn = Interval.ofForks(List.of(new double[] {8, 8.1, 7.9}, new double[] {10, 10.1, 9.9}, new double[] {12, 12.1, 11.9}));
        assertEquals(10, torn.estimate());
        assertTrue(torn.high() - torn.low() > 3, torn.toString());
        assertTrue(steady.high() - steady.low() < 0.3, steady.toString());
    }

    @Test
    void theGeometricMeanDrawsTheSameForksForAllItems() {
        List<double[]> up = List.of(new double[] {1}, new double[] {2}, new double[] {4});
        List<double[]> down = List.of(new double[] {1}, new double[] {0.5}, new double[] {0.25});
        // What is fast in one item is slow in the other in the same fork: every draw has the same mean.
        Interval opposed = Interval.geometricMean(List.of(up, down));
        assertEquals(1, opposed.low(), 1e-12);
        assertEquals(1, opposed.high(), 1e-12);
        Interval alike = Interval.geometricMean(List.of(up, up));
        assertEquals(2, alike.estimate(), 1e-12);
        assertEquals(1, alike.low(), 1e-12);
        assertEquals(4, alike.high(), 1e-12);
    }

    @Test
    void anItemWithOneForkLessTakesThoseThatItHas() {
        List<double[]> three = List.of(new double[] {1}, new double[] {2}, new double[] {4});
        List<double[]> one = List.of(new double[] {2});
        Interval interval = Interval.geometricMean(List.of(one, three));
        assertEquals(2, interval.estimate(), 1e-12);
        // Nothing but the forks of the other item varies.
        assertEquals(Math.sqrt(2), interval.low(), 1e-12);
        assertEquals(Math.sqrt(8), interval.high(), 1e-12);
        assertEquals(interval, Interval.geometricMean(List.of(three, one)));
    }

    @Test
    void theIntervalCoversTheTruthAboutAsOftenAsItSays() {
        Random random = new Random(3);
        int covered = 0;
        int trials = 200;
        for (int trial = 0; trial < trials; trial++) {
            List<double[]> forks = new ArrayList<>();
            for (int fork = 0; fork < 9; fork++) {
                double level = 100 + random.nextGaussian();
                forks.add(random.doubles(7).map(u -> level + (u - 0.5)).toArray());
            }
            Interval interval = Interval.ofForks(forks);
            covered += interval.low() <= 100 && 100 <= interval.high() ? 1 : 0;
        }
        assertTrue(covered >= 0.88 * trials, covered + " of " + trials);
    }
}

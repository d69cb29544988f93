package coordconv.jmh.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final int TRIALS = 500;

    private static List<Double> draw(Random random, int forks, double level, double noise) {
        return random.doubles(forks).map(u -> level * Math.exp(noise * random.nextGaussian())).boxed().toList();
    }

    @Test
    void pValuesAreTheExactOnes() {
        // All six above one: one of the 2^6 sign patterns.
        assertEquals(1.0 / 64, Judge.againstJar(List.of(1.11, 1.12, 1.10, 1.13, 1.09, 1.14)).pValue(), 1e-12);
        // All six below all six: one of the 924 orders.
        assertEquals(1.0 / 924, Judge.againstBaseline(List.of(0.90, 0.91, 0.92, 0.93, 0.94, 0.95),
                List.of(0.80, 0.81, 0.82, 0.83, 0.84, 0.85)).pValue(), 1e-12);
    }

    @Test
    void tenPercentIsCaughtUnderNoiseOfTwo() {
        Random random = new Random(1);
        int baseline = 0;
        int jar = 0;
        for (int i = 0; i < TRIALS; i++) {
            baseline += Judge.againstBaseline(draw(random, 12, 0.9, 0.02), draw(random, 6, 0.9 / 1.1, 0.02)).flagged() ? 1 : 0;
            jar += Judge.againstJar(draw(random, 6, 1.1, 0.02)).flagged() ? 1 : 0;
        }
        assertTrue(baseline >= 0.99 * TRIALS, "against the baseline: " + baseline);
        assertTrue(jar >= 0.99 * TRIALS, "against the jar: " + jar);
    }

    @Test
    void equalCodeIsLeftAloneUnderNoiseOfThree() {
        Random random = new Random(2);
        int flagged = 0;
        for (int i = 0; i < TRIALS; i++) {
            flagged += Judge.againstBaseline(draw(random, 12, 0.9, 0.03), draw(random, 6, 0.9, 0.03)).flagged() ? 1 : 0;
            flagged += Judge.againstJar(draw(random, 6, 1, 0.03)).flagged() ? 1 : 0;
        }
        // Twenty runs of ten verdicts each must all pass: one in two thousand leaves nine in ten.
        assertTrue(flagged <= 1, flagged + " of " + 2 * TRIALS);
    }

    @Test
    void equalCodeIsLeftAloneWhereOneForkInFourIsCompiledWorse() {
        Random random = new Random(5);
        int flagged = 0;
        for (int i = 0; i < TRIALS; i++) {
            List<Double> before = draw(random, 12, 0.9, 0.01).stream().map(v -> random.nextInt(4) == 0 ? v * 0.7 : v).toList();
            List<Double> now = draw(random, 6, 0.9, 0.01).stream().map(v -> random.nextInt(4) == 0 ? v * 0.7 : v).toList();
            flagged += Judge.againstBaseline(before, now).flagged() ? 1 : 0;
        }
        assertTrue(flagged <= 0.02 * TRIALS, flagged + " of " + TRIALS);
    }

    @Test
    void aSlowdownBelowTheLeastEffectIsNoise() {
        Judge.Verdict verdict = Judge.againstJar(List.of(1.040, 1.041, 1.042, 1.043, 1.044, 1.045));
        assertTrue(verdict.pValue() < Judge.SIGNIFICANCE);
        assertFalse(verdict.flagged());
    }

    @Test
    void fasterIsNeverFlagged() {
        assertFalse(Judge.againstJar(List.of(0.5, 0.51, 0.52, 0.53, 0.54, 0.55)).flagged());
        assertFalse(Judge.againstBaseline(List.of(0.5, 0.51, 0.52, 0.53, 0.54, 0.55),
                List.of(0.9, 0.91, 0.92, 0.93, 0.94, 0.95)).flagged());
    }

    @Test
    void tooFewForksSaySo() {
        assertTrue(Judge.againstJar(List.of(2.0, 2.0)).note().contains("too few forks"));
        assertTrue(Judge.againstBaseline(List.of(1.0), List.of(0.5, 0.5, 0.5)).note().contains("too few forks"));
    }
}

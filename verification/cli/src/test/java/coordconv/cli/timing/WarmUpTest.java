package coordconv.cli.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The rule on made-up times and a made-up clock: nothing here is measured. */
class WarmUpTest {
    private static final double SECONDS = 0.5;

    private long nanos;
    private int stretches;

    /** Ends the warm-up of a call that takes {@code ms} in stretch 0, 1 and so on; gives the time of the last. */
    private double run(IntToDoubleFunction ms, IntPredicate idle) {
        return new WarmUp(() -> idle.test(stretches), () -> nanos).run(SECONDS, seconds -> {
            double each = ms.applyAsDouble(stretches++);
            nanos += Math.max((long) (seconds * 1e9), (long) (each * 1e6));
            return each;
        });
    }

    private double run(IntToDoubleFunction ms) {
        return run(ms, stretch -> true);
    }

    @Test
    void steadyTimesEndItWhenTheLeastTimeIsOver() {
        assertEquals(2, run(stretch -> 2));
        assertEquals(10, stretches);
        assertEquals(SECONDS, nanos * 1e-9, 1e-9);
    }

    /** Compiled step by step: no longer slow after stretch 30. */
    @Test
    void fallingTimesProlongIt() {
        double end = run(stretch -> stretch < 30 ? 40 - stretch : 10);
        assertEquals(10, end);
        assertTrue(stretches > 30 && stretches <= 45, stretches + " stretches");
    }

    /** A compiler that is busy with other methods: the call is slow and steady until its turn comes. */
    @Test
    void aPlateauUnderABusyCompilerIsNoEnd() {
        double end = run(stretch -> stretch < 40 ? 300 : 1, stretch -> stretch > 40);
        assertEquals(1, end);
        // The last look that found it busy, and six samples.
        assertTrue(stretches >= 40 + 6 && stretches <= 60, stretches + " stretches");
    }

    /** An idle compiler is no end either while times fall. */
    @Test
    void anIdleCompilerIsNotEnough() {
        double end = run(stretch -> Math.max(1, 100 * Math.pow(0.9, stretch)));
        assertEquals(1, end);
        assertTrue(stretches > 44 + 2, stretches + " stretches");
    }

    @Test
    void noiseDoesNotProlongItMuch() {
        Random random = new Random(3);
        int all = 0;
        for (int trial = 0; trial < 100; trial++) {
            stretches = 0;
            run(stretch -> 10 + random.nextGaussian());
            assertTrue(stretches >= 10 && stretches < 40, stretches + " stretches");
            all += stretches;
        }
        assertTrue(all < 100 * 14, all + " stretches");
    }

    @Test
    void patienceEndsIt() {
        run(stretch -> 1e3 * Math.pow(0.98, stretch));
        assertEquals(50 * SECONDS, nanos * 1e-9, 0.05 * SECONDS + 1);
        nanos = 0;
        stretches = 0;
        run(stretch -> 1, stretch -> false);
        assertEquals(500, stretches, 1);
    }

    /** Calls longer than a stretch are judged by as many samples, long ones by fewer, which still show a fall. */
    @Test
    void longCallsAreRepeatedNoMoreThanNeeded() {
        run(stretch -> 90);
        assertEquals(6, stretches);
        stretches = 0;
        run(stretch -> 1500);
        assertEquals(3, stretches);
        stretches = 0;
        run(stretch -> stretch < 5 ? 1500 - 200 * stretch : 500);
        assertTrue(stretches > 5 && stretches <= 10, stretches + " stretches");
    }

    @Test
    void anExceptionOfTheCallIsTheCallers() {
        WarmUp warmUp = new WarmUp(() -> true, () -> nanos);
        assertThrows(IOException.class, () -> warmUp.run(SECONDS, seconds -> {
            throw new IOException("a call that fails");
        }));
    }

    @Test
    void samplesFallRelativeToARate() {
        Samples times = new Samples(10);
        Samples rate = new Samples(10);
        Samples steady = new Samples(10);
        for (int i = 0; i < 10; i++) {
            // The machine becomes faster: times fall and the rate rises.
            times.add(100 - 5 * i);
            rate.add(1 / (100.0 - 5 * i));
            steady.add(1);
        }
        assertTrue(times.fall());
        assertFalse(times.fallsBeside(rate));
        assertTrue(times.fallsBeside(steady));
    }
}

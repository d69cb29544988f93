package coordconv.verification.soak;

import java.util.Arrays;

/** Tells a resource that grows from one that wavers. */
final class Growth {
    private Growth() {}

    /**
     * By how much the last samples all lie above the first ones: what leaks passes its old highs and
     * never comes back.
     *
     * @param samples in the order they were taken, at least four
     * @return the lowest of the last quarter less the highest of the first; 0 or less without growth
     */
    static long of(long[] samples) {
        int quarter = samples.length / 4;
        long before = Arrays.stream(samples, 0, quarter).max().orElseThrow();
        long after = Arrays.stream(samples, samples.length - quarter, samples.length).min().orElseThrow();
        return after - before;
    }
}

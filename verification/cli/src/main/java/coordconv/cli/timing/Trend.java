package coordconv.cli.timing;

/**
 * Whether samples in the order of their taking fall: the one-sided test of Mann and Kendall. Every later sample that is lower
 * than an earlier one counts for it, every one that is higher against it, and those within {@link #RESOLUTION} for neither, so
 * that a drift too small to matter is none. It asks for no distribution, and finds a slope as it finds a step.
 *
 * <p>Source: Mann, "Nonparametric tests against trend", Econometrica 13, 1945; Kendall, "Rank correlation methods", 1975.
 */
public final class Trend {
    /** Times that differ by less are equal. */
    static final double RESOLUTION = 0.01;
    /** The quantile of the normal distribution that steady samples fall short of one time in five. */
    static final double LIKELY = 0.84;
    /** That which they fall short of one time in a hundred. */
    static final double SURE = 2.33;

    private Trend() {}

    /**
     * Asks for signs of a fall: for a warm-up, which a false alarm prolongs by one sample.
     *
     * @param samples positive, the earliest first
     * @return whether they seem to fall
     */
    public static boolean mayFall(double... samples) {
        return score(samples) > LIKELY;
    }

    /**
     * Asks for evidence of a fall: for a verdict on what was measured.
     *
     * @param samples positive, the earliest first
     * @return whether they fall, wrong for one in a hundred steady series
     */
    public static boolean falls(double... samples) {
        return score(samples) > SURE;
    }

    /** How many standard deviations the pairs that fall outnumber those that rise by, corrected for continuity. */
    private static double score(double... samples) {
        int n = samples.length;
        int falling = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double change = samples[j] / samples[i] - 1;
                falling += change < -RESOLUTION ? 1 : change > RESOLUTION ? -1 : 0;
            }
        }
        return falling <= 0 ? 0 : (falling - 1) / Math.sqrt(n * (n - 1) * (2 * n + 5) / 18.0);
    }
}

package coordconv.cli.timing;

/**
 * How long to measure one problem.
 *
 * @param warmUpSeconds calls before the first sample, of the problem and of its plain convolution each
 * @param rounds samples of each of the things compared
 * @param sampleSeconds calls are repeated until one sample lasts about this long
 */
public record Effort(double warmUpSeconds, int rounds, double sampleSeconds) {
    /** For figures to quote: about two seconds a problem. */
    public static final Effort FULL = new Effort(0.5, 21, 0.015);
    /** For a table of many problems: about a third of a second each. */
    public static final Effort SHORT = new Effort(0.08, 7, 0.005);

    private static final int MOST_CALLS = 1 << 20;

    public Effort {
        if (!(warmUpSeconds >= 0) || rounds < 1 || !(sampleSeconds > 0)) {
            throw new IllegalArgumentException("effort: given " + warmUpSeconds + " s, " + rounds + " rounds, "
                    + sampleSeconds + " s, needed at least 0 s, 1 round, more than 0 s");
        }
    }

    /**
     * How often to call in one sample.
     *
     * @param millisecondsOfOne what a call takes
     * @return at least 1
     */
    int calls(double millisecondsOfOne) {
        return (int) Math.clamp(sampleSeconds * 1e3 / millisecondsOfOne, 1, MOST_CALLS);
    }
}

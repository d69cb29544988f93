package coordconv.jmh.stats;

import java.util.List;
import java.util.SplittableRandom;

/**
 * An estimate with its confidence interval.
 *
 * @param low lower end
 * @param estimate the estimate
 * @param high upper end
 */
public record Interval(double low, double estimate, double high) {
    private static final int RESAMPLES = 1000;
    private static final long SEED = 42;

    /**
     * The median of the forks' medians, with a 95% percentile bootstrap that draws forks and then
     * samples within each: two JVMs differ by more than two samples of one JVM, so a plain bootstrap
     * over all samples would promise too much. Source: Kalibera and Jones, "Rigorous benchmarking in
     * reasonable time", 2013.
     *
     * @param forks samples of each fork; at least one of each
     * @return the interval
     */
    public static Interval ofForks(List<double[]> forks) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] resampled = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double[] medians = new double[forks.size()];
            for (int f = 0; f < medians.length; f++) {
                medians[f] = Quantiles.median(draw(forks.get(random.nextInt(forks.size())), random));
            }
            resampled[i] = Quantiles.median(medians);
        }
        double[] medians = forks.stream().mapToDouble(Quantiles::median).toArray();
        return new Interval(Quantiles.quantile(resampled, 0.025), Quantiles.median(medians),
                Quantiles.quantile(resampled, 0.975));
    }

    private static double[] draw(double[] values, SplittableRandom random) {
        double[] drawn = new double[values.length];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = values[random.nextInt(values.length)];
        }
        return drawn;
    }

    /**
     * The interval of {@code numerator / x}: times to rates.
     *
     * @param numerator positive
     * @return ends swapped, so that low stays the smaller
     */
    public Interval invert(double numerator) {
        return new Interval(numerator / high, numerator / estimate, numerator / low);
    }

    /**
     * All three values times a factor.
     *
     * @param factor positive
     * @return the scaled interval
     */
    public Interval scale(double factor) {
        return new Interval(low * factor, estimate * factor, high * factor);
    }
}

package coordconv.jmh.stats;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

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
     * over all samples would give too narrow an interval. Source: Kalibera and Jones, "Rigorous benchmarking in
     * reasonable time", 2013.
     *
     * @param forks samples of each fork; at least one of each
     * @return the interval
     */
    public static Interval ofForks(List<double[]> forks) {
        return geometricMean(List.of(forks));
    }

    /**
     * The geometric mean of what {@link #ofForks} estimates for several items that were measured in the same forks:
     * the bootstrap draws the same forks for all of them, so that what they share in a fork is not averaged out. Of a run that goes on
     * some have one fork less: they take those of the drawn forks that they have, or, if they have none of them, all of theirs.
     *
     * @param items samples of each fork for each item; at least one of each
     * @return the interval
     */
    public static Interval geometricMean(List<List<double[]>> items) {
        SplittableRandom random = new SplittableRandom(SEED);
        int forks = items.stream().mapToInt(List::size).max().orElse(0);
        double[] resampled = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            int[] drawn = random.ints(forks, 0, forks).toArray();
            resampled[i] = mean(items, drawn, values -> draw(values, random));
        }
        return new Interval(Quantiles.quantile(resampled, 0.025),
                mean(items, IntStream.range(0, forks).toArray(), UnaryOperator.identity()),
                Quantiles.quantile(resampled, 0.975));
    }

    private static double mean(List<List<double[]>> items, int[] forks, UnaryOperator<double[]> sample) {
        double product = 1;
        for (List<double[]> item : items) {
            int[] had = IntStream.of(forks).filter(fork -> fork < item.size()).toArray();
            double[] medians = IntStream.of(had.length == 0 ? IntStream.range(0, item.size()).toArray() : had)
                    .mapToDouble(fork -> Quantiles.median(sample.apply(item.get(fork)))).toArray();
            product *= Math.pow(Quantiles.median(medians), 1.0 / items.size());
        }
        return product;
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

package coordconv.jmh.gate;

import coordconv.jmh.stats.Quantiles;
import java.util.List;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * Decides whether a change is a slowdown: the estimate must exceed {@link #MIN_SLOWDOWN}, and a test over the forks
 * must reject that the true slowdown is within {@link #MARGIN}. The estimate alone would flag noise, the test alone
 * slowdowns too small to matter.
 */
public final class Judge {
    /** A slowdown below this is not reported. */
    public static final double MIN_SLOWDOWN = 0.05;
    /** The null hypothesis: at most this much slower. */
    public static final double MARGIN = 0.02;
    /** p-value below which the hypothesis is rejected. Six forks can reach 1/64. */
    public static final double SIGNIFICANCE = 0.02;
    private static final int MIN_FORKS = 6;

    private Judge() {}

    /**
     * The verdict on one item.
     *
     * @param slowdown estimated relative slowdown: 0.1 means ten percent slower; negative is faster
     * @param pValue chance of values at least this bad, if the code is slower by the margin
     * @param flagged whether it counts as a regression
     * @param note why nothing can be said, or empty
     */
    public record Verdict(double slowdown, double pValue, boolean flagged, String note) {
        private static Verdict of(double slowdown, double pValue) {
            return new Verdict(slowdown, pValue, slowdown > MIN_SLOWDOWN && pValue < SIGNIFICANCE, "");
        }

        private static Verdict none(String note) {
            return new Verdict(Double.NaN, Double.NaN, false, note);
        }
    }

    /**
     * Efficiencies now against efficiencies recorded earlier: Mann-Whitney, one-sided, exact.
     *
     * @param recorded one value a fork
     * @param now one value a fork
     * @return the verdict
     */
    public static Verdict againstBaseline(List<Double> recorded, List<Double> now) {
        if (recorded.size() < MIN_FORKS || now.size() < 3) {
            return Verdict.none("too few forks: %d recorded, %d now, needed %d and 3".formatted(
                    recorded.size(), now.size(), MIN_FORKS));
        }
        double[] before = array(recorded);
        double[] after = array(now);
        double[] tolerated = array(recorded.stream().map(v -> v / (1 + MARGIN)).toList());
        double p = MannWhitneyUTest.withDefaults().with(AlternativeHypothesis.GREATER_THAN)
                .with(PValueMethod.AUTO).test(tolerated, after).getPValue();
        return Verdict.of(Quantiles.median(before) / Quantiles.median(after) - 1, p);
    }

    /**
     * Times relative to those of the other jar in the same fork: Wilcoxon signed rank on their logarithms, one-sided.
     *
     * @param ratios time over the other's time, one a fork
     * @return the verdict
     */
    public static Verdict againstJar(List<Double> ratios) {
        if (ratios.size() < MIN_FORKS) {
            return Verdict.none("too few forks: %d, needed %d".formatted(ratios.size(), MIN_FORKS));
        }
        double[] logs = array(ratios.stream().map(Math::log).toList());
        double p = WilcoxonSignedRankTest.withDefaults().with(AlternativeHypothesis.GREATER_THAN)
                .with(PValueMethod.AUTO).test(array(ratios.stream().map(r -> Math.log(r / (1 + MARGIN))).toList())).getPValue();
        return Verdict.of(Math.expm1(Quantiles.median(logs)), p);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}

package coordconv.cli.tasks;

import coordconv.layers.tasks.KeypointModel;
import coordconv.layers.tasks.KeypointResult;
import coordconv.layers.tasks.KeypointScores;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * One network over several seeds.
 *
 * @param results one a seed
 * @param milliseconds of a forward call
 * @param error in pixels over all joints
 * @param occludedError over those that are occluded
 * @param visibleError over the others
 * @param within3Px share found within 3 pixels
 * @param toPlain error less that of the network without coordinates on the same seed; NaN where that is itself or was not
 *     trained
 */
public record KeypointSummary(List<KeypointResult> results, double milliseconds, Estimate error, Estimate occludedError,
                              Estimate visibleError, Estimate within3Px, Estimate toPlain) {
    /** Copies the list. */
    public KeypointSummary {
        results = List.copyOf(results);
    }

    /**
     * A mean over seeds with its 95% interval, by Student's t distribution.
     *
     * @param mean the mean
     * @param halfWidth half of the interval; NaN for a single seed
     */
    public record Estimate(double mean, double halfWidth) {
        private static final double TAIL = 0.025;

        static Estimate of(double... values) {
            double mean = Arrays.stream(values).average().orElse(Double.NaN);
            int n = values.length;
            if (n < 2) {
                return new Estimate(mean, Double.NaN);
            }
            double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (n - 1);
            return new Estimate(mean, TDistribution.of(n - 1).inverseSurvivalProbability(TAIL) * Math.sqrt(variance / n));
        }
    }

    /**
     * Sums up.
     *
     * @param results of one network, one a seed
     * @param plain those of the network without coordinates, on the same seeds, or none
     * @param milliseconds of a forward call
     * @return the summary
     */
    public static KeypointSummary of(List<KeypointResult> results, List<KeypointResult> plain, double milliseconds) {
        boolean compared = results.getFirst().model() != KeypointModel.PLAIN;
        double[] differences = new double[compared ? plain.size() : 0];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = results.get(i).scores().errorPx() - plain.get(i).scores().errorPx();
        }
        return new KeypointSummary(results, milliseconds, estimate(results, KeypointScores::errorPx),
                estimate(results, KeypointScores::occludedErrorPx), estimate(results, KeypointScores::visibleErrorPx),
                estimate(results, KeypointScores::within3Px), Estimate.of(differences));
    }

    private static Estimate estimate(List<KeypointResult> results, ToDoubleFunction<KeypointScores> of) {
        return Estimate.of(results.stream().map(KeypointResult::scores).mapToDouble(of).toArray());
    }

    /**
     * The mean learning curve.
     *
     * @return held-out error in pixels after each epoch, from the first
     */
    double[] heldOutError() {
        double[] sums = new double[results.getFirst().epochs()];
        for (KeypointResult result : results) {
            for (CurvePoint point : result.curve()) {
                sums[point.epoch() - 1] += point.testScore() / results.size();
            }
        }
        return sums;
    }

    /** {@return which network} */
    public KeypointModel model() {
        return results.getFirst().model();
    }

    /** {@return its learned floats} */
    public long parameters() {
        return results.getFirst().parameters();
    }
}

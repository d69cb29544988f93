package coordconv.layers.tasks;

import coordconv.layers.Sequential;
import coordconv.layers.internal.Lists;
import coordconv.layers.tasks.NotSoClevr.Centre;
import java.util.List;

/**
 * What training one network on one split gave.
 *
 * @param kind with or without coordinates
 * @param split which samples were held out
 * @param model the trained network
 * @param parameters its learned floats
 * @param epochs epochs trained
 * @param seconds time of the training steps; evaluations are not counted
 * @param trainScore {@link Task#score} over the training samples, in inference
 * @param testScore the same over the samples held out
 * @param curve one point an epoch
 * @param trainPredictions where the network puts each training sample
 * @param testPredictions where it puts each sample held out
 */
public record TaskResult(ModelKind kind, Split split, Sequential model, long parameters, int epochs, double seconds,
                         double trainScore, double testScore, List<CurvePoint> curve,
                         List<Prediction> trainPredictions, List<Prediction> testPredictions) {
    public TaskResult {
        curve = Lists.copy("curve", curve);
        trainPredictions = Lists.copy("trainPredictions", trainPredictions);
        testPredictions = Lists.copy("testPredictions", testPredictions);
    }

    /**
     * An epoch of a learning curve.
     *
     * @param epoch its number, from 1
     * @param seconds training time until its end
     * @param loss mean training loss
     * @param trainScore mean score of the training batches, each taken before its step
     * @param testScore score of the samples held out, after the epoch
     */
    public record CurvePoint(int epoch, double seconds, double loss, double trainScore, double testScore) {
    }

    /**
     * Where a network puts a square.
     *
     * @param truth where it is
     * @param x column found; NaN where a picture shows nothing
     * @param y row found; NaN where a picture shows nothing
     */
    public record Prediction(Centre truth, double x, double y) {
    }
}

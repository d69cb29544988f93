package coordconv.layers.tasks;

import coordconv.layers.internal.Lists;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import java.util.List;

/**
 * What training one network on the figures of one seed gave.
 *
 * @param model where its coordinates are
 * @param seed of the figures, the first weights and the shuffling
 * @param parameters its learned floats
 * @param epochs epochs trained
 * @param seconds time of the training steps; evaluations are not counted
 * @param scores over the figures held out
 * @param curve one point an epoch; the scores are mean errors in pixels
 * @param examples the first figures held out, with what the network says of them
 */
public record KeypointResult(KeypointModel model, long seed, long parameters, int epochs, double seconds, KeypointScores scores,
                             List<CurvePoint> curve, List<Prediction> examples) {
    /** Copies the lists. */
    public KeypointResult {
        curve = Lists.copy("curve", curve);
        examples = Lists.copy("examples", examples);
    }

    /**
     * A figure and where a network puts its joints.
     *
     * @param figure the picture and the truth
     * @param joints one for each {@link Joint}
     */
    public record Prediction(Figure figure, List<Point> joints) {
        /** Copies the list. */
        public Prediction {
            joints = Lists.copy("joints", joints);
        }
    }

    /**
     * A place in a picture, in pixels.
     *
     * @param x column
     * @param y row
     */
    public record Point(double x, double y) {
    }
}

package coordconv.layers.tasks;

import coordconv.layers.losses.BinaryCrossEntropyWithLogits;
import coordconv.layers.losses.Loss;
import coordconv.layers.losses.MeanSquaredError;
import coordconv.layers.losses.SoftmaxCrossEntropy;
import coordconv.layers.training.Metric;
import coordconv.layers.training.Metrics;
import java.util.Locale;
import java.util.function.Supplier;

/** The paper's supervised tasks on {@link NotSoClevr}. */
public enum Task {
    /** From the coordinates of a centre to the one pixel there, among 4,096 classes; scored by accuracy. */
    CLASSIFICATION(SoftmaxCrossEntropy::new, Metrics.accuracy()),
    /** From the picture of a square to the coordinates of its centre; scored by the mean distance in pixels. */
    REGRESSION(MeanSquaredError::new, Metrics.distance("error_px", NotSoClevr.CANVAS)),
    /** From the coordinates of a centre to the picture of the square; scored by intersection over union. */
    RENDERING(BinaryCrossEntropyWithLogits::summedPerSample, Metrics.intersectionOverUnion());

    private final Supplier<Loss> loss;
    private final Metric score;

    Task(Supplier<Loss> loss, Metric score) {
        this.loss = loss;
        this.score = score;
    }

    /** {@return a new instance of the loss that is minimised} */
    public Loss loss() {
        return loss.get();
    }

    /** {@return how well a network does} */
    public Metric score() {
        return score;
    }

    /** {@return whether a small score is a good one} */
    public boolean isError() {
        return this == REGRESSION;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package coordconv.layers.training;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import coordconv.layers.losses.Loss;
import java.util.Objects;

/**
 * Runs a model over data sets in inference, without a trainer. Each call configures the model anew, for inference alone;
 * a trainer of the same model configures it back before its next step.
 */
public final class Evaluator {
    private final Layer model;
    private final int batchSize;
    private final Execution execution;

    /**
     * An evaluation.
     *
     * @param model initialised or loaded
     * @param batchSize samples that are run together; a last batch may be smaller
     * @param execution threads and kernels; no gradients are kept
     * @throws IllegalStateException if the model was neither initialised nor loaded
     */
    public Evaluator(Layer model, int batchSize, Execution execution) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize: given " + batchSize + ", needed at least 1");
        }
        this.model = Objects.requireNonNull(model, "model");
        this.batchSize = batchSize;
        this.execution = new Execution(false, execution.parallelism(), execution.width(), execution.algorithm());
        model.requireInitialised();
    }

    /**
     * The mean of a metric.
     *
     * @param samples at least one
     * @param metric what to measure
     * @return the mean over all samples
     * @throws ShapeException if the model does not take the samples
     */
    public double evaluate(Dataset samples, Metric metric) {
        Objects.requireNonNull(metric, "metric");
        double[] sum = new double[1];
        predict(samples, (first, count, prediction, target) -> sum[0] += metric.sum(prediction, target, count));
        return sum[0] / samples.size();
    }

    /**
     * The mean of a loss that is itself a mean over the samples of a batch.
     *
     * @param samples at least one
     * @param loss what to measure
     * @return the mean over all samples
     * @throws ShapeException if the model does not take the samples
     */
    public double evaluate(Dataset samples, Loss loss) {
        Objects.requireNonNull(loss, "loss");
        double[] sum = new double[1];
        predict(samples, (first, count, prediction, target) ->
                sum[0] += count * loss.evaluate(prediction, target, Tensor.zeros(prediction.shape())));
        return sum[0] / samples.size();
    }

    /**
     * Runs all samples, in order, a batch at a time.
     *
     * @param samples at least one
     * @param consumer receives the output of each batch, all of whose samples count
     * @throws ShapeException if the model does not take the samples
     */
    public void predict(Dataset samples, Trainer.PredictionConsumer consumer) {
        Objects.requireNonNull(consumer, "consumer");
        int size = samples.size();
        if (size < 1) {
            throw new IllegalArgumentException("samples: given none, needed at least one");
        }
        Batch batch = null;
        for (int first = 0; first < size; first += batchSize) {
            int count = Math.min(batchSize, size - first);
            if (batch == null || batch.input().shape().batch() != count) {
                batch = new Batch(samples, count);
                model.configure(batch.input().shape(), execution);
            }
            for (int slot = 0; slot < count; slot++) {
                batch.put(slot, samples, first + slot);
            }
            consumer.accept(first, count, model.forward(batch.input(), Phase.INFERENCE), batch.target());
        }
    }
}

package coordconv.layers.training;

import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Phase;
import coordconv.layers.SeededRandom;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import coordconv.layers.losses.Loss;
import coordconv.layers.optimisers.Optimiser;
import java.util.Map;
import java.util.Objects;

/**
 * The mini-batch loop.
 *
 * <p>Everything is allocated when it is made; a step allocates nothing of its own. For a seed the weights
 * come out the same to the last bit, whatever the number of threads, and whether or not the run was stopped
 * and continued from a {@link #checkpoint}.
 */
public final class Trainer {
    private final Layer model;
    private final Loss loss;
    private final Optimiser optimiser;
    private final TrainingOptions options;
    private final Dataset data;
    private final Metric metric;
    private final Parameter[] parameters;
    private final Batch batch;
    private final Tensor gradient;
    private final int[] order;
    private final int batches;
    private final SeededRandom shuffle;
    private final Position position;
    private final Progress progress = new Progress();
    private boolean orderIsCurrent;

    /**
     * Configures a model for training; its parameters stay as they are.
     *
     * @param model an initialised model
     * @param loss what to minimise
     * @param optimiser moves the parameters; its moments start at zero
     * @param options batch size, rate and the rest
     * @param data training samples, at least a batch
     * @param metric reported beside the loss, or null
     * @throws ShapeException if the model does not take the samples
     * @throws IllegalArgumentException if there are fewer samples than a batch has
     * @throws IllegalStateException if the model was neither initialised nor loaded, or the optimiser belongs to
     *     another trainer
     */
    public Trainer(Layer model, Loss loss, Optimiser optimiser, TrainingOptions options, Dataset data, Metric metric) {
        this.model = Objects.requireNonNull(model, "model");
        this.loss = Objects.requireNonNull(loss, "loss");
        this.optimiser = Objects.requireNonNull(optimiser, "optimiser");
        this.options = Objects.requireNonNull(options, "options");
        this.data = Objects.requireNonNull(data, "data");
        this.metric = metric;
        model.requireInitialised();
        batches = data.size() / options.batchSize();
        if (batches < 1) {
            throw new IllegalArgumentException("data: given " + data.size() + " samples, needed at least a batch of "
                    + options.batchSize());
        }
        Shape output = model.configure(data.inputShape().batchOf(options.batchSize()), options.execution());
        batch = new Batch(data, options.batchSize());
        gradient = Tensor.zeros(output);
        Map<String, Parameter> named = model.parameters();
        parameters = named.values().toArray(Parameter[]::new);
        optimiser.bind(named);
        order = new int[data.size()];
        shuffle = new SeededRandom(options.seed());
        position = new Position(data.size(), options.batchSize());
        position.shuffleState = shuffle.state();
    }

    /**
     * Trains until a number of epochs is done in all, counted from the very start of the run.
     *
     * @param epochs number of epochs
     * @param listener told of steps and epochs; it may stop the run
     * @return whether all the epochs were done
     */
    public boolean fit(int epochs, TrainingListener listener) {
        Objects.requireNonNull(listener, "listener");
        while (position.epoch < epochs) {
            prepareOrder();
            while (position.batch < batches) {
                double batchLoss = step();
                progress.set(position.epoch + 1, position.batch, batches, optimiser.steps(), batchLoss);
                // A run stopped after the last batch has its epoch's end still before it.
                if (!listener.onStep(progress)) {
                    return false;
                }
            }
            if (!listener.onEpoch(endEpoch())) {
                return position.epoch >= epochs;
            }
        }
        return true;
    }

    private void prepareOrder() {
        if (!orderIsCurrent) {
            shuffle.restore(position.shuffleState);
            shuffle.permute(order);
            orderIsCurrent = true;
        }
    }

    private double step() {
        int size = options.batchSize();
        for (int slot = 0; slot < size; slot++) {
            batch.put(slot, data, order[position.batch * size + slot]);
        }
        Tensor prediction = model.forward(batch.input(), Phase.TRAINING);
        double value = loss.evaluate(prediction, batch.target(), gradient);
        if (metric != null) {
            position.metricSum += metric.sum(prediction, batch.target(), size);
        }
        model.backward(gradient);
        options.clipping().clip(parameters);
        optimiser.step(options.learningRate().at(optimiser.steps()));
        position.batch++;
        position.lossSum += value;
        return value;
    }

    private EpochReport endEpoch() {
        position.epoch++;
        double samples = (double) batches * options.batchSize();
        EpochReport report = new EpochReport(position.epoch, optimiser.steps(), position.lossSum / batches,
                metric == null ? Double.NaN : position.metricSum / samples);
        position.batch = 0;
        position.lossSum = 0;
        position.metricSum = 0;
        position.shuffleState = shuffle.state();
        orderIsCurrent = false;
        return report;
    }

    /** {@return a copy of everything the run needs to continue} */
    public Checkpoint checkpoint() {
        return CheckpointCodec.save(model, optimiser, position);
    }

    /**
     * Continues where a checkpoint was taken; model, optimiser and data have to be made as they were then.
     *
     * @param from the checkpoint
     * @throws IllegalArgumentException naming the entry that is missing or wrong, before anything is changed
     */
    public void restore(Checkpoint from) {
        Objects.requireNonNull(from, "from");
        CheckpointCodec.restore(from, model, optimiser, position);
        orderIsCurrent = false;
    }

    /**
     * The mean of a metric over some samples, in inference.
     *
     * @param samples of the training data's shapes
     * @param measured what to measure
     * @return the mean
     */
    public double evaluate(Dataset samples, Metric measured) {
        Objects.requireNonNull(measured, "measured");
        double[] sum = new double[1];
        predict(samples, (first, count, prediction, target) -> sum[0] += measured.sum(prediction, target, count));
        return sum[0] / samples.size();
    }

    /**
     * Runs the model in inference over all samples, in order, a batch at a time.
     *
     * @param samples of the training data's shapes
     * @param consumer receives each batch's output
     */
    public void predict(Dataset samples, PredictionConsumer consumer) {
        Objects.requireNonNull(consumer, "consumer");
        int size = options.batchSize();
        for (int first = 0; first < samples.size(); first += size) {
            int count = Math.min(size, samples.size() - first);
            for (int slot = 0; slot < size; slot++) {
                // The last batch is filled up with its first sample, and the surplus is not counted.
                batch.put(slot, samples, slot < count ? first + slot : first);
            }
            consumer.accept(first, count, model.forward(batch.input(), Phase.INFERENCE), batch.target());
        }
    }

    /** Receives predictions. */
    @FunctionalInterface
    public interface PredictionConsumer {
        /**
         * A batch.
         *
         * @param first index of its first sample
         * @param count how many of its samples count
         * @param prediction output, in a buffer that is reused
         * @param target targets, in a buffer that is reused
         */
        void accept(int first, int count, Tensor prediction, Tensor target);
    }
}

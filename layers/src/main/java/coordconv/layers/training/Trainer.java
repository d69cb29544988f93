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
    /** The last batch of an epoch where it is smaller, and its gradient; else null. */
    private final Batch rest;
    private final Tensor restGradient;
    private final int[] order;
    private final int batches;
    private final SeededRandom shuffle;
    private final Position position;
    private final Progress progress = new Progress();
    private boolean orderIsCurrent;
    private long configuration;

    private Trainer(Layer model, Loss loss, Optimiser optimiser, TrainingOptions options, Dataset data, Metric metric) {
        this.model = model;
        this.loss = loss;
        this.optimiser = optimiser;
        this.options = options;
        this.data = data;
        this.metric = metric;
        model.requireInitialised();
        int size = options.batchSize();
        batches = options.dropLast() ? data.size() / size : Math.ceilDiv(data.size(), size);
        if (data.size() < size) {
            throw new IllegalArgumentException("data: given " + data.size() + " samples, needed at least a batch of "
                    + options.batchSize());
        }
        int left = options.dropLast() ? 0 : data.size() % size;
        rest = left == 0 ? null : new Batch(data, left);
        restGradient = left == 0 ? null : Tensor.zeros(model.outputShape(rest.input().shape()));
        batch = new Batch(data, size);
        gradient = Tensor.zeros(configure(batch));
        Map<String, Parameter> named = model.parameters();
        parameters = named.values().toArray(Parameter[]::new);
        optimiser.bind(named);
        order = new int[data.size()];
        shuffle = new SeededRandom(options.seed());
        position = new Position(data.size(), size, batches);
        position.shuffleState = shuffle.state();
    }

    /**
     * Starts to say what is trained, and how.
     *
     * @param model initialised or loaded; {@link Builder#build} configures it for training, its parameters stay as they are
     * @return a builder, which needs a loss, an optimiser, options and data
     */
    public static Builder builder(Layer model) {
        return new Builder(Objects.requireNonNull(model, "model"));
    }

    /** Collects what a trainer is made of. */
    public static final class Builder {
        private final Layer model;
        private Loss loss;
        private Optimiser optimiser;
        private TrainingOptions options;
        private Dataset data;
        private Metric metric;

        private Builder(Layer model) {
            this.model = model;
        }

        /**
         * What to minimise.
         *
         * @param minimised the loss
         * @return this
         */
        public Builder loss(Loss minimised) {
            loss = Objects.requireNonNull(minimised, "minimised");
            return this;
        }

        /**
         * What moves the parameters.
         *
         * @param moving an optimiser of this trainer's own, whose moments start at zero
         * @return this
         */
        public Builder optimiser(Optimiser moving) {
            optimiser = Objects.requireNonNull(moving, "moving");
            return this;
        }

        /**
         * Batch size, learning rate and the rest.
         *
         * @param how the options
         * @return this
         */
        public Builder options(TrainingOptions how) {
            options = Objects.requireNonNull(how, "how");
            return this;
        }

        /**
         * What to learn from.
         *
         * @param samples at least a batch of them
         * @return this
         */
        public Builder data(Dataset samples) {
            data = Objects.requireNonNull(samples, "samples");
            return this;
        }

        /**
         * What to report beside the loss; nothing unless called.
         *
         * @param reported the metric
         * @return this
         */
        public Builder metric(Metric reported) {
            metric = Objects.requireNonNull(reported, "reported");
            return this;
        }

        /**
         * Configures the model for training.
         *
         * @return the trainer
         * @throws ShapeException if the model does not take the samples
         * @throws IllegalArgumentException if there are fewer samples than a batch has
         * @throws IllegalStateException if loss, optimiser, options or data are missing, if the model was neither
         *     initialised nor loaded, or if the optimiser belongs to another trainer
         */
        public Trainer build() {
            required("loss", loss);
            required("optimiser", optimiser);
            required("options", options);
            required("data", data);
            return new Trainer(model, loss, optimiser, options, data, metric);
        }

        private static void required(String part, Object given) {
            if (given == null) {
                throw new IllegalStateException(part + ": given none, needed " + part + "(...) before build()");
            }
        }
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
        claim();
        if (rest == null || position.batch < batches - 1) {
            return step(batch, gradient);
        }
        configure(rest);
        try {
            return step(rest, restGradient);
        } finally {
            configure(batch);
        }
    }

    private Shape configure(Batch forBatch) {
        Shape output = model.configure(forBatch.input().shape(), options.execution());
        configuration = model.configurations();
        return output;
    }

    /** An evaluator may have had the model since the last step. */
    private void claim() {
        if (model.configurations() != configuration) {
            configure(batch);
        }
    }

    private double step(Batch now, Tensor nowGradient) {
        int size = now.input().shape().batch();
        for (int slot = 0; slot < size; slot++) {
            now.put(slot, data, order[position.batch * options.batchSize() + slot]);
        }
        Tensor prediction = model.forward(now.input(), Phase.TRAINING);
        double value = loss.evaluate(prediction, now.target(), nowGradient);
        if (metric != null) {
            position.metricSum += metric.sum(prediction, now.target(), size);
        }
        model.backward(nowGradient);
        options.clipping().clip(parameters);
        optimiser.step(options.learningRate().at(optimiser.steps()));
        position.batch++;
        // A smaller batch counts by its samples.
        position.lossSum += value * size / options.batchSize();
        return value;
    }

    private EpochReport endEpoch() {
        position.epoch++;
        double samples = options.dropLast() ? (double) batches * options.batchSize() : data.size();
        EpochReport report = new EpochReport(position.epoch, optimiser.steps(), position.lossSum / (samples / options.batchSize()),
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
        claim();
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

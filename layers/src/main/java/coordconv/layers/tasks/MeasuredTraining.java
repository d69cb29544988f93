package coordconv.layers.tasks;

import coordconv.kernels.Parallelism;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.losses.Loss;
import coordconv.layers.optimisers.Adam;
import coordconv.layers.optimisers.LearningRate;
import coordconv.layers.optimisers.Regularisation;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.training.Checkpoint;
import coordconv.layers.training.Dataset;
import coordconv.layers.training.EpochReport;
import coordconv.layers.training.Metric;
import coordconv.layers.training.Trainer;
import coordconv.layers.training.TrainingListener;
import coordconv.layers.training.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Trains a network by {@link TaskSettings}, measures it after each epoch, and keeps what it takes to go on. */
final class MeasuredTraining {
    private final RunRecord identity;
    private final TaskSettings settings;
    private final Layer network;
    private final Dataset test;
    private final Metric score;
    private final Trainer trainer;
    private final List<CurvePoint> curve = new ArrayList<>();
    private long trainingNanos;
    private long startedAt;

    /** Initialises the network. */
    MeasuredTraining(RunRecord identity, Layer network, Loss loss, Metric score, TaskSettings settings, Dataset train,
                     Dataset test, long seed, Parallelism parallelism) {
        this.identity = identity;
        this.settings = settings;
        this.network = network;
        this.test = test;
        this.score = score;
        network.initialise(seed);
        long steps = (long) settings.epochs() * (train.size() / settings.batchSize());
        trainer = Trainer.builder(network).loss(loss)
                .optimiser(new Adam(0.9, TaskSettings.BETA2, 1e-8, Regularisation.l2(settings.l2())))
                .options(TrainingOptions.of(settings.batchSize(),
                                LearningRate.cosine(settings.learningRate(), settings.finalLearningRate(), steps)
                                        .withWarmUp(TaskSettings.WARM_UP))
                        .withSeed(seed).withExecution(Execution.TRAINING.withParallelism(parallelism)))
                .data(train).metric(score).build();
    }

    void run(TrainingListener steps, Consumer<CurvePoint> epochs) {
        startedAt = System.nanoTime();
        trainer.fit(settings.epochs(), steps.and(new TrainingListener() {
            @Override
            public boolean onEpoch(EpochReport report) {
                trainingNanos += System.nanoTime() - startedAt;
                CurvePoint point = new CurvePoint(report.epoch(), seconds(), report.loss(), report.metric(),
                        trainer.evaluate(test, score));
                curve.add(point);
                epochs.accept(point);
                startedAt = System.nanoTime();
                return true;
            }
        }));
    }

    Checkpoint checkpoint() {
        return identity.addTo(trainer.checkpoint(), curve);
    }

    int restore(Checkpoint from) {
        List<CurvePoint> before = identity.curve(Objects.requireNonNull(from, "from"));
        trainer.restore(from);
        curve.clear();
        curve.addAll(before);
        trainingNanos = before.isEmpty() ? 0 : Math.round(before.getLast().seconds() * 1e9);
        return before.size();
    }

    /** The model in inference over some samples. */
    void predict(Dataset samples, Trainer.PredictionConsumer consumer) {
        trainer.predict(samples, consumer);
    }

    List<CurvePoint> curve() {
        return curve;
    }

    double seconds() {
        return trainingNanos * 1e-9;
    }

    /** The floats that training moves. */
    long parameters() {
        return network.parameters().values().stream().filter(p -> p.isTrainable()).mapToLong(p -> p.shape().elements()).sum();
    }
}

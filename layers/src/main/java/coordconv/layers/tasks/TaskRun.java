package coordconv.layers.tasks;

import coordconv.kernels.Parallelism;
import coordconv.layers.Execution;
import coordconv.layers.Sequential;
import coordconv.layers.optimisers.Adam;
import coordconv.layers.optimisers.LearningRate;
import coordconv.layers.optimisers.Regularisation;
import coordconv.layers.tasks.NotSoClevr.Centre;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.tasks.TaskResult.Prediction;
import coordconv.layers.training.Checkpoint;
import coordconv.layers.training.EpochReport;
import coordconv.layers.training.Trainer;
import coordconv.layers.training.TrainingListener;
import coordconv.layers.training.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Trains one network of a task from scratch on one split, and measures it. */
public final class TaskRun {
    private final RunRecord identity;
    private final Task task;
    private final TaskSettings settings;
    private final List<CurvePoint> curve = new ArrayList<>();
    private final Sequential model;
    private final NotSoClevr.Parts parts;
    private final TaskData train;
    private final TaskData test;
    private final Trainer trainer;
    private long trainingNanos;
    private long startedAt;

    /**
     * A run, ready to start.
     *
     * @param task what to learn
     * @param split which samples to hold out
     * @param kind with or without coordinates
     * @param settings epochs, batch and rates
     * @param seed of the first weights, the shuffling and a random split
     * @param parallelism threads of the convolutions
     */
    public TaskRun(Task task, Split split, ModelKind kind, TaskSettings settings, long seed, Parallelism parallelism) {
        this.task = Objects.requireNonNull(task, "task");
        this.settings = Objects.requireNonNull(settings, "settings");
        identity = new RunRecord(task, Objects.requireNonNull(split, "split"), Objects.requireNonNull(kind, "kind"),
                settings, seed);
        parts = NotSoClevr.parts(split, seed);
        train = new TaskData(task, parts.train());
        test = new TaskData(task, parts.test());
        model = TaskNetworks.of(task, kind);
        model.initialise(seed);
        long steps = (long) settings.epochs() * (train.size() / settings.batchSize());
        trainer = Trainer.builder(model).loss(task.loss())
                .optimiser(new Adam(0.9, TaskSettings.BETA2, 1e-8, Regularisation.l2(settings.l2())))
                .options(TrainingOptions.of(settings.batchSize(),
                                LearningRate.cosine(settings.learningRate(), settings.finalLearningRate(), steps)
                                        .withWarmUp(TaskSettings.WARM_UP))
                        .withSeed(seed).withExecution(Execution.TRAINING.withParallelism(parallelism)))
                .data(train).metric(task.score()).build();
    }

    /**
     * Trains to the end.
     *
     * @param steps told of every step and epoch; it may stop the run
     * @param epochs receives each point of the learning curve
     * @return what came of it
     */
    public TaskResult run(TrainingListener steps, Consumer<CurvePoint> epochs) {
        startedAt = System.nanoTime();
        trainer.fit(settings.epochs(), steps.and(new TrainingListener() {
            @Override
            public boolean onEpoch(EpochReport report) {
                trainingNanos += System.nanoTime() - startedAt;
                CurvePoint point = new CurvePoint(report.epoch(), seconds(), report.loss(), report.metric(),
                        trainer.evaluate(test, task.score()));
                curve.add(point);
                epochs.accept(point);
                startedAt = System.nanoTime();
                return true;
            }
        }));
        return result();
    }

    private double seconds() {
        return trainingNanos * 1e-9;
    }

    /** {@return everything the run needs to continue where it stands} */
    public Checkpoint checkpoint() {
        return identity.addTo(trainer.checkpoint(), curve);
    }

    /**
     * Continues where a checkpoint was taken: the weights come out as if the run had never stopped.
     *
     * @param from a checkpoint of a run of the same task, split, network, settings and seed
     * @return the epochs that were done
     * @throws IllegalArgumentException naming the entry that is missing or of another run, before anything is changed
     */
    public int restore(Checkpoint from) {
        List<CurvePoint> before = identity.curve(Objects.requireNonNull(from, "from"));
        trainer.restore(from);
        curve.clear();
        curve.addAll(before);
        trainingNanos = before.isEmpty() ? 0 : Math.round(before.getLast().seconds() * 1e9);
        return before.size();
    }

    private TaskResult result() {
        long parameters = model.parameters().values().stream().mapToLong(p -> p.shape().elements()).sum();
        Measured onTrain = measure(parts.train(), train);
        Measured onTest = measure(parts.test(), test);
        return new TaskResult(identity.kind(), identity.split(), model, parameters, curve.size(), seconds(),
                onTrain.score(), onTest.score(), curve, onTrain.predictions(), onTest.predictions());
    }

    private record Measured(double score, List<Prediction> predictions) {
    }

    private Measured measure(List<Centre> truths, TaskData data) {
        List<Prediction> found = new ArrayList<>();
        double[] sum = new double[1];
        trainer.predict(data, (first, count, prediction, target) -> {
            sum[0] += task.score().sum(prediction, target, count);
            for (int i = 0; i < count; i++) {
                found.add(Localisation.of(task, truths.get(first + i), prediction, i));
            }
        });
        return new Measured(sum[0] / data.size(), found);
    }
}

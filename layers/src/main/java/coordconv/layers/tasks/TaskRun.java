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
    /** A training accuracy, running behind, from which measuring the real one is worth its time. */
    private static final double NEARLY_PERFECT = 0.98;

    private final Task task;
    private final Split split;
    private final ModelKind kind;
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
        this.split = Objects.requireNonNull(split, "split");
        this.kind = Objects.requireNonNull(kind, "kind");
        this.settings = Objects.requireNonNull(settings, "settings");
        parts = NotSoClevr.parts(split, seed);
        train = new TaskData(task, parts.train());
        test = new TaskData(task, parts.test());
        model = TaskNetworks.of(task, kind);
        model.initialise(seed);
        long steps = (long) settings.epochs() * (train.size() / settings.batchSize());
        trainer = new Trainer(model, task.loss(),
                new Adam(0.9, TaskSettings.BETA2, 1e-8, Regularisation.l2(settings.l2())),
                TrainingOptions.of(settings.batchSize(),
                                LearningRate.cosine(settings.learningRate(), settings.finalLearningRate(), steps)
                                        .withWarmUp(TaskSettings.WARM_UP))
                        .withSeed(seed).withExecution(Execution.TRAINING.withParallelism(parallelism)),
                train, task.score());
    }

    /**
     * Trains to the end, or to an accuracy of 1 on the training samples.
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
                CurvePoint point = new CurvePoint(report.epoch(), trainingNanos * 1e-9, report.loss(), report.metric(),
                        trainer.evaluate(test, task.score()));
                curve.add(point);
                epochs.accept(point);
                boolean perfect = isPerfect(report.metric());
                startedAt = System.nanoTime();
                return !perfect;
            }
        }));
        return result();
    }

    private boolean isPerfect(double running) {
        return task == Task.CLASSIFICATION && running >= NEARLY_PERFECT && trainer.evaluate(train, task.score()) == 1;
    }

    private TaskResult result() {
        long parameters = model.parameters().values().stream().mapToLong(p -> p.shape().elements()).sum();
        return new TaskResult(kind, split, model, parameters, curve.size(), trainingNanos * 1e-9,
                trainer.evaluate(train, task.score()), trainer.evaluate(test, task.score()), curve,
                predictions(parts.train(), train), predictions(parts.test(), test));
    }

    private List<Prediction> predictions(List<Centre> truths, TaskData data) {
        List<Prediction> found = new ArrayList<>();
        trainer.predict(data, (first, count, prediction, target) -> {
            for (int i = 0; i < count; i++) {
                found.add(Localisation.of(task, truths.get(first + i), prediction, i));
            }
        });
        return found;
    }
}

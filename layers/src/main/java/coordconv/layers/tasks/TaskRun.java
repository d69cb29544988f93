package coordconv.layers.tasks;

import coordconv.kernels.Parallelism;
import coordconv.layers.Sequential;
import coordconv.layers.tasks.NotSoClevr.Centre;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.tasks.TaskResult.Prediction;
import coordconv.layers.training.Checkpoint;
import coordconv.layers.training.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Trains one network of a task from scratch on one split, and measures it. */
public final class TaskRun implements ResumableRun<TaskResult> {
    private final Task task;
    private final Split split;
    private final ModelKind kind;
    private final Sequential model;
    private final NotSoClevr.Parts parts;
    private final TaskData train;
    private final TaskData test;
    private final MeasuredTraining training;

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
        Objects.requireNonNull(settings, "settings");
        parts = NotSoClevr.parts(split, seed);
        train = new TaskData(task, parts.train());
        test = new TaskData(task, parts.test());
        model = TaskNetworks.of(task, kind);
        Map<String, Object> what = new LinkedHashMap<>();
        what.put("task", task);
        what.put("split", split);
        what.put("model", kind);
        training = new MeasuredTraining(RunRecord.of(what, settings, seed), model, task.loss(), task.score(), settings, train,
                test, seed, parallelism);
    }

    @Override
    public TaskResult run(TrainingListener steps, Consumer<CurvePoint> epochs) {
        training.run(steps, epochs);
        Measured onTrain = measure(parts.train(), train);
        Measured onTest = measure(parts.test(), test);
        return new TaskResult(kind, split, model, training.parameters(), training.curve().size(), training.seconds(),
                onTrain.score(), onTest.score(), training.curve(), onTrain.predictions(), onTest.predictions());
    }

    @Override
    public Sequential network() {
        return model;
    }

    @Override
    public Checkpoint checkpoint() {
        return training.checkpoint();
    }

    @Override
    public int restore(Checkpoint from) {
        return training.restore(from);
    }

    private record Measured(double score, List<Prediction> predictions) {
    }

    private Measured measure(List<Centre> truths, TaskData data) {
        List<Prediction> found = new ArrayList<>();
        double[] sum = new double[1];
        training.predict(data, (first, count, prediction, target) -> {
            sum[0] += task.score().sum(prediction, target, count);
            for (int i = 0; i < count; i++) {
                found.add(Localisation.of(task, truths.get(first + i), prediction, i));
            }
        });
        return new Measured(sum[0] / data.size(), found);
    }
}

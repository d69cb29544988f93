package coordconv.cli;

import coordconv.cli.tasks.TaskReport;
import coordconv.kernels.Workers;
import coordconv.layers.io.Weights;
import coordconv.layers.tasks.KeypointRun;
import coordconv.layers.tasks.ModelKind;
import coordconv.layers.tasks.Split;
import coordconv.layers.tasks.Task;
import coordconv.layers.tasks.TaskResult;
import coordconv.layers.tasks.TaskRun;
import coordconv.layers.tasks.TaskSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coordconv train}: one of the paper's tasks, from scratch. */
@Command(name = "train", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Trains one of the CoordConv paper's tasks from scratch, with coordinates and without, and"
                + " writes a report.",
        customSynopsis = {"coordconv train [OPTIONS] TASK", "       coordconv train keypoints [OPTIONS]"},
        subcommands = KeypointsCommand.class)
final class TrainCommand implements Callable<Integer> {
    /** The tasks that write reports of their own. */
    static final List<String> TASKS = Stream.concat(Stream.of(Task.values()).map(Task::toString),
            Stream.of(KeypointRun.TASK)).toList();

    @Spec
    private CommandSpec command;
    @Parameters(paramLabel = "TASK", arity = "0..1", description = "classification: coordinates to one of 4,096 pixels; regression:"
            + " picture to coordinates; rendering: coordinates to picture.")
    private Task task;
    @Option(names = "--split", paramLabel = "SPLIT", defaultValue = "both",
            description = "uniform (a quarter held out at random), quadrant (the lower right one held out) or both;"
                    + " default ${DEFAULT-VALUE}.")
    private String split;
    @Option(names = "--model", paramLabel = "MODEL", defaultValue = "both",
            description = "coordconv, plain or both; default ${DEFAULT-VALUE}.")
    private String model;
    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Seed of the weights, the shuffling and the uniform split; default ${DEFAULT-VALUE}.")
    private long seed;
    @Mixin
    private TrainOptions options;
    @Mixin
    private Output output;

    /**
     * Everything in JSON.
     *
     * @param task what was learned
     * @param split which samples were held out, or {@code both}
     * @param seed the seed
     * @param models one for each network and split
     * @param report the file of the report
     */
    record Result(String task, String split, long seed, List<Map<String, Object>> models, String report) {}

    @Override
    public Integer call() {
        if (task == null) {
            throw new ParameterException(command.commandLine(), "TASK: given none, needed one of " + TASKS);
        }
        List<Split> splits = choices("--split", split, Split.values());
        List<ModelKind> kinds = choices("--model", model, ModelKind.values());
        int team = options.threads();
        for (ModelKind kind : kinds) {
            settings(kind);
        }
        options.prepare(task.toString(), TASKS, splits.stream()
                .flatMap(each -> kinds.stream().map(kind -> Training.name(task, kind, each))).toList());
        List<TaskResult> results = options.tellingHowToResume(() -> train(splits, kinds, team));
        output.report().println("train and test are " + meaning() + ".");
        write(results, team);
        List<Map<String, Object>> models = results.stream().map(this::entry).toList();
        output.object(new Result(task.toString(), split.toLowerCase(Locale.ROOT), seed, models, options.report().toString()));
        return 0;
    }

    private List<TaskResult> train(List<Split> splits, List<ModelKind> kinds, int team) {
        List<TaskResult> results = new ArrayList<>();
        TextTable table = new TextTable(output.report(), 20, "model", "split", "params", "epochs", "seconds",
                "train", "test");
        try (Workers workers = new Workers(team)) {
            for (Split each : splits) {
                for (ModelKind kind : kinds) {
                    TaskSettings settings = settings(kind);
                    TaskResult result = new Training(List.of(task, kind, each), task.score().name(), settings.epochs(), options)
                            .run(new TaskRun(task, each, kind, settings, seed, workers.parallelism()), output.progress());
                    results.add(result);
                    table.row(kind, each, result.parameters(), result.epochs(), TextTable.digits(result.seconds()),
                            "%.4f".formatted(result.trainScore()), "%.4f".formatted(result.testScore()));
                }
            }
        }
        return results;
    }

    private TaskSettings settings(ModelKind kind) {
        return options.apply(TaskSettings.of(task, kind));
    }

    private Path weights(TaskResult result) {
        return options.weights(Training.name(task, result.kind(), result.split()));
    }

    private void write(List<TaskResult> results, int team) {
        try {
            new TaskReport(task, results).page(seed, team).write(options.report());
            output.report().println("Report: " + options.report());
            for (TaskResult result : results) {
                Weights.save(result.model(), weights(result));
            }
        } catch (IOException e) {
            throw options.refused(e);
        }
        output.report().flush();
    }

    private Map<String, Object> entry(TaskResult result) {
        String score = scoreName(task);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("model", result.kind().toString());
        entry.put("split", result.split().toString());
        entry.put("parameters", result.parameters());
        entry.put("epochs", result.epochs());
        entry.put("seconds", result.seconds());
        entry.put("train_" + score, result.trainScore());
        entry.put("test_" + score, result.testScore());
        entry.put("weights", weights(result).toString());
        return entry;
    }

    /** The name of a task's score in JSON. */
    static String scoreName(Task task) {
        return switch (task) {
            case CLASSIFICATION -> "accuracy";
            case REGRESSION -> "error_px";
            case RENDERING -> "iou";
        };
    }

    private String meaning() {
        return switch (task) {
            case CLASSIFICATION -> "the share of samples whose pixel is right";
            case REGRESSION -> "the mean distance in pixels";
            case RENDERING -> "the mean intersection over union of the drawn square";
        };
    }

    /** One constant by name, or all of them for {@code both}. */
    private <T> List<T> choices(String option, String given, T[] all) {
        List<T> chosen = new ArrayList<>();
        for (T constant : all) {
            if (given.equalsIgnoreCase("both") || given.equalsIgnoreCase(constant.toString())) {
                chosen.add(constant);
            }
        }
        if (chosen.isEmpty()) {
            throw new ParameterException(command.commandLine(), option + ": given " + given + ", needed one of "
                    + List.of(all) + " or both");
        }
        return chosen;
    }
}

package coordconv.cli;

import coordconv.cli.tasks.TaskReport;
import coordconv.kernels.Workers;
import coordconv.layers.io.Weights;
import coordconv.layers.tasks.ModelKind;
import coordconv.layers.tasks.Split;
import coordconv.layers.tasks.Task;
import coordconv.layers.tasks.TaskResult;
import coordconv.layers.tasks.TaskSettings;
import java.io.IOException;
import java.nio.file.Files;
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
                + " writes a report.")
final class TrainCommand implements Callable<Integer> {
    private static final int MOST_EPOCHS = 10_000;
    private static final int MOST_THREADS = 1024;

    @Spec
    private CommandSpec command;
    @Parameters(paramLabel = "TASK", description = "classification: coordinates to one of 4,096 pixels; regression:"
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
    @Option(names = "--threads", paramLabel = "T", description = "Threads; default is one a processor.")
    private Integer threads;
    @Option(names = "--epochs", paramLabel = "E", description = "Epochs; default depends on task and model.")
    private Integer epochs;
    @Option(names = "--out", paramLabel = "DIR", defaultValue = "coordconv-train",
            description = "Where the report, the weights and the checkpoints go; default ${DEFAULT-VALUE} in the current"
                    + " folder.")
    private Path folder;
    @Option(names = "--resume", description = "Continues from the checkpoints in DIR, which every epoch leaves there;"
            + " what was finished is not trained again. The other options have to be those of the run that was stopped,"
            + " --threads apart; the weights come out the same.")
    private boolean resume;
    @Option(names = "--overwrite", description = "Trains anew where DIR holds an unfinished run or another task's report.")
    private boolean overwrite;
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
        List<Split> splits = choices("--split", split, Split.values());
        List<ModelKind> kinds = choices("--model", model, ModelKind.values());
        int team = inRange("--threads", threads == null ? Runtime.getRuntime().availableProcessors() : threads, MOST_THREADS);
        if (epochs != null) {
            inRange("--epochs", epochs, MOST_EPOCHS);
        }
        makeFolder();
        if (!resume && !overwrite) {
            requireNothingToLose(splits, kinds);
        }
        Thread hint = new Thread(this::tellHowToResume);
        Runtime.getRuntime().addShutdownHook(hint);
        List<TaskResult> results = new ArrayList<>();
        TextTable table = new TextTable(output.report(), 20, "model", "split", "params", "epochs", "seconds",
                "train", "test");
        try (Workers workers = new Workers(team)) {
            for (Split each : splits) {
                for (ModelKind kind : kinds) {
                    TaskResult result = new Training(task, each, kind, settings(kind), seed, folder)
                            .run(workers.parallelism(), resume, output.progress());
                    results.add(result);
                    table.row(kind, each, result.parameters(), result.epochs(), TextTable.digits(result.seconds()),
                            "%.4f".formatted(result.trainScore()), "%.4f".formatted(result.testScore()));
                }
            }
        }
        Runtime.getRuntime().removeShutdownHook(hint);
        output.report().println("train and test are " + meaning() + ".");
        write(results, team);
        List<Map<String, Object>> models = results.stream().map(this::entry).toList();
        output.object(new Result(task.toString(), split.toLowerCase(Locale.ROOT), seed, models, report().toString()));
        return 0;
    }

    /** Refuses to write over a run that can be continued, and over the report of another task. */
    private void requireNothingToLose(List<Split> splits, List<ModelKind> kinds) {
        for (Split each : splits) {
            for (ModelKind kind : kinds) {
                Path checkpoint = Training.checkpoint(folder, task, kind, each);
                if (Files.exists(checkpoint) && !Files.exists(weights(task, kind, each))) {
                    throw new BadInputException("--out " + folder + ": holds an unfinished run, " + checkpoint.getFileName()
                            + "; --resume continues it, --overwrite trains anew, another --out leaves it alone");
                }
            }
        }
        for (Task other : Task.values()) {
            boolean trained = Stream.of(Split.values()).anyMatch(each -> Stream.of(ModelKind.values())
                    .anyMatch(kind -> Files.exists(weights(other, kind, each))));
            if (other != task && trained && Files.exists(report())) {
                throw new BadInputException("--out " + folder + ": holds the report of " + other
                        + "; --overwrite replaces it, another --out leaves it alone");
            }
        }
    }

    private Path report() {
        return folder.resolve("report.html");
    }

    private Path weights(Task of, ModelKind kind, Split each) {
        return folder.resolve(of + "-" + kind + "-" + each + ".safetensors");
    }

    /** Runs when the JVM ends while networks are trained: Ctrl-C, or a kill that leaves time for it. */
    private void tellHowToResume() {
        List<String> words = new ArrayList<>(command.commandLine().getParseResult().originalArgs());
        words.remove("--overwrite");
        if (!words.contains("--resume")) {
            words.add("--resume");
        }
        output.progress().println();
        output.progress().println("stopped; what was finished is kept. To go on: coordconv "
                + (words.getFirst().equals("train") ? "" : "train ") + String.join(" ", words));
        output.progress().flush();
    }

    /** Refuses a folder that cannot be written to, before any time is spent on training. */
    private void makeFolder() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw BadInputException.of("--out " + folder, e);
        }
        if (!Files.isWritable(folder)) {
            throw new BadInputException("--out " + folder + ": permission denied");
        }
    }

    private TaskSettings settings(ModelKind kind) {
        TaskSettings settings = TaskSettings.of(task, kind);
        return epochs == null ? settings : settings.withEpochs(epochs);
    }

    private void write(List<TaskResult> results, int team) {
        try {
            new TaskReport(task, results).page(seed, team).write(report());
            output.report().println("Report: " + report());
            for (TaskResult result : results) {
                Weights.save(result.model(), weights(task, result.kind(), result.split()));
            }
        } catch (IOException e) {
            throw BadInputException.of("--out " + folder, e);
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
        entry.put("weights", weights(task, result.kind(), result.split()).toString());
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

    private int inRange(String option, int given, int most) {
        if (given < 1 || given > most) {
            throw new ParameterException(command.commandLine(), option + ": given " + given + ", needed 1 to " + most);
        }
        return given;
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

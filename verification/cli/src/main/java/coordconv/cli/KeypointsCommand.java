package coordconv.cli;

import coordconv.cli.tasks.KeypointReport;
import coordconv.cli.tasks.KeypointSummary;
import coordconv.cli.timing.Effort;
import coordconv.cli.timing.NetworkCase;
import coordconv.cli.timing.NetworkTimer;
import coordconv.kernels.Workers;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.layers.io.Weights;
import coordconv.layers.tasks.ArticulatedFigures;
import coordconv.layers.tasks.Figure;
import coordconv.layers.tasks.KeypointModel;
import coordconv.layers.tasks.KeypointResult;
import coordconv.layers.tasks.KeypointRun;
import coordconv.layers.tasks.TaskSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coordconv train keypoints}: where in a network coordinates belong. */
@Command(name = "keypoints", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Trains networks of the kind of dcn2 to find the joints of generated figures in pictures of 64 x 64, with"
                + " coordinates in none, one or all of their convolutions, on several seeds, and writes a report: error in pixels"
                + " with intervals, parameters, milliseconds, pictures. All of it takes most of an hour of one core.")
final class KeypointsCommand implements Callable<Integer> {
    /** Figures of a forward call that is timed. */
    static final int BATCH = 16;

    @Spec
    private CommandSpec command;
    @Option(names = "--model", paramLabel = "MODEL", split = ",", description = "plain; conv1 to conv5 (coordinates in that"
            + " convolution alone); everywhere; deformable (the fourth convolution, no coordinates); deformable-coord; or several"
            + " with commas; default is all.")
    private List<String> models;
    @Option(names = "--seed", paramLabel = "S", split = ",", defaultValue = "1,2,3,4,5", description = "Seeds of the figures, the"
            + " weights and the shuffling, each a run of its own; default ${DEFAULT-VALUE}.")
    private List<Long> seeds;
    @Option(names = "--images", paramLabel = "N", description = "Figures to learn from; default is "
            + ArticulatedFigures.TRAIN + ". " + ArticulatedFigures.TEST + " more are held out.")
    private Integer images;
    @Option(names = "--short", description = "Times each network for a third of a second instead of two.")
    private boolean brief;
    @Mixin
    private TrainOptions options;
    @Mixin
    private Output output;

    /**
     * Everything in JSON.
     *
     * @param task what was learned
     * @param images figures to learn from
     * @param batch figures of a forward call that is timed
     * @param models one for each network
     * @param report the file of the report
     */
    record Result(String task, int images, int batch, List<Map<String, Object>> models, String report) {}

    @Override
    public Integer call() {
        requireNothingBefore();
        List<KeypointModel> chosen = chosen();
        List<Long> each = new ArrayList<>(new TreeSet<>(seeds));
        TaskSettings settings = options.apply(TaskSettings.keypoints());
        int figures = images == null ? ArticulatedFigures.TRAIN : requireImages(settings.batchSize());
        int team = options.threads();
        options.prepare(KeypointRun.TASK, TrainCommand.TASKS, chosen.stream().flatMap(model -> each.stream()
                .map(seed -> name(model, seed))).toList());
        List<KeypointSummary> summaries = options.tellingHowToResume(() -> train(chosen, each, settings, figures, team));
        write(summaries, figures, settings);
        return 0;
    }

    /** Options of {@code train} before the word keypoints would be those of another task. */
    private void requireNothingBefore() {
        List<String> words = command.root().commandLine().getParseResult().originalArgs();
        int at = words.indexOf(command.parent().name());
        if (!words.get(at + 1).equals(command.name())) {
            throw new ParameterException(command.commandLine(), "given " + words.get(at + 1) + " before " + command.name()
                    + ", needed options behind it");
        }
    }

    private List<KeypointModel> chosen() {
        if (models == null) {
            return List.of(KeypointModel.values());
        }
        Set<KeypointModel> chosen = new TreeSet<>();
        for (String model : models) {
            chosen.add(Arrays.stream(KeypointModel.values()).filter(each -> each.toString().equalsIgnoreCase(model)).findFirst()
                    .orElseThrow(() -> new ParameterException(command.commandLine(), "--model: given " + model
                            + ", needed some of " + List.of(KeypointModel.values()))));
        }
        return List.copyOf(chosen);
    }

    private int requireImages(int batch) {
        if (images < batch || images > ArticulatedFigures.MOST_TRAIN) {
            throw new ParameterException(command.commandLine(), "--images: given " + images + ", needed " + batch + " (a batch) to "
                    + ArticulatedFigures.MOST_TRAIN);
        }
        return images;
    }

    private static String name(KeypointModel model, long seed) {
        return Training.name(KeypointRun.TASK, model, seed);
    }

    private List<KeypointSummary> train(List<KeypointModel> chosen, List<Long> each, TaskSettings settings, int figures, int team) {
        Map<KeypointModel, List<KeypointResult>> results = new EnumMap<>(KeypointModel.class);
        Map<KeypointModel, Layer> networks = new EnumMap<>(KeypointModel.class);
        try (Workers workers = new Workers(team)) {
            for (KeypointModel model : chosen) {
                for (long seed : each) {
                    KeypointRun run = new KeypointRun(model, settings, figures, seed, workers.parallelism());
                    results.computeIfAbsent(model, key -> new ArrayList<>())
                            .add(new Training(List.of(KeypointRun.TASK, model, seed), KeypointRun.SCORE.name(),
                                    settings.epochs(), options).run(run, output.progress()));
                    save(run.network(), options.weights(name(model, seed)));
                    networks.putIfAbsent(model, run.network());
                }
            }
        }
        List<KeypointResult> plain = results.getOrDefault(KeypointModel.PLAIN, List.of());
        return results.entrySet().stream().map(of -> KeypointSummary.of(of.getValue(), plain,
                milliseconds(of.getKey(), networks.get(of.getKey())))).toList();
    }

    /** Of a forward call on one thread. */
    private double milliseconds(KeypointModel model, Layer network) {
        output.progress().println("timing " + model);
        output.progress().flush();
        NetworkCase timed = new NetworkCase(model.toString(), () -> network,
                List.of(Shape.of(BATCH, Figure.CHANNELS, Figure.CANVAS, Figure.CANVAS)));
        return new NetworkTimer(Execution.INFERENCE, 1, brief ? Effort.SHORT : Effort.FULL).time(timed, false).timing().ms();
    }

    private void save(Layer network, Path file) {
        try {
            Weights.save(network, file);
        } catch (IOException e) {
            throw options.refused(e);
        }
    }

    private void write(List<KeypointSummary> summaries, int figures, TaskSettings settings) {
        TextTable table = new TextTable(output.report(), 18, "model", "params", "ms", "error px", "+-", "occluded", "+-", "<= 3 px",
                "to plain", "+-");
        for (KeypointSummary s : summaries) {
            table.row(s.model(), s.parameters(), TextTable.digits(s.milliseconds()), px(s.error().mean()), px(s.error().halfWidth()),
                    px(s.occludedError().mean()), px(s.occludedError().halfWidth()), "%.1f%%".formatted(100 * s.within3Px().mean()),
                    px(s.toPlain().mean()), px(s.toPlain().halfWidth()));
        }
        output.report().println("error: mean distance of the joints in pixels, over seeds; +-: half of the 95% interval; to plain:"
                + " difference on the same seeds; ms: forward, batch " + BATCH + ", one thread.");
        try {
            new KeypointReport(summaries, figures, settings, BATCH).page().write(options.report());
        } catch (IOException e) {
            throw options.refused(e);
        }
        output.report().println("Report: " + options.report());
        output.report().flush();
        output.object(new Result(KeypointRun.TASK, figures, BATCH, summaries.stream().map(this::entry).toList(),
                options.report().toString()));
    }

    private static String px(double value) {
        return Double.isNaN(value) ? "-" : "%.3f".formatted(value);
    }

    private Map<String, Object> entry(KeypointSummary s) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("model", s.model().toString());
        entry.put("parameters", s.parameters());
        entry.put("milliseconds", s.milliseconds());
        put(entry, "error_px", s.error());
        put(entry, "occluded_error_px", s.occludedError());
        put(entry, "visible_error_px", s.visibleError());
        put(entry, "within_3_px", s.within3Px());
        put(entry, "error_px_to_plain", s.toPlain());
        entry.put("runs", s.results().stream().map(this::run).toList());
        return entry;
    }

    private static void put(Map<String, Object> entry, String name, KeypointSummary.Estimate estimate) {
        entry.put(name, finite(estimate.mean()));
        entry.put(name + "_half_width", finite(estimate.halfWidth()));
    }

    /** JSON has no number for what is not known. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private Map<String, Object> run(KeypointResult result) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("seed", result.seed());
        run.put("epochs", result.epochs());
        run.put("seconds", result.seconds());
        run.put("error_px", finite(result.scores().errorPx()));
        run.put("occluded_error_px", finite(result.scores().occludedErrorPx()));
        run.put("visible_error_px", finite(result.scores().visibleErrorPx()));
        run.put("within_3_px", finite(result.scores().within3Px()));
        run.put("weights", options.weights(name(result.model(), result.seed())).toString());
        return run;
    }
}

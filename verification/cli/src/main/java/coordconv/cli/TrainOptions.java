package coordconv.cli;

import coordconv.layers.tasks.TaskSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands that train have in common: how long and with how many threads, where to, and how to go on. */
final class TrainOptions {
    private static final int MOST_EPOCHS = 10_000;
    private static final int MOST_THREADS = 1024;
    private static final String WEIGHTS = ".safetensors";
    private static final String CHECKPOINT = ".checkpoint" + WEIGHTS;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;
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

    boolean resumes() {
        return resume;
    }

    int threads() {
        return inRange("--threads", threads == null ? Runtime.getRuntime().availableProcessors() : threads, MOST_THREADS);
    }

    TaskSettings apply(TaskSettings settings) {
        return epochs == null ? settings : settings.withEpochs(inRange("--epochs", epochs, MOST_EPOCHS));
    }

    int inRange(String option, int given, int most) {
        if (given < 1 || given > most) {
            throw new ParameterException(command.commandLine(), option + ": given " + given + ", needed 1 to " + most);
        }
        return given;
    }

    Path report() {
        return folder.resolve("report.html");
    }

    Path weights(String run) {
        return folder.resolve(run + WEIGHTS);
    }

    Path checkpoint(String run) {
        return folder.resolve(run + CHECKPOINT);
    }

    /** A file of the folder that could not be written. */
    BadInputException refused(IOException cause) {
        return BadInputException.of("--out " + folder, cause);
    }

    /**
     * Makes the folder before any time is spent on training, and refuses to write over a run that can be continued, and over
     * the report of another task.
     *
     * @param task what is trained
     * @param others the tasks whose reports are kept
     * @param runs the runs to come
     */
    void prepare(String task, List<String> others, List<String> runs) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw refused(e);
        }
        if (!Files.isWritable(folder)) {
            throw new BadInputException("--out " + folder + ": permission denied");
        }
        if (resume || overwrite) {
            return;
        }
        for (String run : runs) {
            if (Files.exists(checkpoint(run)) && !Files.exists(weights(run))) {
                throw new BadInputException("--out " + folder + ": holds an unfinished run, " + checkpoint(run).getFileName()
                        + "; --resume continues it, --overwrite trains anew, another --out leaves it alone");
            }
        }
        for (String other : others) {
            if (!other.equals(task) && Files.exists(report()) && holdsWeightsOf(other)) {
                throw new BadInputException("--out " + folder + ": holds the report of " + other
                        + "; --overwrite replaces it, another --out leaves it alone");
            }
        }
    }

    private boolean holdsWeightsOf(String task) {
        try (DirectoryStream<Path> weights = Files.newDirectoryStream(folder, task + "-*" + WEIGHTS)) {
            for (Path file : weights) {
                if (!file.getFileName().toString().endsWith(CHECKPOINT)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** Does the work, and says how to go on if the JVM ends meanwhile: Ctrl-C, or a kill that leaves time for it. */
    <T> T tellingHowToResume(Supplier<T> work) {
        Thread hint = new Thread(this::tellHowToResume);
        Runtime.getRuntime().addShutdownHook(hint);
        T done = work.get();
        Runtime.getRuntime().removeShutdownHook(hint);
        return done;
    }

    private void tellHowToResume() {
        List<String> words = new ArrayList<>(command.root().commandLine().getParseResult().originalArgs());
        words.remove("--overwrite");
        if (!words.contains("--resume")) {
            words.add("--resume");
        }
        PrintWriter progress = command.commandLine().getErr();
        progress.println();
        progress.println("stopped; what was finished is kept. To go on: coordconv " + String.join(" ", words));
        progress.flush();
    }
}

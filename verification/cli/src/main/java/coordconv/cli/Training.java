package coordconv.cli;

import coordconv.layers.io.CheckpointFile;
import coordconv.layers.io.WeightFileException;
import coordconv.layers.tasks.ResumableRun;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.training.ProgressBar;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Trains one network, shows its progress and keeps a checkpoint of every epoch.
 *
 * @param words what the run is known by, such as task, network and split
 * @param score name of what is measured
 * @param epochs epochs in all
 * @param options where files go, and whether to go on from there
 */
record Training(List<?> words, String score, int epochs, TrainOptions options) {
    /** {@return the name of a run's files} */
    static String name(Object... words) {
        return joined(List.of(words), "-");
    }

    private static String joined(List<?> words, String between) {
        return words.stream().map(Object::toString).collect(Collectors.joining(between));
    }

    <R> R run(ResumableRun<R> run, PrintWriter progress) {
        boolean terminal = System.console() != null && System.console().isTerminal();
        String label = joined(words, " ");
        ProgressBar bar = new ProgressBar(terminal ? Terminal.cut(progress, Terminal.columns()) : progress, label,
                epochs, terminal);
        if (options.resumes()) {
            boolean kept = Files.exists(checkpoint());
            progress.println(label + ": " + (kept ? "resumed after epoch " + restore(run) + " from " + checkpoint()
                    : "from the beginning, there is no " + checkpoint()));
            progress.flush();
        }
        return run.run(bar, point -> {
            bar.line(point.epoch(), figures(point));
            keep(run);
        });
    }

    private Path checkpoint() {
        return options.checkpoint(joined(words, "-"));
    }

    private int restore(ResumableRun<?> run) {
        try {
            return run.restore(CheckpointFile.read(checkpoint()));
        } catch (WeightFileException | IllegalArgumentException e) {
            throw new BadInputException("--resume: given " + checkpoint() + ", needed a checkpoint of this very run ("
                    + e.getMessage() + ")", e);
        }
    }

    private void keep(ResumableRun<?> run) {
        try {
            CheckpointFile.write(checkpoint(), run.checkpoint());
        } catch (WeightFileException e) {
            throw options.refused(e);
        }
    }

    private String figures(CurvePoint point) {
        return String.format(Locale.ROOT, ", %.1f s: loss %.4g, %s %.4f in training, %.4f held out", point.seconds(),
                point.loss(), score, point.trainScore(), point.testScore());
    }
}

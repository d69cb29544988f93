package coordconv.cli;

import coordconv.kernels.Parallelism;
import coordconv.layers.io.CheckpointFile;
import coordconv.layers.io.WeightFileException;
import coordconv.layers.tasks.ModelKind;
import coordconv.layers.tasks.Split;
import coordconv.layers.tasks.Task;
import coordconv.layers.tasks.TaskResult;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.tasks.TaskRun;
import coordconv.layers.tasks.TaskSettings;
import coordconv.layers.training.ProgressBar;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Trains one network on one split, shows its progress and keeps a checkpoint of every epoch. */
record Training(Task task, Split split, ModelKind kind, TaskSettings settings, long seed, Path folder) {
    TaskResult run(Parallelism parallelism, boolean resume, PrintWriter progress) {
        TaskRun run = new TaskRun(task, split, kind, settings, seed, parallelism);
        boolean terminal = System.console() != null && System.console().isTerminal();
        String label = task + " " + kind + " " + split;
        ProgressBar bar = new ProgressBar(terminal ? Terminal.cut(progress, Terminal.columns()) : progress, label,
                settings.epochs(), terminal);
        if (resume) {
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
        return checkpoint(folder, task, kind, split);
    }

    static Path checkpoint(Path folder, Task task, ModelKind kind, Split split) {
        return folder.resolve(task + "-" + kind + "-" + split + ".checkpoint.safetensors");
    }

    private int restore(TaskRun run) {
        try {
            return run.restore(CheckpointFile.read(checkpoint()));
        } catch (WeightFileException | IllegalArgumentException e) {
            throw new BadInputException("--resume: given " + checkpoint() + ", needed a checkpoint of this very run ("
                    + e.getMessage() + ")", e);
        }
    }

    private void keep(TaskRun run) {
        try {
            CheckpointFile.write(checkpoint(), run.checkpoint());
        } catch (WeightFileException e) {
            throw BadInputException.of("--out " + folder, e);
        }
    }

    private String figures(CurvePoint point) {
        return String.format(Locale.ROOT, ", %.1f s: loss %.4g, %s %.4f in training, %.4f held out", point.seconds(),
                point.loss(), task.score().name(), point.trainScore(), point.testScore());
    }
}

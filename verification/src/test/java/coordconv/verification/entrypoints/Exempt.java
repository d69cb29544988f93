package coordconv.verification.entrypoints;

import coordconv.kernels.VectorWidth;
import coordconv.layers.tasks.ArticulatedFigures;
import java.util.Map;

/** Entry points that are not called with hostile arguments, each with the reason. */
final class Exempt {
    static final Map<String, String> REASONS = Map.of(
            "ProgressBar.onStep(Progress)", "only a trainer makes a Progress",
            "ConfusionMatrix.add(Tensor, Tensor, int, int)", "a prediction has an axis more than its target, and here all tensors"
                    + " are of one shape",
            "Transpose(int[])", "an order of one axis is 0 alone, where other lists need a 1; its own test has bad orders",
            "TaskRun.run(TrainingListener, Consumer)", "trains for minutes, through entry points that are called here",
            "KeypointRun.run(TrainingListener, Consumer)", "trains for a minute, through entry points that are called here");

    private Exempt() {}

    /** Whether a value is no mistake but asks for more work than a test has time for. */
    static boolean isRightButLong(String member, Object value) {
        return switch (member) {
            // Some hundred megabytes of figures.
            case "ArticulatedFigures.parts(long, int)", "KeypointRun(KeypointModel, TaskSettings, int, long, Parallelism)" ->
                    value instanceof Integer figures && figures > 1000 && figures <= ArticulatedFigures.MOST_TRAIN;
            case "Trainer.fit(int, TrainingListener)" -> value instanceof Integer epochs && epochs > 100;
            // Warms each of them up, in vectors that are boxed until they are compiled.
            case "Ceiling.gflops(VectorWidth, double)" -> value instanceof VectorWidth
                    || value instanceof Double seconds && seconds > 0 && seconds < Double.POSITIVE_INFINITY;
            case "Ceiling.gflops(double)" ->
                    value instanceof Double seconds && seconds > 0 && seconds < Double.POSITIVE_INFINITY;
            default -> false;
        };
    }
}

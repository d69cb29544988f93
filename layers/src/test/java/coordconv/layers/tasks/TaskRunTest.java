package coordconv.layers.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.kernels.Parallelism;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.training.Checkpoint;
import coordconv.layers.training.Progress;
import coordconv.layers.training.TrainingListener;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TaskRunTest {
    /** Nine steps an epoch. */
    private static final TaskSettings SETTINGS = new TaskSettings(2, 256, 0.003, 0, 1e-5);
    private static final int STEPS_AN_EPOCH = 2407 / 256;
    private static final Consumer<CurvePoint> IGNORED = point -> { };

    private static TaskRun run(ModelKind kind, TaskSettings settings, long seed) {
        return new TaskRun(Task.REGRESSION, Split.QUADRANT, kind, settings, seed, Parallelism.SERIAL);
    }

    private static Checkpoint stopped(int steps) {
        TaskRun run = run(ModelKind.PLAIN, SETTINGS, 5);
        run.run(new TrainingListener() {
            @Override
            public boolean onStep(Progress progress) {
                return progress.step() < steps;
            }
        }, IGNORED);
        return run.checkpoint();
    }

    /** What does not depend on the clock. */
    private static List<List<Double>> scores(TaskResult result) {
        return result.curve().stream().map(p -> List.of((double) p.epoch(), p.loss(), p.trainScore(), p.testScore())).toList();
    }

    @Test
    void aStoppedRunEndsAsIfItHadNot() {
        TaskResult straight = run(ModelKind.PLAIN, SETTINGS, 5).run(TrainingListener.NONE, IGNORED);
        Checkpoint kept = stopped(STEPS_AN_EPOCH + 4);
        refusesCheckpointsOfOtherRuns(kept);
        TaskRun resumed = run(ModelKind.PLAIN, SETTINGS, 5);
        assertEquals(1, resumed.restore(kept));
        TaskResult result = resumed.run(TrainingListener.NONE, IGNORED);
        straight.model().state().forEach((name, parameter) ->
                assertArrayEquals(parameter.values(), result.model().state().get(name).values(), name));
        assertEquals(scores(straight), scores(result));
        assertEquals(straight.trainPredictions(), result.trainPredictions());
        assertEquals(2, result.epochs());
    }

    private static void refusesCheckpointsOfOtherRuns(Checkpoint kept) {
        assertRefused("checkpoint run.model: given plain, needed coordconv", run(ModelKind.COORDCONV, SETTINGS, 5), kept);
        assertRefused("checkpoint run.seed: given 5, needed 6", run(ModelKind.PLAIN, SETTINGS, 6), kept);
        assertRefused("checkpoint run.epochs: given 2, needed 3", run(ModelKind.PLAIN, SETTINGS.withEpochs(3), 5), kept);
        TaskRun same = run(ModelKind.PLAIN, SETTINGS, 5);
        assertRefused("checkpoint curve.1: given 1 2 x 4, needed 4 numbers", same, kept.withNotes(Map.of("curve.1", "1 2 x 4")));
        assertRefused("checkpoint curve.2: given nothing, needed a note of that name", same,
                kept.withNotes(Map.of("curve.points", "2")));
        Checkpoint untouched = run(ModelKind.PLAIN, SETTINGS, 5).checkpoint();
        assertEquals(untouched.notes(), same.checkpoint().notes());
        untouched.arrays().forEach((name, values) -> assertArrayEquals(values, same.checkpoint().arrays().get(name), name));
    }

    private static void assertRefused(String message, TaskRun run, Checkpoint wrong) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> run.restore(wrong)).getMessage());
    }
}

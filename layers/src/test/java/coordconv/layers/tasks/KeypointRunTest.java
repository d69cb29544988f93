package coordconv.layers.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Parallelism;
import coordconv.layers.tasks.Figure.Place;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.training.Checkpoint;
import coordconv.layers.training.Progress;
import coordconv.layers.training.TrainingListener;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class KeypointRunTest {
    private static final Consumer<CurvePoint> IGNORED = point -> { };
    private static final TaskSettings SHORT = TaskSettings.keypoints().withEpochs(2);

    private static ArticulatedFigures.Parts parts(int train, int test, long seed) {
        ArticulatedFigures.Parts all = ArticulatedFigures.parts(seed, train);
        return new ArticulatedFigures.Parts(all.train(), all.test().subList(0, test));
    }

    private static KeypointRun run(KeypointModel model, TaskSettings settings, int images, long seed) {
        return new KeypointRun(model, settings, parts(images, 20, seed), seed, Parallelism.SERIAL);
    }

    /** What always saying the mean place of each joint of the figures learned from gives. */
    private static double errorOfTheMean(ArticulatedFigures.Parts parts) {
        double sum = 0;
        for (Joint joint : Joint.values()) {
            double x = parts.train().stream().mapToDouble(f -> f.joints().get(joint.ordinal()).x()).average().orElseThrow();
            double y = parts.train().stream().mapToDouble(f -> f.joints().get(joint.ordinal()).y()).average().orElseThrow();
            for (Figure figure : parts.test()) {
                Place place = figure.joints().get(joint.ordinal());
                sum += Math.hypot(place.x() - x, place.y() - y);
            }
        }
        return sum / Joint.values().length / parts.test().size();
    }

    @Test
    void aFewStepsAreBetterThanTheMean() {
        ArticulatedFigures.Parts parts = parts(1600, 200, 21);
        KeypointResult result = new KeypointRun(KeypointModel.PLAIN, SHORT, parts, 21, Parallelism.SERIAL)
                .run(TrainingListener.NONE, IGNORED);
        double mean = errorOfTheMean(parts);
        assertTrue(mean > 10, "the mean is " + mean + " pixels off");
        assertTrue(result.scores().errorPx() < 0.8 * mean, result.scores() + ", the mean is " + mean + " pixels off");
        assertEquals(result.curve().getLast().testScore(), result.scores().errorPx(), 1e-5);
        assertTrue(result.scores().occludedErrorPx() > result.scores().visibleErrorPx(), result.scores().toString());
        assertEquals(65_304, result.parameters());
        assertEquals(2, result.epochs());
        assertEquals(parts.test().subList(0, result.examples().size()),
                result.examples().stream().map(KeypointResult.Prediction::figure).toList());
    }

    @Test
    void aStoppedRunEndsAsIfItHadNot() {
        KeypointRun straight = run(KeypointModel.EVERYWHERE, SHORT, 64, 5);
        KeypointResult result = straight.run(TrainingListener.NONE, IGNORED);
        KeypointRun stopped = run(KeypointModel.EVERYWHERE, SHORT, 64, 5);
        stopped.run(new TrainingListener() {
            @Override
            public boolean onStep(Progress progress) {
                return progress.step() < 6;
            }
        }, IGNORED);
        Checkpoint kept = stopped.checkpoint();
        assertRefused("checkpoint run.images: given 64, needed 80", run(KeypointModel.EVERYWHERE, SHORT, 80, 5), kept);
        assertRefused("checkpoint run.model: given everywhere, needed conv4", run(KeypointModel.CONV4, SHORT, 64, 5), kept);
        KeypointRun resumed = run(KeypointModel.EVERYWHERE, SHORT, 64, 5);
        assertEquals(1, resumed.restore(kept));
        KeypointResult again = resumed.run(TrainingListener.NONE, IGNORED);
        straight.network().state().forEach((name, parameter) ->
                assertArrayEquals(parameter.values(), resumed.network().state().get(name).values(), name));
        assertEquals(result.scores(), again.scores());
        assertEquals(result.examples(), again.examples());
    }

    private static void assertRefused(String message, KeypointRun run, Checkpoint wrong) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> run.restore(wrong)).getMessage());
    }

    @Test
    void scoresAreMeansOverJoints() {
        KeypointScores.Sum sum = new KeypointScores.Sum();
        sum.add(new Place(10, 10, false), 13, 10);
        sum.add(new Place(10, 10, false), 10, 14);
        sum.add(new Place(20, 30, true), 17, 26);
        assertEquals(new KeypointScores(4, 5, 3.5, 1 / 3.0), sum.mean());
        KeypointScores.Sum visible = new KeypointScores.Sum();
        visible.add(new Place(1, 1, false), 1, 1);
        assertEquals(Double.NaN, visible.mean().occludedErrorPx());
    }

    @Test
    void lessThanABatchIsRefused() {
        assertEquals("images: given 15, needed at least a batch of 16",
                assertThrows(IllegalArgumentException.class,
                        () -> new KeypointRun(KeypointModel.PLAIN, SHORT, 15, 1, Parallelism.SERIAL)).getMessage());
    }

    /** The file names of weights and checkpoints. */
    @Test
    void modelsAreNamedAsOnTheCommandLine() {
        assertEquals(List.of("plain", "conv1", "conv2", "conv3", "conv4", "conv5", "everywhere", "deformable", "deformable-coord"),
                List.of(KeypointModel.values()).stream().map(KeypointModel::toString).toList());
    }
}

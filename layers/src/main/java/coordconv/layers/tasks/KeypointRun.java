package coordconv.layers.tasks;

import coordconv.kernels.Parallelism;
import coordconv.layers.Layer;
import coordconv.layers.losses.SmoothL1;
import coordconv.layers.tasks.KeypointResult.Point;
import coordconv.layers.tasks.KeypointResult.Prediction;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.training.Checkpoint;
import coordconv.layers.training.Metric;
import coordconv.layers.training.Metrics;
import coordconv.layers.training.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Trains one network that finds the joints of {@link ArticulatedFigures} from scratch, and measures it. */
public final class KeypointRun implements ResumableRun<KeypointResult> {
    /** How the task is called. */
    public static final String TASK = "keypoints";
    /** The mean distance of the joints in pixels. */
    public static final Metric SCORE = Metrics.pointError("error_px", KeypointData.SCALE);

    private static final int JOINTS = Joint.values().length;
    private static final int EXAMPLES = 4;
    /** Where the loss turns from a square into a line: two thirds of a pixel. */
    private static final double BETA = 0.02;

    private final KeypointModel model;
    private final long seed;
    private final Layer network;
    private final List<Figure> held;
    private final MeasuredTraining training;

    /**
     * A run, ready to start.
     *
     * @param model where the network has coordinates
     * @param settings epochs, batch and rates
     * @param images figures to learn from, at least a batch
     * @param seed of the figures, the first weights and the shuffling
     * @param parallelism threads of the convolutions
     * @throws IllegalArgumentException if there are fewer figures than a batch has
     */
    public KeypointRun(KeypointModel model, TaskSettings settings, int images, long seed, Parallelism parallelism) {
        this(model, settings, ArticulatedFigures.parts(seed, atLeastABatch(images, settings)), seed, parallelism);
    }

    /** With figures of the caller's, which tests have fewer of. */
    KeypointRun(KeypointModel model, TaskSettings settings, ArticulatedFigures.Parts parts, long seed, Parallelism parallelism) {
        this.model = Objects.requireNonNull(model, "model");
        this.seed = seed;
        Map<String, Object> what = new LinkedHashMap<>();
        what.put("task", TASK);
        what.put("model", model);
        what.put("images", parts.train().size());
        held = parts.test();
        network = KeypointNetworks.of(model);
        training = new MeasuredTraining(RunRecord.of(what, settings, seed), network, new SmoothL1(BETA), SCORE, settings,
                new KeypointData(parts.train()), new KeypointData(held), seed, parallelism);
    }

    private static int atLeastABatch(int images, TaskSettings settings) {
        if (images < Objects.requireNonNull(settings, "settings").batchSize()) {
            throw new IllegalArgumentException("images: given " + images + ", needed at least a batch of "
                    + settings.batchSize());
        }
        return images;
    }

    @Override
    public KeypointResult run(TrainingListener steps, Consumer<CurvePoint> epochs) {
        training.run(steps, epochs);
        KeypointScores.Sum sum = new KeypointScores.Sum();
        List<Prediction> examples = new ArrayList<>();
        training.predict(new KeypointData(held), (first, count, output, target) -> {
            for (int i = 0; i < count; i++) {
                List<Point> joints = points(output.data(), i * 2 * JOINTS);
                Figure figure = held.get(first + i);
                for (int j = 0; j < JOINTS; j++) {
                    sum.add(figure.joints().get(j), joints.get(j).x(), joints.get(j).y());
                }
                if (examples.size() < EXAMPLES) {
                    examples.add(new Prediction(figure, joints));
                }
            }
        });
        return new KeypointResult(model, seed, training.parameters(), training.curve().size(), training.seconds(), sum.mean(),
                training.curve(), examples);
    }

    private static List<Point> points(float[] output, int at) {
        List<Point> points = new ArrayList<>();
        for (int j = 0; j < JOINTS; j++) {
            points.add(new Point(KeypointData.pixels(output[at + 2 * j]), KeypointData.pixels(output[at + 2 * j + 1])));
        }
        return points;
    }

    @Override
    public Layer network() {
        return network;
    }

    @Override
    public Checkpoint checkpoint() {
        return training.checkpoint();
    }

    @Override
    public int restore(Checkpoint from) {
        return training.restore(from);
    }
}

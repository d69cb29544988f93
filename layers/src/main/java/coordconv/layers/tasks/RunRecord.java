package coordconv.layers.tasks;

import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.training.Checkpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint says of the run it belongs to: which run, and its learning curve so far.
 *
 * @param identity what the run is known by, name to text
 */
record RunRecord(Map<String, String> identity) {
    private static final String CURVE = "curve.";
    private static final String POINTS = CURVE + "points";

    static RunRecord of(Map<String, ?> what, TaskSettings settings, long seed) {
        Map<String, String> notes = new LinkedHashMap<>();
        what.forEach((name, value) -> notes.put("run." + name, value.toString()));
        notes.put("run.seed", Long.toString(seed));
        notes.put("run.epochs", Integer.toString(settings.epochs()));
        notes.put("run.learningRate", Double.toString(settings.learningRate()));
        notes.put("run.finalLearningRate", Double.toString(settings.finalLearningRate()));
        notes.put("run.l2", Double.toString(settings.l2()));
        return new RunRecord(notes);
    }

    Checkpoint addTo(Checkpoint checkpoint, List<CurvePoint> curve) {
        Map<String, String> notes = new LinkedHashMap<>(identity);
        notes.put(POINTS, Integer.toString(curve.size()));
        for (CurvePoint point : curve) {
            // The text of a double is read back to the same bits.
            notes.put(CURVE + point.epoch(), point.seconds() + " " + point.loss() + " " + point.trainScore() + " "
                    + point.testScore());
        }
        return checkpoint.withNotes(notes);
    }

    /** Refuses a checkpoint of another run, and reads the curve of this one. */
    List<CurvePoint> curve(Checkpoint checkpoint) {
        identity.forEach(checkpoint::requireNote);
        List<CurvePoint> curve = new ArrayList<>();
        int points = (int) numbers(checkpoint, POINTS, 1)[0];
        for (int epoch = 1; epoch <= points; epoch++) {
            double[] values = numbers(checkpoint, CURVE + epoch, 4);
            curve.add(new CurvePoint(epoch, values[0], values[1], values[2], values[3]));
        }
        return curve;
    }

    private static double[] numbers(Checkpoint checkpoint, String name, int count) {
        String text = checkpoint.note(name);
        String[] words = text.split(" ");
        double[] values = new double[count];
        try {
            for (int i = 0; i < count; i++) {
                values[i] = Double.parseDouble(words[i]);
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException notThose) {
            throw new IllegalArgumentException("checkpoint " + name + ": given " + text + ", needed " + count
                    + (count == 1 ? " number" : " numbers"), notThose);
        }
        return values;
    }
}

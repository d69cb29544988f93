package coordconv.layers.tasks;

import coordconv.layers.Tensor;
import coordconv.layers.tasks.NotSoClevr.Centre;
import coordconv.layers.tasks.TaskResult.Prediction;
import coordconv.layers.training.Metrics;

/** Reads a position off a network's output. */
final class Localisation {
    private Localisation() {}

    static Prediction of(Task task, Centre truth, Tensor output, int sample) {
        int pixels = NotSoClevr.CANVAS * NotSoClevr.CANVAS;
        return switch (task) {
            case CLASSIFICATION -> {
                int pixel = Metrics.argmax(output.data(), sample * pixels, pixels);
                yield new Prediction(truth, pixel % NotSoClevr.CANVAS, pixel / NotSoClevr.CANVAS);
            }
            case REGRESSION -> new Prediction(truth, (double) output.data()[2 * sample] * NotSoClevr.CANVAS,
                    (double) output.data()[2 * sample + 1] * NotSoClevr.CANVAS);
            case RENDERING -> centroid(truth, output.data(), sample * pixels, pixels);
        };
    }

    /** The mean position of the pixels that are drawn. */
    private static Prediction centroid(Centre truth, float[] logits, int from, int pixels) {
        long columns = 0;
        long rows = 0;
        int drawn = 0;
        for (int i = 0; i < pixels; i++) {
            if (logits[from + i] > 0) {
                columns += i % NotSoClevr.CANVAS;
                rows += i / NotSoClevr.CANVAS;
                drawn++;
            }
        }
        return new Prediction(truth, drawn == 0 ? Double.NaN : (double) columns / drawn,
                drawn == 0 ? Double.NaN : (double) rows / drawn);
    }
}

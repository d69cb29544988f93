package coordconv.cli.tasks;

import coordconv.cli.report.ImageTiles;
import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Tensor;
import coordconv.layers.tasks.NotSoClevr;
import coordconv.layers.tasks.NotSoClevr.Centre;
import coordconv.layers.tasks.Task;
import coordconv.layers.tasks.TaskData;
import coordconv.layers.tasks.TaskResult;
import java.util.List;
import java.util.stream.IntStream;

/** A few held-out squares beside what a network draws for them. */
final class Renderings {
    private static final int SHOWN = 4;

    private Renderings() {}

    static ImageTiles of(TaskResult result) {
        int all = result.testPredictions().size();
        List<Centre> centres = IntStream.range(0, Math.min(SHOWN, all))
                .mapToObj(i -> result.testPredictions().get((2 * i + 1) * all / (2 * SHOWN)).truth()).toList();
        TaskData data = new TaskData(Task.RENDERING, centres);
        Tensor input = Tensor.zeros(data.inputShape().batchOf(centres.size()));
        Tensor wanted = Tensor.zeros(data.targetShape().batchOf(centres.size()));
        int pixels = NotSoClevr.CANVAS * NotSoClevr.CANVAS;
        for (int i = 0; i < centres.size(); i++) {
            data.read(i, input.data(), 2 * i, wanted.data(), pixels * i);
        }
        result.model().configure(input.shape(), Execution.INFERENCE);
        float[] logits = result.model().forward(input, Phase.INFERENCE).data();
        ImageTiles tiles = new ImageTiles();
        for (int i = 0; i < centres.size(); i++) {
            String at = centres.get(i).x() + ", " + centres.get(i).y();
            tiles.add("wanted at " + at, picture(wanted.data(), i * pixels, pixels, false), NotSoClevr.CANVAS, 0, 1);
            tiles.add("drawn for " + at, picture(logits, i * pixels, pixels, true), NotSoClevr.CANVAS, 0, 1);
        }
        return tiles;
    }

    private static float[] picture(float[] from, int at, int pixels, boolean logits) {
        float[] shades = new float[pixels];
        for (int i = 0; i < pixels; i++) {
            shades[i] = logits ? (float) (1 / (1 + Math.exp(-from[at + i]))) : from[at + i];
        }
        return shades;
    }
}

package coordconv.layers.tasks;

import coordconv.layers.Shape;
import coordconv.layers.tasks.NotSoClevr.Centre;
import coordconv.layers.training.Dataset;
import java.util.List;
import java.util.Objects;

/** The samples of a task: inputs and targets made from centres as they are asked for. */
public final class TaskData implements Dataset {
    private static final Shape POSITION = Shape.of(2);
    private static final Shape PIXEL = Shape.of(1);
    private static final Shape PICTURE = Shape.of(1, NotSoClevr.CANVAS, NotSoClevr.CANVAS);

    private final Task task;
    private final Centre[] centres;

    /**
     * The samples for some centres.
     *
     * @param task what they are for
     * @param centres one sample each
     */
    public TaskData(Task task, List<Centre> centres) {
        this.task = task;
        this.centres = centres.toArray(Centre[]::new);
    }

    @Override
    public int size() {
        return centres.length;
    }

    @Override
    public Shape inputShape() {
        return task == Task.REGRESSION ? PICTURE : POSITION;
    }

    @Override
    public Shape targetShape() {
        return switch (task) {
            case CLASSIFICATION -> PIXEL;
            case REGRESSION -> POSITION;
            case RENDERING -> PICTURE;
        };
    }

    @Override
    public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
        Centre centre = centres[Objects.checkIndex(index, centres.length)];
        Objects.checkFromIndexSize(inputAt, inputShape().elements(), input.length);
        Objects.checkFromIndexSize(targetAt, targetShape().elements(), target.length);
        if (task == Task.REGRESSION) {
            NotSoClevr.draw(centre, input, inputAt);
            target[targetAt] = (float) centre.x() / NotSoClevr.CANVAS;
            target[targetAt + 1] = (float) centre.y() / NotSoClevr.CANVAS;
            return;
        }
        input[inputAt] = scaled(centre.x());
        input[inputAt + 1] = scaled(centre.y());
        if (task == Task.CLASSIFICATION) {
            target[targetAt] = centre.pixel();
        } else {
            NotSoClevr.draw(centre, target, targetAt);
        }
    }

    /** A position as the coordinate channels give it, from -1 to 1 across the canvas. */
    private static float scaled(int position) {
        return 2f * position / (NotSoClevr.CANVAS - 1) - 1;
    }
}

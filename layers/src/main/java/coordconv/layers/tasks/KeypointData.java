package coordconv.layers.tasks;

import coordconv.layers.Shape;
import coordconv.layers.training.Dataset;
import java.util.List;
import java.util.Objects;

/** Pictures of figures, drawn as they are asked for, and the places of their joints. */
final class KeypointData implements Dataset {
    /** Pixels of a unit of the targets, which are -1 in the middle of the first pixel and 1 in that of the last. */
    static final double SCALE = (Figure.CANVAS - 1) / 2.0;

    private static final int JOINTS = Joint.values().length;

    private final List<Figure> figures;

    KeypointData(List<Figure> figures) {
        this.figures = figures;
    }

    @Override
    public int size() {
        return figures.size();
    }

    @Override
    public Shape inputShape() {
        return Shape.of(Figure.CHANNELS, Figure.CANVAS, Figure.CANVAS);
    }

    @Override
    public Shape targetShape() {
        return Shape.of(2 * JOINTS);
    }

    @Override
    public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
        Figure figure = figures.get(index);
        Objects.checkFromIndexSize(targetAt, 2 * JOINTS, target.length);
        figure.draw(input, inputAt);
        for (int j = 0; j < JOINTS; j++) {
            Figure.Place place = figure.joints().get(j);
            target[targetAt + 2 * j] = (float) (place.x() / SCALE - 1);
            target[targetAt + 2 * j + 1] = (float) (place.y() / SCALE - 1);
        }
    }

    /** A column or a row in pixels. */
    static double pixels(float output) {
        return (output + 1) * SCALE;
    }
}

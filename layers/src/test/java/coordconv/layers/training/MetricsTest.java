package coordconv.layers.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import org.junit.jupiter.api.Test;

/** Metrics over pixels and points, on cases that are counted by hand. */
class MetricsTest {
    /** Two images of 2 x 2 pixels and 3 classes whose greatest logits are 0 0 1 2 and 1 1 1 1. */
    private static final Tensor LOGITS = Tensor.of(new float[] {5, 4, 0, 0, 1, 0, 2, 1, 0, 0, 1, 3, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, -1},
            Shape.of(2, 3, 2, 2));
    private static final Tensor CLASSES = Tensor.of(new float[] {0, 1, 1, 2, 1, 0, 0, 255}, Shape.of(2, 2, 2));

    @Test
    void pixelAccuracyIsThatOfEachImage() {
        Metric metric = Metrics.pixelAccuracy();
        assertEquals("pixel accuracy", metric.name());
        // Three of four, and one of the three that are of a class.
        assertEquals(3 / 4.0, metric.sum(LOGITS, CLASSES, 1), 1e-15);
        assertEquals(3 / 4.0 + 1 / 3.0, metric.sum(LOGITS, CLASSES, 2), 1e-15);
    }

    @Test
    void meanIntersectionOverUnionIsThatOfTheClassesOfEachImage() {
        // Classes 0, 1, 2: 1/2, 1/2, 1 in the first; 0/2, 1/3 and none in the second.
        Metric metric = Metrics.meanIntersectionOverUnion();
        assertEquals(2 / 3.0, metric.sum(LOGITS, CLASSES, 1), 1e-15);
        assertEquals(2 / 3.0 + 1 / 6.0, metric.sum(LOGITS, CLASSES, 2), 1e-15);
    }

    @Test
    void aMatrixCountsOverAllImages() {
        ConfusionMatrix counts = new ConfusionMatrix(3);
        counts.add(LOGITS, CLASSES, 0, 2);
        assertEquals(1, counts.count(0, 0));
        assertEquals(2, counts.count(0, 1));
        assertEquals(1, counts.count(1, 0));
        assertEquals(2, counts.count(1, 1));
        assertEquals(1, counts.count(2, 2));
        assertEquals(4 / 7.0, counts.accuracy(), 1e-15);
        assertEquals(1 / 4.0, counts.intersectionOverUnion(0), 1e-15);
        assertEquals(2 / 5.0, counts.intersectionOverUnion(1), 1e-15);
        assertEquals((1 / 4.0 + 2 / 5.0 + 1) / 3, counts.meanIntersectionOverUnion(), 1e-15);
        counts.clear();
        assertEquals(1, counts.accuracy());
        assertEquals(1, counts.meanIntersectionOverUnion());
        assertEquals(Double.NaN, counts.intersectionOverUnion(0));
    }

    @Test
    void pointErrorsAreMeanDistances() {
        Tensor found = Tensor.of(new float[] {0, 0, 0.5f, 0.5f, 0.25f, 0, 1, 1}, Shape.of(2, 4));
        Tensor right = Tensor.of(new float[] {0.3f, 0.4f, 0.5f, 0.25f, 0.25f, 0, 1, 0}, Shape.of(2, 4));
        Metric metric = Metrics.pointError("error in pixels", 64);
        assertEquals(64 * (0.5 + 0.25) / 2, metric.sum(found, right, 1), 1e-5);
        assertEquals(64 * (0.5 + 0.25) / 2 + 64 * 1 / 2.0, metric.sum(found, right, 2), 1e-5);
    }

    @Test
    void refusals() {
        assertEquals("target: given [2, 2], needed a class index for each pixel, 8 in all", assertThrows(IllegalArgumentException.class,
                () -> Metrics.pixelAccuracy().sum(LOGITS, Tensor.zeros(Shape.of(2, 2)), 1)).getMessage());
        assertEquals("prediction: given [2], needed [N, K, ...]", assertThrows(IllegalArgumentException.class,
                () -> Metrics.pixelAccuracy().sum(Tensor.zeros(Shape.of(2)), CLASSES, 1)).getMessage());
        assertEquals("prediction: given [2, 3, 2, 2], needed [N, 2, ...]", assertThrows(IllegalArgumentException.class,
                () -> new ConfusionMatrix(2).add(LOGITS, CLASSES, 0, 1)).getMessage());
        assertEquals("classes: given 0, needed 1 to 32768",
                assertThrows(IllegalArgumentException.class, () -> new ConfusionMatrix(0)).getMessage());
        assertThrows(IllegalArgumentException.class,
                () -> Metrics.pointError("error", 1).sum(Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(2, 3)), 1));
    }
}

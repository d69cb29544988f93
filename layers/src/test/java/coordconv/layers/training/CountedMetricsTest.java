package coordconv.layers.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import org.junit.jupiter.api.Test;

/** The metrics of the paper's tasks, counted by hand. */
class CountedMetricsTest {
    private static Tensor tensor(int batch, float... values) {
        return Tensor.of(values, Shape.of(batch, values.length / batch));
    }

    @Test
    void accuracyCountsTheGreatestOfAllClasses() {
        Tensor prediction = tensor(3, 0, 1, 2, 5, 4, 3, -3, -1, -2);
        assertEquals(3, Metrics.accuracy().sum(prediction, Tensor.of(new float[] {2, 0, 1}, Shape.of(3)), 3));
        assertEquals(1, Metrics.accuracy().sum(prediction, Tensor.of(new float[] {1, 0, 2}, Shape.of(3)), 3));
        assertEquals(0, Metrics.accuracy().sum(prediction, Tensor.of(new float[] {1, 0, 2}, Shape.of(3)), 1));
        assertEquals(0, Metrics.argmax(new float[] {7, 7}, 0, 2), "the first of equals");
    }

    @Test
    void distanceIsEuclideanAndScaled() {
        assertEquals(2 * (5 + 13), Metrics.distance("px", 2).sum(tensor(2, 3, 4, 0, 0), tensor(2, 0, 0, 5, 12), 2), 1e-12);
    }

    @Test
    void intersectionOverUnionCountsPixelsDrawnAndWanted() {
        Metric iou = Metrics.intersectionOverUnion();
        assertEquals("IoU", iou.name());
        // Drawn: the first three; wanted: the second to the fourth. Two of four.
        assertEquals(0.5, iou.sum(tensor(1, 1, 2, 3, -1, -1), tensor(1, 0, 1, 1, 1, 0), 1));
        assertEquals(1, iou.sum(tensor(1, -1, -2), tensor(1, 0, 0), 1), "nothing drawn, nothing wanted");
        assertEquals(0, iou.sum(tensor(1, 1, -2), tensor(1, 0, 1), 1));
    }
}

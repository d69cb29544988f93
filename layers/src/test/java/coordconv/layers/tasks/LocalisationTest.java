package coordconv.layers.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.tasks.NotSoClevr.Centre;
import coordconv.layers.tasks.TaskResult.Prediction;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where the output of each task puts the square, column before row. */
class LocalisationTest {
    private static final int PIXELS = NotSoClevr.CANVAS * NotSoClevr.CANVAS;
    private static final Centre TRUTH = new Centre(20, 9);

    private static Tensor canvas(float background) {
        float[] values = new float[2 * PIXELS];
        Arrays.fill(values, background);
        return Tensor.of(values, Shape.of(2, PIXELS));
    }

    @Test
    void classificationTakesTheGreatestPixelOfTheSample() {
        Tensor output = canvas(0);
        output.data()[3] = 5;
        output.data()[PIXELS + TRUTH.pixel()] = 1;
        Prediction found = Localisation.of(Task.CLASSIFICATION, TRUTH, output, 1);
        assertEquals(20, found.x());
        assertEquals(9, found.y());
    }

    @Test
    void regressionIsInSharesOfTheCanvas() {
        Prediction found = Localisation.of(Task.REGRESSION, TRUTH, Tensor.of(new float[] {0, 0, 0.5f, 0.25f}, Shape.of(2, 2)), 1);
        assertEquals(32, found.x());
        assertEquals(16, found.y());
    }

    @Test
    void renderingTakesTheCentroidOfWhatIsDrawn() {
        Tensor output = canvas(-1);
        for (Centre drawn : new Centre[] {new Centre(10, 40), new Centre(14, 42)}) {
            output.data()[PIXELS + drawn.pixel()] = 1;
        }
        Prediction found = Localisation.of(Task.RENDERING, TRUTH, output, 1);
        assertEquals(12, found.x());
        assertEquals(41, found.y());
        assertEquals(Double.NaN, Localisation.of(Task.RENDERING, TRUTH, output, 0).x());
    }
}

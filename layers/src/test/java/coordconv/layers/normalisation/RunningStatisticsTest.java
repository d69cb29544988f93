package coordconv.layers.normalisation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import org.junit.jupiter.api.Test;

/** Running statistics after one batch, by hand. */
class RunningStatisticsTest {
    @Test
    void aBatchMovesThemByTheMomentum() {
        BatchNorm2d layer = new BatchNorm2d(1, 1e-5, 0.1);
        layer.initialise(1);
        Shape shape = Shape.of(1, 1, 1, 4);
        layer.configure(shape, Execution.TRAINING);
        layer.forward(Tensor.of(new float[] {1, 2, 3, 6}, shape), Phase.TRAINING);
        // Mean 3, squares around it 14: of variance the unbiased one, 14 / 3.
        assertEquals(0.1 * 3, layer.state().get("running_mean").values()[0], 1e-6);
        assertEquals(0.9 * 1 + 0.1 * 14 / 3, layer.state().get("running_var").values()[0], 1e-6);
    }
}

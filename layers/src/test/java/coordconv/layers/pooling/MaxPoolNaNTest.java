package coordconv.layers.pooling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A NaN is the maximum of its window, in training as in inference, and takes the gradient. */
class MaxPoolNaNTest {
    @ParameterizedTest
    @EnumSource(Phase.class)
    void aNaNWins(Phase phase) {
        Shape shape = Shape.of(1, 1, 2, 4);
        MaxPool2d layer = new MaxPool2d(2);
        layer.configure(shape, phase == Phase.TRAINING ? Execution.TRAINING : Execution.INFERENCE, phase == Phase.TRAINING);
        float[] x = {5, Float.NaN, 1, 2, 7, 6, 4, 3};
        assertArrayEquals(new float[] {Float.NaN, 4}, layer.forward(Tensor.of(x, shape), phase).data());
        if (phase == Phase.TRAINING) {
            assertArrayEquals(new float[] {0, 10, 0, 0, 0, 0, 20, 0},
                    layer.backward(Tensor.of(new float[] {10, 20}, Shape.of(1, 1, 1, 2))).data());
        }
    }
}

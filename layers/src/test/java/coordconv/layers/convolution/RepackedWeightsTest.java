package coordconv.layers.convolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** After a step both directions use the new weights: those of the step before stay packed nowhere. */
class RepackedWeightsTest {
    private static final Shape INPUT = Shape.of(2, 3, 5, 6);

    private static float[] random(long seed, int length) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    private static Conv2d layer(long seed) {
        Conv2d layer = new Conv2d(ConvSpec.of(3, 4, 3).withPadding(1));
        layer.initialise(1);
        layer.weight().set(random(seed, layer.weight().shape().elements()));
        return layer;
    }

    /** The output, then the gradient to the input. */
    private static float[][] pass(Conv2d layer, Tensor x) {
        float[] y = layer.forward(x, Phase.TRAINING).data().clone();
        Tensor dy = Tensor.of(random(9, y.length), Shape.of(2, 4, 5, 6));
        return new float[][] {y, layer.backward(dy).data().clone()};
    }

    @Test
    void aStepReachesForwardAndBackward() {
        Tensor x = Tensor.of(random(5, INPUT.elements()), INPUT);
        Conv2d fresh = layer(7);
        fresh.configure(INPUT, Execution.TRAINING, true);
        Conv2d moved = layer(8);
        moved.configure(INPUT, Execution.TRAINING, true);
        pass(moved, x);
        moved.weight().set(random(7, moved.weight().shape().elements()));
        float[][] expected = pass(fresh, x);
        float[][] actual = pass(moved, x);
        assertArrayEquals(expected[0], actual[0], "output");
        assertArrayEquals(expected[1], actual[1], "gradient to the input");
    }
}

package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Central differences without any error: for a function that is linear around the point, with data and a step
 * that keep every intermediate result a multiple of a power of two below 2^24 of them, the difference quotient
 * is the derivative to the last bit, and so is the analytic gradient.
 */
public final class ExactGradients {
    private final Layer layer;
    private final Tensor x;
    private final float step;
    private final Tensor direction;

    private ExactGradients(Layer layer, Tensor x, float step, long seed) {
        this.layer = layer;
        this.x = x;
        this.step = step;
        Shape output = layer.configure(x.shape(), Execution.TRAINING, true);
        direction = Samples.integers(output, 2, seed);
    }

    /** Checks the gradients to the input and to every parameter; some of each must differ from 0. */
    public static void check(Layer layer, Tensor x, float step, long seed) {
        new ExactGradients(layer, x, step, seed).run();
    }

    private void run() {
        // Twice: gradients are overwritten, not added to what was there.
        layer.forward(x, Phase.TRAINING);
        layer.backward(Samples.integers(direction.shape(), 3, 77));
        layer.forward(x, Phase.TRAINING);
        // The layer may overwrite the gradient that it is given.
        float[] dx = layer.backward(Tensor.of(direction.data().clone(), direction.shape())).data().clone();
        float[][] gradients = layer.parameters().values().stream().map(p -> p.gradient().clone()).toArray(float[][]::new);
        compare("x", x.data(), dx, () -> { });
        int i = 0;
        for (var entry : layer.parameters().entrySet()) {
            compare(entry.getKey(), entry.getValue().values(), gradients[i++], entry.getValue()::changed);
        }
    }

    private void compare(String what, float[] values, float[] gradient, Runnable changed) {
        boolean some = false;
        for (int i = 0; i < values.length; i++) {
            float kept = values[i];
            values[i] = kept + step;
            changed.run();
            double above = value();
            values[i] = kept - step;
            changed.run();
            double below = value();
            values[i] = kept;
            changed.run();
            assertEquals((above - below) / (2 * step), gradient[i], 0.0, what + "[" + i + "]");
            some |= gradient[i] != 0;
        }
        assertTrue(some, what + " has a gradient somewhere");
    }

    private double value() {
        float[] y = layer.forward(x, Phase.TRAINING).data();
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += (double) y[i] * direction.data()[i];
        }
        return sum;
    }
}

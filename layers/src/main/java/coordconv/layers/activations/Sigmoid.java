package coordconv.layers.activations;

import coordconv.layers.internal.Exponentials;

/** {@code 1 / (1 + exp(-x))}. */
public final class Sigmoid extends Elementwise {
    /** Makes the layer. */
    public Sigmoid() {}

    @Override
    public String type() {
        return "Sigmoid";
    }

    @Override
    void apply(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = (float) Exponentials.sigmoid(x[i]);
        }
    }

    @Override
    void gradientInPlace(float[] x, float[] y, float[] dy, int from, int to) {
        for (int i = from; i < to; i++) {
            dy[i] *= y[i] * (1 - y[i]);
        }
    }
}

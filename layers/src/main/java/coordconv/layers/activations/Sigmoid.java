package coordconv.layers.activations;

/** {@code 1 / (1 + exp(-x))}. */
public final class Sigmoid extends Elementwise {
    /** Makes the layer. */
    public Sigmoid() {}

    @Override
    public String type() {
        return "Sigmoid";
    }

    @Override
    void apply(float[] x, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) (1 / (1 + Math.exp(-x[i])));
        }
    }

    @Override
    void gradientInPlace(float[] y, float[] dy) {
        for (int i = 0; i < dy.length; i++) {
            dy[i] *= y[i] * (1 - y[i]);
        }
    }
}

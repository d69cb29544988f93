package coordconv.layers.activations;

import coordconv.kernels.Activation;
import coordconv.layers.internal.FloatLoops;

/** {@code x >= 0 ? x : slope * x}; its gradient at 0 is 1. */
public final class LeakyReLU extends Elementwise implements EpilogueActivation {
    private final float slope;

    /**
     * A leaky ReLU.
     *
     * @param slope factor on negative values, above 0 and finite
     */
    public LeakyReLU(float slope) {
        if (!(slope > 0 && slope < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("slope: given " + slope + ", needed a finite number above 0");
        }
        this.slope = slope;
    }

    @Override
    public String type() {
        return "LeakyReLU";
    }

    @Override
    public Activation asActivation() {
        return Activation.leakyRelu(slope);
    }

    @Override
    void apply(float[] x, float[] y, int from, int to) {
        FloatLoops.leakyRelu(x, slope, y, from, to);
    }

    @Override
    void gradientInPlace(float[] x, float[] y, float[] dy, int from, int to) {
        FloatLoops.leakyReluGradient(y, slope, dy, from, to);
    }
}

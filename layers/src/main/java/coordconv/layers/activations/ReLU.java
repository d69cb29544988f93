package coordconv.layers.activations;

import coordconv.kernels.Activation;
import coordconv.layers.internal.FloatLoops;

/** {@code max(x, 0)}; its gradient at 0 is 0. A convolution applies it for less in its own epilogue. */
public final class ReLU extends Elementwise implements EpilogueActivation {
    /** Makes the layer. */
    public ReLU() {}

    @Override
    public String type() {
        return "ReLU";
    }

    @Override
    public Activation asActivation() {
        return Activation.RELU;
    }

    @Override
    void apply(float[] x, float[] y, int from, int to) {
        FloatLoops.relu(x, y, from, to);
    }

    @Override
    void gradientInPlace(float[] x, float[] y, float[] dy, int from, int to) {
        FloatLoops.reluGradient(y, dy, from, to);
    }
}

package coordconv.layers.losses;

import coordconv.layers.Tensor;

/** {@code mean (prediction - target)^2} over all elements; the target has the prediction's shape, up to extents of 1. */
public final class MeanSquaredError implements Loss {
    /** Makes the loss. */
    public MeanSquaredError() {}

    @Override
    public double evaluate(Tensor prediction, Tensor target, Tensor gradient) {
        Elements.requireEqual(prediction, target, gradient);
        float[] p = prediction.data();
        float[] t = target.data();
        float[] g = gradient.data();
        float scale = 2f / p.length;
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            float difference = p[i] - t[i];
            sum += (double) difference * difference;
            g[i] = scale * difference;
        }
        return sum / p.length;
    }
}

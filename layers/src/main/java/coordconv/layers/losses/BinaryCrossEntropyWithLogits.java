package coordconv.layers.losses;

import coordconv.layers.Tensor;

/**
 * {@code mean (max(z, 0) - z t + log(1 + exp(-|z|)))} over all elements, for logits z and targets t in
 * [0, 1]; the form that neither overflows nor cancels.
 */
public final class BinaryCrossEntropyWithLogits implements Loss {
    @Override
    public double evaluate(Tensor prediction, Tensor target, Tensor gradient) {
        Elements.requireEqual(prediction, target, gradient);
        float[] z = prediction.data();
        float[] t = target.data();
        float[] g = gradient.data();
        double sum = 0;
        for (int i = 0; i < z.length; i++) {
            double e = Math.exp(-Math.abs(z[i]));
            sum += Math.max(z[i], 0) - (double) z[i] * t[i] + Math.log1p(e);
            double sigmoid = (z[i] >= 0 ? 1 : e) / (1 + e);
            g[i] = (float) ((sigmoid - t[i]) / z.length);
        }
        return sum / z.length;
    }
}

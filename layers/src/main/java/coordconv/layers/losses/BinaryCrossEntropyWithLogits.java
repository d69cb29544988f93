package coordconv.layers.losses;

import coordconv.layers.Tensor;
import coordconv.layers.internal.FloatLoops;

/**
 * {@code max(z, 0) - z t + log(1 + exp(-|z|))} for logits z and targets t in [0, 1], the form that neither
 * overflows nor cancels: its mean over all elements, pixels and their channels among them, or its sum over each
 * sample's, averaged over the batch.
 */
public final class BinaryCrossEntropyWithLogits implements Loss {
    private final boolean summed;

    /** The mean over all elements. */
    public BinaryCrossEntropyWithLogits() {
        this(false);
    }

    private BinaryCrossEntropyWithLogits(boolean summed) {
        this.summed = summed;
    }

    /**
     * The sum over each sample's elements, averaged over the batch: gradients that do not shrink as pictures grow.
     *
     * @return the loss
     */
    public static BinaryCrossEntropyWithLogits summedPerSample() {
        return new BinaryCrossEntropyWithLogits(true);
    }

    @Override
    public double evaluate(Tensor prediction, Tensor target, Tensor gradient) {
        Elements.requireEqual(prediction, target, gradient);
        float[] z = prediction.data();
        float[] t = target.data();
        float[] g = gradient.data();
        Elements.requireProbabilities(target);
        int divisor = summed ? prediction.shape().batch() : z.length;
        double sum = 0;
        for (int i = 0; i < z.length; i++) {
            double e = Math.exp(-Math.abs(z[i]));
            sum += Math.max(z[i], 0) - (double) z[i] * t[i] + Math.log1p(e);
            double sigmoid = (z[i] >= 0 ? 1 : e) / (1 + e);
            g[i] = FloatLoops.withoutNegligible((sigmoid - t[i]) / divisor);
        }
        return sum / divisor;
    }
}

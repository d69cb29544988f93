package coordconv.layers.losses;

import coordconv.layers.Tensor;

/**
 * One minus the overlap of what is drawn and what should be,
 * {@code 1 - (2 sum p t + s) / (sum p + sum t + s)} over the pixels of each channel of each image, and the mean of that:
 * prediction and target [N, C, ...] of equal shape, targets in [0, 1]. Source: Milletari et al. 2016 (V-Net), with sums
 * in place of sums of squares.
 */
public final class Dice implements Loss {
    private final double smoothing;
    private final boolean logits;

    private Dice(double smoothing, boolean logits) {
        if (!(smoothing > 0 && smoothing < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("smoothing: given " + smoothing + ", needed a finite number above 0");
        }
        this.smoothing = smoothing;
        this.logits = logits;
    }

    /**
     * For predictions that are logits, of which a sigmoid makes probabilities p.
     *
     * @param smoothing s, above 0, such as 1; it keeps empty images finite
     * @return the loss
     */
    public static Dice ofLogits(double smoothing) {
        return new Dice(smoothing, true);
    }

    /**
     * For predictions that are probabilities p, such as those of a softmax over channels.
     *
     * @param smoothing s, above 0, such as 1; it keeps empty images finite
     * @return the loss
     */
    public static Dice ofProbabilities(double smoothing) {
        return new Dice(smoothing, false);
    }

    @Override
    public double evaluate(Tensor prediction, Tensor target, Tensor gradient) {
        Elements.requireEqual(prediction, target, gradient);
        Elements.requireProbabilities(target);
        int planes = prediction.shape().rank() < 2 ? 1 : prediction.shape().elements(0, 2);
        int pixels = prediction.data().length / planes;
        double loss = 0;
        for (int plane = 0; plane < planes; plane++) {
            loss += plane(prediction.data(), target.data(), gradient.data(), plane * pixels, pixels, planes);
        }
        return loss / planes;
    }

    private double plane(float[] z, float[] t, float[] g, int at, int count, int planes) {
        double overlap = smoothing;
        double both = smoothing;
        for (int i = at; i < at + count; i++) {
            double p = probability(z[i]);
            overlap += 2 * p * t[i];
            both += p + t[i];
        }
        for (int i = at; i < at + count; i++) {
            double p = probability(z[i]);
            double slope = (overlap / both - 2 * t[i]) / both / planes;
            g[i] = (float) (logits ? slope * p * (1 - p) : slope);
        }
        return 1 - overlap / both;
    }

    private double probability(float z) {
        return logits ? 1 / (1 + Math.exp(-z)) : z;
    }
}

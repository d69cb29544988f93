package coordconv.layers.losses;

import coordconv.layers.Tensor;

/**
 * {@code mean (|d| < beta ? d^2 / (2 beta) : |d| - beta / 2)} of the differences d of prediction and target, which have
 * equal shapes; with beta 0 the mean of {@code |d|}. Source: Girshick 2015, PyTorch's SmoothL1Loss.
 */
public final class SmoothL1 implements Loss {
    private final double beta;

    /**
     * A loss.
     *
     * @param beta where the square ends and the line begins, finite and at least 0
     */
    public SmoothL1(double beta) {
        if (!(beta >= 0 && beta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("beta: given " + beta + ", needed a finite number of at least 0");
        }
        this.beta = beta;
    }

    @Override
    public double evaluate(Tensor prediction, Tensor target, Tensor gradient) {
        Elements.requireEqual(prediction, target, gradient);
        float[] p = prediction.data();
        float[] t = target.data();
        float[] g = gradient.data();
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double d = (double) p[i] - t[i];
            double size = Math.abs(d);
            sum += size < beta ? d * d / (2 * beta) : size - beta / 2;
            g[i] = (float) ((size < beta ? d / beta : Math.signum(d)) / p.length);
        }
        return sum / p.length;
    }
}

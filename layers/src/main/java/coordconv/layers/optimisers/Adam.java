package coordconv.layers.optimisers;

/**
 * Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019):
 * {@code m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
 * w = w - rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)}.
 *
 * <p>AdamW takes {@code rate * decay * w} off the weights instead of adding decay to the gradient.
 */
public final class Adam extends Optimiser {
    private static final String[] MOMENTS = {"first", "second"};

    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double decoupledDecay;

    /** With beta 0.9 and 0.999, epsilon 1e-8 and no decay. */
    public Adam() {
        this(0.9, 0.999, 1e-8, Regularisation.NONE);
    }

    /**
     * Adam, the decay added to the gradients.
     *
     * @param beta1 decay of the first moment, in [0, 1)
     * @param beta2 decay of the second moment, in [0, 1)
     * @param epsilon added to the root, above 0
     * @param regularisation decay
     */
    public Adam(double beta1, double beta2, double epsilon, Regularisation regularisation) {
        this(beta1, beta2, epsilon, regularisation, 0);
    }

    private Adam(double beta1, double beta2, double epsilon, Regularisation regularisation, double decoupledDecay) {
        super(regularisation);
        this.beta1 = inUnitInterval("beta1", beta1);
        this.beta2 = inUnitInterval("beta2", beta2);
        if (!(epsilon > 0) || !(decoupledDecay >= 0)) {
            throw new IllegalArgumentException("epsilon and decay: given " + epsilon + " and " + decoupledDecay
                    + ", needed epsilon above 0 and decay of at least 0");
        }
        this.epsilon = epsilon;
        this.decoupledDecay = decoupledDecay;
    }

    /**
     * AdamW, the decay apart from the gradients; the parameters' L2 factors apply.
     *
     * @param beta1 decay of the first moment, in [0, 1)
     * @param beta2 decay of the second moment, in [0, 1)
     * @param epsilon added to the root, above 0
     * @param decay weight decay, at least 0
     * @return the optimiser
     */
    public static Adam withDecoupledDecay(double beta1, double beta2, double epsilon, double decay) {
        return new Adam(beta1, beta2, epsilon, Regularisation.NONE, decay);
    }

    @Override
    protected String[] momentNames() {
        return MOMENTS;
    }

    @Override
    protected void update(float[] w, float[] g, float[][] moment, double rate, long step, double l2Factor) {
        float[] first = moment[0];
        float[] second = moment[1];
        float b1 = (float) beta1;
        float c1 = (float) (1 - beta1);
        float b2 = (float) beta2;
        float c2 = (float) (1 - beta2);
        // The two bias corrections are moved out of the loop: m / k1 / (sqrt(v / k2) + e).
        float scale = (float) (rate / (1 - Math.pow(beta1, step)));
        float root = (float) (1 / Math.sqrt(1 - Math.pow(beta2, step)));
        float e = (float) epsilon;
        float kept = (float) (1 - rate * decoupledDecay * l2Factor);
        for (int i = 0; i < w.length; i++) {
            first[i] = b1 * first[i] + c1 * g[i];
            second[i] = b2 * second[i] + c2 * g[i] * g[i];
        }
        for (int i = 0; i < w.length; i++) {
            w[i] = kept * w[i] - scale * first[i] / ((float) Math.sqrt(second[i]) * root + e);
        }
    }
}

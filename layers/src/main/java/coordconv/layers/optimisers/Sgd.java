package coordconv.layers.optimisers;

/**
 * Stochastic gradient descent with momentum: {@code v = momentum * v + g; w = w - rate * v}, and with
 * Nesterov's look-ahead {@code w = w - rate * (g + momentum * v)}.
 */
public final class Sgd extends Optimiser {
    private static final String[] MOMENTS = {"momentum"};

    private final float momentum;
    private final boolean nesterov;

    /**
     * With momentum and without decay.
     *
     * @param momentum in [0, 1)
     */
    public Sgd(double momentum) {
        this(momentum, false, Regularisation.NONE);
    }

    /**
     * In full.
     *
     * @param momentum in [0, 1)
     * @param nesterov whether to look ahead
     * @param regularisation decay
     */
    public Sgd(double momentum, boolean nesterov, Regularisation regularisation) {
        super(regularisation);
        this.momentum = (float) inUnitInterval("momentum", momentum);
        this.nesterov = nesterov;
    }

    @Override
    protected String[] momentNames() {
        return MOMENTS;
    }

    @Override
    protected void update(float[] w, float[] g, float[][] moment, double rate, long step, double l2Factor) {
        float[] v = moment[0];
        float r = (float) rate;
        float m = momentum;
        for (int i = 0; i < w.length; i++) {
            v[i] = m * v[i] + g[i];
        }
        if (nesterov) {
            for (int i = 0; i < w.length; i++) {
                w[i] -= r * (g[i] + m * v[i]);
            }
        } else {
            for (int i = 0; i < w.length; i++) {
                w[i] -= r * v[i];
            }
        }
    }
}

package coordconv.layers.optimisers;

/**
 * Decay that is added to the gradients: {@code l2 * w + l1 * sign(w)}, each times the parameter's own factor.
 *
 * @param l1 L1 decay, at least 0
 * @param l2 L2 decay, at least 0
 */
public record Regularisation(double l1, double l2) {
    /** No decay. */
    public static final Regularisation NONE = new Regularisation(0, 0);

    /** Refuses negative and infinite decays. */
    public Regularisation {
        if (!(l1 >= 0) || !(l2 >= 0) || Double.isInfinite(l1 + l2)) {
            throw new IllegalArgumentException("l1 and l2: given " + l1 + " and " + l2
                    + ", needed finite numbers of at least 0");
        }
    }

    /**
     * L2 decay alone.
     *
     * @param l2 at least 0
     * @return the decay
     */
    public static Regularisation l2(double l2) {
        return new Regularisation(0, l2);
    }

    /**
     * L1 decay alone.
     *
     * @param l1 at least 0
     * @return the decay
     */
    public static Regularisation l1(double l1) {
        return new Regularisation(l1, 0);
    }
}

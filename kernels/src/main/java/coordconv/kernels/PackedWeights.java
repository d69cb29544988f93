package coordconv.kernels;

/**
 * Weights and bias in the panels of one plan's micro-kernel. They belong to the plan that packed them;
 * {@link Conv2dPlan#repack} gives them other values without allocating.
 */
public final class PackedWeights {
    final Object owner;
    final float[] panels;
    final float[] bias;

    PackedWeights(Object owner, int panelLength, int biasLength) {
        this.owner = owner;
        panels = new float[panelLength];
        bias = new float[biasLength];
    }

    void requireOwner(String argument, Object plan) {
        Arguments.check(owner == plan, argument, "weights packed by another plan", "weights packed by this one");
    }

    void setBias(FloatRegion values) {
        for (int i = 0; i < bias.length; i++) {
            bias[i] = values == null ? 0 : values.get(i);
        }
    }
}

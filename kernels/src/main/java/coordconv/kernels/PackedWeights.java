package coordconv.kernels;

import coordconv.kernels.internal.engine.CorrelationPass;
import coordconv.kernels.internal.memory.PackedFloats;

/**
 * Weights and bias in the panels of one plan's micro-kernel, and what coordinates add in closed form. They belong to the
 * plan that packed them; {@link Conv2dPlan#repack} gives them other values without allocating. Plans of several batch
 * or image sizes read one copy of the panels by {@link SharedWeights}.
 */
public final class PackedWeights {
    final Object owner;
    final Panels panels;
    final Part tables;
    final Part bias;
    private final boolean shared;

    /**
     * Floats that depend on the weights and on a key alone.
     *
     * @param key what decides where weights go and what becomes of them
     * @param floats packed
     */
    record Part(Object key, float[] floats) {}

    /**
     * The panels, likewise.
     *
     * @param key what decides where weights go and what becomes of them
     * @param floats packed
     */
    record Panels(Object key, PackedFloats floats) {}

    PackedWeights(Object owner, Panels panels, Part tables, Part bias, boolean shared) {
        this.owner = owner;
        this.panels = panels;
        this.tables = tables;
        this.bias = bias;
        this.shared = shared;
    }

    /** Room for the weights of a pass, which its plan alone uses. */
    static PackedWeights ofPlan(Object owner, CorrelationPass pass, int biasLength) {
        return new PackedWeights(owner, new Panels(null, pass.newPacked()),
                new Part(null, new float[pass.tableLength()]), new Part(null, new float[biasLength]), false);
    }

    /** Room for panels alone, which a plan fills itself. */
    static PackedWeights ofPlan(Object owner, int panelLength) {
        Part none = new Part(null, new float[0]);
        return new PackedWeights(owner, new Panels(null, PackedFloats.of(panelLength, 0)), none, none, false);
    }

    void fill(CorrelationPass pass, FloatRegion weights, FloatRegion values) {
        pass.packWeights(weights.floats, panels.floats);
        pass.fillTables(weights.floats, tables.floats);
        copyBias(values, bias.floats);
    }

    void requireOwner(String argument, Object plan) {
        Arguments.check(owner == plan, argument, "weights packed by another plan", "weights packed by this one");
    }

    void requireOwn(String argument, Object plan) {
        requireOwner(argument, plan);
        Arguments.check(!shared, argument, "weights that plans share", "weights that this plan alone has packed");
    }

    static void copyBias(FloatRegion values, float[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = values == null ? 0 : values.get(i);
        }
    }
}

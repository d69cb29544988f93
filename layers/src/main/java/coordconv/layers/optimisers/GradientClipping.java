package coordconv.layers.optimisers;

import coordconv.layers.Parameter;
import coordconv.layers.internal.FloatLoops;

/** Keeps gradients from growing too large before a step. */
@FunctionalInterface
public interface GradientClipping {
    /** Leaves the gradients alone. */
    GradientClipping NONE = parameters -> { };

    /**
     * Changes the gradients in place.
     *
     * @param parameters all learned parameters of the model, in order
     */
    void clip(Parameter[] parameters);

    /**
     * Scales all gradients of trainable parameters together so that their Euclidean norm is at most a bound.
     *
     * @param bound above 0
     * @return the clipping
     */
    static GradientClipping byNorm(double bound) {
        positive(bound);
        return parameters -> {
            double squares = 0;
            for (Parameter parameter : parameters) {
                if (parameter.isTrainable()) {
                    float[] g = parameter.gradient();
                    squares += FloatLoops.dot(g, 0, g, 0, g.length);
                }
            }
            double norm = Math.sqrt(squares);
            if (norm > bound) {
                for (Parameter parameter : parameters) {
                    if (parameter.isTrainable()) {
                        float[] g = parameter.gradient();
                        FloatLoops.affine(g, 0, (float) (bound / norm), 0, g, 0, g.length);
                    }
                }
            }
        };
    }

    /**
     * Cuts every element to [-bound, bound].
     *
     * @param bound above 0
     * @return the clipping
     */
    static GradientClipping byValue(double bound) {
        positive(bound);
        float limit = (float) bound;
        return parameters -> {
            for (Parameter parameter : parameters) {
                float[] g = parameter.gradient();
                for (int i = 0; i < g.length; i++) {
                    g[i] = Math.max(-limit, Math.min(limit, g[i]));
                }
            }
        };
    }

    private static void positive(double bound) {
        if (!(bound > 0)) {
            throw new IllegalArgumentException("bound: given " + bound + ", needed above 0");
        }
    }
}

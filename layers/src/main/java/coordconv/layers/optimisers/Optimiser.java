package coordconv.layers.optimisers;

import coordconv.layers.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Moves parameters along their gradients. {@link #bind} allocates its moments; {@link #step} allocates
 * nothing.
 *
 * <p>An optimiser of one's own says in {@link #momentNames} which arrays it keeps for each parameter, and in
 * {@link #update} how a step is made from a gradient. Decay, frozen parameters, factors on the rate, checkpoints and
 * resumed runs come with this class.
 */
public abstract class Optimiser {
    private final Regularisation regularisation;
    private Parameter[] parameters;
    private float[][][] moments;
    private String[] names;
    private long steps;

    /**
     * For subclasses.
     *
     * @param regularisation decay that is added to every gradient
     */
    protected Optimiser(Regularisation regularisation) {
        this.regularisation = Objects.requireNonNull(regularisation, "regularisation");
    }

    /**
     * The arrays that are kept for each parameter, zero at first and saved in checkpoints.
     *
     * @return their names, always the same ones; none for an optimiser without memory
     */
    protected abstract String[] momentNames();

    /**
     * Updates one parameter in place; it should allocate nothing.
     *
     * @param w its values
     * @param g its gradient, decay already added; it may be overwritten
     * @param moment the arrays that are kept for it, as long as w, in the order of {@link #momentNames}
     * @param rate learning rate, the parameter's factor included
     * @param step number of this step, from 1
     * @param l2Factor the parameter's factor on L2 decay
     */
    protected abstract void update(float[] w, float[] g, float[][] moment, double rate, long step, double l2Factor);

    /**
     * Takes charge of parameters, with moments of zero, once and for all.
     *
     * @param named the parameters by full name
     * @throws IllegalStateException if it is in charge of some already
     */
    public final void bind(Map<String, Parameter> named) {
        if (parameters != null) {
            throw new IllegalStateException("optimiser: given a " + getClass().getSimpleName() + " that moves "
                    + names.length + " parameters already, needed one of its own for each trainer");
        }
        for (Map.Entry<String, Parameter> each : named.entrySet()) {
            if (each.getKey() == null || each.getValue() == null) {
                throw new NullPointerException("named: given " + each + ", needed neither to be null");
            }
        }
        parameters = named.values().toArray(Parameter[]::new);
        names = named.keySet().toArray(String[]::new);
        moments = new float[parameters.length][momentNames().length][];
        for (int i = 0; i < parameters.length; i++) {
            for (int j = 0; j < moments[i].length; j++) {
                moments[i][j] = new float[parameters[i].shape().elements()];
            }
        }
        steps = 0;
    }

    /**
     * Moves every trainable parameter once; the gradients are changed by the decay.
     *
     * @param learningRate base rate of this step, finite and at least 0
     * @throws IllegalStateException if no parameters are bound
     * @throws IllegalArgumentException if the rate is not one, before anything moves
     */
    public final void step(double learningRate) {
        if (parameters == null) {
            throw new IllegalStateException("parameters: given none, needed bind(parameters) first");
        }
        LearningRates.require("learningRate", learningRate);
        steps++;
        for (int i = 0; i < parameters.length; i++) {
            Parameter parameter = parameters[i];
            if (parameter.isTrainable()) {
                decay(parameter);
                update(parameter.values(), parameter.gradient(), moments[i],
                        learningRate * parameter.learningRateFactor(), steps, parameter.l2Factor());
                parameter.changed();
            }
        }
    }

    private void decay(Parameter parameter) {
        float l1 = (float) (regularisation.l1() * parameter.l1Factor());
        float l2 = (float) (regularisation.l2() * parameter.l2Factor());
        float[] w = parameter.values();
        float[] g = parameter.gradient();
        if (l2 != 0) {
            for (int i = 0; i < w.length; i++) {
                g[i] += l2 * w[i];
            }
        }
        if (l1 != 0) {
            for (int i = 0; i < w.length; i++) {
                g[i] += l1 * Math.signum(w[i]);
            }
        }
    }

    /** {@return the number of steps made} */
    public final long steps() {
        return steps;
    }

    /**
     * Continues counting from a checkpoint.
     *
     * @param made number of steps made before
     */
    public final void restoreSteps(long made) {
        steps = made;
    }

    /**
     * The moments by name, such as {@code momentum.conv1.weight}; the arrays themselves, to save or to write to.
     *
     * @return a new map, in order
     */
    public final Map<String, float[]> moments() {
        Map<String, float[]> all = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i++) {
            for (int j = 0; j < moments[i].length; j++) {
                all.put(momentNames()[j] + "." + names[i], moments[i][j]);
            }
        }
        return all;
    }

    static double inUnitInterval(String argument, double given) {
        if (!(given >= 0 && given < 1)) {
            throw new IllegalArgumentException(argument + ": given " + given + ", needed 0 or more and below 1");
        }
        return given;
    }
}

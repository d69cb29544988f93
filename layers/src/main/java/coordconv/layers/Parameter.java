package coordconv.layers;

import coordconv.kernels.FloatRegion;
import coordconv.layers.initialisers.Initialiser;
import java.util.Arrays;
import java.util.Objects;

/**
 * A named array that a layer keeps between steps: learned weights with their gradient, or statistics.
 *
 * <p>Whoever writes to {@link #values} calls {@link #changed} afterwards, so that packed copies are
 * made anew before the next inference.
 */
public final class Parameter {
    private final String name;
    private final Shape shape;
    private final Initialiser initialiser;
    private final int fanIn;
    private final int fanOut;
    private final float[] values;
    private final FloatRegion region;
    private final boolean learned;
    /** Made when it is first asked for: inference does without. */
    private volatile FloatRegion gradientRegion;
    private float[] gradient;
    private boolean trainable;
    private boolean initialised;
    private double learningRateFactor = 1;
    private double l1Factor = 1;
    private double l2Factor = 1;
    private long version;

    private Parameter(String name, Shape shape, Initialiser initialiser, int fanIn, int fanOut, boolean learned) {
        this.name = Objects.requireNonNull(name, "name");
        this.shape = shape;
        this.initialiser = Objects.requireNonNull(initialiser, "initialiser");
        this.fanIn = fanIn;
        this.fanOut = fanOut;
        values = new float[shape.elements()];
        region = FloatRegion.of(values);
        this.learned = learned;
        trainable = learned;
    }

    /**
     * A learned parameter, zero until {@link #initialise}.
     *
     * @param name name inside its layer, such as {@code weight}
     * @param shape extents
     * @param initialiser its first values
     * @param fanIn inputs that one output sums over
     * @param fanOut outputs that one input takes part in
     * @return a new parameter
     */
    public static Parameter learned(String name, Shape shape, Initialiser initialiser, int fanIn, int fanOut) {
        return new Parameter(name, shape, initialiser, fanIn, fanOut, true);
    }

    /**
     * A statistic that the layer updates itself: saved, never optimised, not counted by a summary.
     *
     * @param name name inside its layer, such as {@code running_mean}
     * @param shape extents
     * @param initialiser its first values
     * @return a new parameter without gradient
     */
    public static Parameter statistic(String name, Shape shape, Initialiser initialiser) {
        Parameter statistic = new Parameter(name, shape, initialiser, 1, 1, false);
        initialiser.fill(statistic.values, 1, 1, new SeededRandom(0));
        statistic.initialised = true;
        return statistic;
    }

    /** {@return a copy of the values as they are, which takes no gradient} */
    Parameter frozen() {
        Parameter copy = new Parameter(name, shape, initialiser, fanIn, fanOut, false);
        System.arraycopy(values, 0, copy.values, 0, values.length);
        copy.changed();
        return copy;
    }

    /**
     * Fills the values anew.
     *
     * @param random where random initialisers draw from
     */
    public void initialise(SeededRandom random) {
        initialiser.fill(values, fanIn, fanOut, random);
        if (gradientRegion != null) {
            Arrays.fill(gradient, 0);
        }
        changed();
    }

    /**
     * Copies values in.
     *
     * @param source as many floats as the shape has elements
     * @throws ShapeException if the length differs, before anything is written
     */
    public void set(float... source) {
        if (source.length != values.length) {
            throw new ShapeException(name + ": given " + source.length + " floats, needed " + values.length
                    + " for " + shape);
        }
        System.arraycopy(source, 0, values, 0, values.length);
        changed();
    }

    /** {@return the name inside its layer} */
    public String name() {
        return name;
    }

    /** {@return the extents} */
    public Shape shape() {
        return shape;
    }

    /** {@return the values themselves; call {@link #changed} after writing to them} */
    public float[] values() {
        return values;
    }

    /** {@return the values as the kernels take them} */
    public FloatRegion region() {
        return region;
    }

    /** {@return the gradient of the last backward pass, or null for a statistic} */
    public float[] gradient() {
        return gradientRegion() == null ? null : gradient;
    }

    /** {@return the gradient as the kernels take it, or null for a statistic} */
    public FloatRegion gradientRegion() {
        if (learned && gradientRegion == null) {
            makeGradient();
        }
        return gradientRegion;
    }

    private synchronized void makeGradient() {
        if (gradientRegion == null) {
            gradient = new float[values.length];
            gradientRegion = FloatRegion.of(gradient);
        }
    }

    /** {@return whether it is learned at all, trainable at present or not} */
    public boolean isLearned() {
        return learned;
    }

    /** {@return whether gradients are computed and optimisers move it} */
    public boolean isTrainable() {
        return trainable;
    }

    /**
     * Freezes or thaws it.
     *
     * @param on whether it is trained
     * @return this
     * @throws IllegalStateException if it is a statistic and {@code on} is true
     */
    public Parameter trainable(boolean on) {
        if (on && !learned) {
            throw new IllegalStateException(name + ": given trainable, needed a learned parameter, not a statistic");
        }
        trainable = on;
        return this;
    }

    /** {@return the factor on the learning rate} */
    public double learningRateFactor() {
        return learningRateFactor;
    }

    /**
     * Sets the factor on the learning rate.
     *
     * @param factor finite and at least 0
     * @return this
     */
    public Parameter learningRateFactor(double factor) {
        learningRateFactor = factor("learningRateFactor", factor);
        return this;
    }

    /** {@return the factor on the optimiser's L1 decay} */
    public double l1Factor() {
        return l1Factor;
    }

    /** {@return the factor on the optimiser's L2 decay} */
    public double l2Factor() {
        return l2Factor;
    }

    /**
     * Sets the factors on the optimiser's L1 and L2 decay; zeros exempt this parameter.
     *
     * @param l1 finite and at least 0
     * @param l2 finite and at least 0
     * @return this
     */
    public Parameter regulariser(double l1, double l2) {
        l1Factor = factor("l1", l1);
        l2Factor = factor("l2", l2);
        return this;
    }

    private double factor(String argument, double given) {
        if (!(given >= 0 && given < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " " + argument + ": given " + given
                    + ", needed a finite number of at least 0");
        }
        return given;
    }

    /** Says that the values were written to. */
    public void changed() {
        version++;
        initialised = true;
    }

    /** {@return whether it was ever given values: initialised, set, or written to} */
    public boolean isInitialised() {
        return initialised;
    }

    /** {@return a number that grows with every {@link #changed}} */
    public long version() {
        return version;
    }

    @Override
    public String toString() {
        return name + shape;
    }
}

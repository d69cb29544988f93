package coordconv.verification.kernel;

import java.util.EnumSet;
import java.util.Set;

/**
 * A convolution as the suite sees it. Implement this for a kernel of your own: the suite then holds it to
 * the exact cases, rounding bounds, special values and adjoint identities that ours are held to.
 *
 * <p>{@link #forward} is all that is needed. What else there is, {@link #features} declares. The class
 * needs a public constructor without arguments to be named on a command line.
 *
 * <p>Every array has exactly the length that {@link ConvCall} gives, and only the last argument may be
 * written. A method may throw {@link UnsupportedOperationException} for a call it does not do: the suite
 * counts that call as not run.
 */
public interface ConvKernel {
    /** {@return the name that reports show} */
    default String name() {
        String name = getClass().getSimpleName();
        return name.isEmpty() ? getClass().getName() : name;
    }

    /** {@return what it offers and promises beside a plain forward pass; nothing by default} */
    default Set<Feature> features() {
        return EnumSet.noneOf(Feature.class);
    }

    /**
     * Limits that no feature expresses, such as kernels of 3x3 alone.
     *
     * @param call within the declared features
     * @return whether the kernel does it
     */
    default boolean supports(ConvCall call) {
        return true;
    }

    /**
     * For how many roundings on the way to one element the bound has to allow. The default, one for each
     * term, covers every order of summation. Return less for sums in blocks or in higher precision, more
     * for an algorithm that transforms its operands.
     *
     * @param terms products and further addends of an element
     * @return k of gamma_k, 1 to 2^22
     */
    default int accumulationLength(int terms) {
        return terms;
    }

    /**
     * y = activation(conv(join(x, coordinates), weights) + bias).
     *
     * @param call what to compute
     * @param x features
     * @param weights weights
     * @param bias bias, or null
     * @param y receives the output
     */
    void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y);

    /**
     * The gradient to the features.
     *
     * @param call what to compute
     * @param dy gradient to y
     * @param weights weights
     * @param dx receives the gradient, of the shape of x
     */
    default void backwardInput(ConvCall call, float[] dy, float[] weights, float[] dx) {
        throw new UnsupportedOperationException(name() + " has no " + Feature.BACKWARD_INPUT.title());
    }

    /**
     * The gradient to the weights, those of the coordinates included.
     *
     * @param call what to compute
     * @param x features
     * @param dy gradient to y
     * @param dw receives the gradient, of the shape of the weights
     */
    default void backwardWeights(ConvCall call, float[] x, float[] dy, float[] dw) {
        throw new UnsupportedOperationException(name() + " has no " + Feature.BACKWARD_WEIGHTS.title());
    }

    /**
     * The gradient to the bias.
     *
     * @param call what to compute
     * @param dy gradient to y
     * @param db receives the gradient, one for each channel of y
     */
    default void backwardBias(ConvCall call, float[] dy, float[] db) {
        throw new UnsupportedOperationException(name() + " has no " + Feature.BACKWARD_BIAS.title());
    }

    /**
     * A forward pass to be timed. Override this to do once what depends on shape and weights alone, such as
     * packing; the default does everything in every run.
     *
     * @param call what to compute
     * @param x features, the same floats in every run
     * @param weights weights, the same floats in every run
     * @param bias bias, or null
     * @param y receives the output
     * @return runs the pass once
     */
    default Runnable prepareForward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
        return () -> forward(call, x, weights, bias, y);
    }
}

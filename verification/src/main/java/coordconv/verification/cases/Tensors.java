package coordconv.verification.cases;

import coordconv.verification.kernel.ConvCall;
import coordconv.verification.problem.Inputs;
import java.util.EnumMap;
import java.util.Map;

/**
 * The tensors of a case.
 *
 * @param x features
 * @param weights weights
 * @param bias bias, or null
 * @param dy gradient to the output
 * @param held what the outputs hold before an accumulating pass, by pass
 */
public record Tensors(float[] x, float[] weights, float[] bias, float[] dy, Map<Pass, float[]> held) {
    /** Makes a tensor from a seed. */
    public interface Source {
        /**
         * Makes one.
         *
         * @param seed which
         * @param length elements
         * @return the tensor
         */
        float[] tensor(long seed, int length);
    }

    /**
     * Floats in [-1, 1).
     *
     * @param c the case
     * @return its tensors
     */
    public static Tensors uniform(Case c) {
        return of(c, Inputs::uniform);
    }

    /**
     * Integers of a largest magnitude.
     *
     * @param c the case
     * @param most that magnitude
     * @return its tensors
     */
    public static Tensors integers(Case c, int most) {
        return of(c, (seed, length) -> Inputs.integers(seed, length, most));
    }

    /**
     * Tensors from one source.
     *
     * @param c the case
     * @param source makes each
     * @return its tensors
     */
    public static Tensors of(Case c, Source source) {
        ConvCall call = c.call();
        Map<Pass, float[]> held = new EnumMap<>(Pass.class);
        for (Pass pass : Pass.values()) {
            held.put(pass, source.tensor(c.seed() + 4 + pass.ordinal(), pass.outputLength(call)));
        }
        return new Tensors(source.tensor(c.seed(), call.inputLength()), source.tensor(c.seed() + 1, call.weightLength()),
                c.bias() ? source.tensor(c.seed() + 2, call.outputChannels()) : null,
                source.tensor(c.seed() + 3, call.outputLength()), held);
    }

    /**
     * The same but for the features.
     *
     * @param other features
     * @return the tensors
     */
    public Tensors withX(float[] other) {
        return new Tensors(other, weights, bias, dy, held);
    }

    /**
     * The same but for the weights.
     *
     * @param other weights
     * @return the tensors
     */
    public Tensors withWeights(float[] other) {
        return new Tensors(x, other, bias, dy, held);
    }

    /**
     * The same but for the gradient to the output.
     *
     * @param other gradient to the output
     * @return the tensors
     */
    public Tensors withDy(float[] other) {
        return new Tensors(x, weights, bias, other, held);
    }
}

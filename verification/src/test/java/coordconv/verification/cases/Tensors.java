package coordconv.verification.cases;

import coordconv.kernels.ConvGeometry;
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
    /** Makes a tensor of a length from a seed. */
    public interface Source {
        float[] tensor(long seed, int length);
    }

    /** Floats in [-1, 1). */
    public static Tensors uniform(Case c) {
        return of(c, Inputs::uniform);
    }

    /** Integers of a largest magnitude. */
    public static Tensors integers(Case c, int most) {
        return of(c, (seed, length) -> Inputs.integers(seed, length, most));
    }

    /** Tensors from one source. */
    public static Tensors of(Case c, Source source) {
        ConvGeometry g = c.geometry();
        Map<Pass, float[]> held = new EnumMap<>(Pass.class);
        for (Pass pass : Pass.values()) {
            held.put(pass, source.tensor(c.seed() + 4 + pass.ordinal(), pass.outputLength(g)));
        }
        return new Tensors(source.tensor(c.seed(), g.inputLength()), source.tensor(c.seed() + 1, g.weightLength()),
                c.bias() ? source.tensor(c.seed() + 2, g.outChannels()) : null,
                source.tensor(c.seed() + 3, g.outputLength()), held);
    }

    public Tensors withX(float[] other) {
        return new Tensors(other, weights, bias, dy, held);
    }

    public Tensors withWeights(float[] other) {
        return new Tensors(x, other, bias, dy, held);
    }

    public Tensors withDy(float[] other) {
        return new Tensors(x, weights, bias, other, held);
    }
}

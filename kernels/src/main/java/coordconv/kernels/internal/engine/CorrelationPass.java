package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.machine.Tuning;
import coordconv.kernels.internal.memory.Floats;
import java.util.List;

/** A pass that multiplies by packed weights: the forward pass, or the gradient to the input. */
public final class CorrelationPass extends Pass {
    private final List<Algorithm> algorithms;
    private final String remark;
    private final int packedLength;

    /**
     * A pass.
     *
     * @param algorithms disjoint in their results
     * @param remark on how they were chosen, for people
     * @param tuning how they are cut
     */
    CorrelationPass(List<Algorithm> algorithms, String remark, Tuning tuning) {
        super(algorithms, tuning);
        this.algorithms = algorithms;
        this.remark = remark;
        int floats = 0;
        for (Algorithm algorithm : algorithms) {
            floats = Math.addExact(floats, algorithm.packedLength());
        }
        packedLength = floats;
    }

    /** {@return floats of the packed weights} */
    public int packedLength() {
        return packedLength;
    }

    /**
     * Packs weights for every algorithm.
     *
     * @param weights of the convolution
     * @param packed destination
     */
    public void packWeights(Floats weights, float[] packed) {
        for (int i = 0; i < algorithms.size(); i++) {
            algorithms.get(i).packWeights(weights, packed);
        }
    }

    /** {@return what was chosen for the first group, for people} */
    public String describe() {
        return algorithms.getFirst().describe() + remark;
    }
}

package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.im2col.ImplicitGemm;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.shape.Correlation;
import java.util.ArrayList;
import java.util.List;

/** Chooses the algorithm of every correlation of a pass by its shape. */
final class AlgorithmSelector {
    private final Machine machine;
    private final boolean add;

    AlgorithmSelector(Machine machine, boolean add) {
        this.machine = machine;
        this.add = add;
    }

    /**
     * The choice for a pass.
     *
     * @param correlations disjoint in their results
     * @param slope factor on negative results, 1 for none
     * @return algorithms that compute all of them
     */
    List<Algorithm> select(List<Correlation> correlations, float slope) {
        List<Algorithm> chosen = new ArrayList<>();
        int packedAt = 0;
        for (Correlation correlation : correlations) {
            if (correlation.output().rows() > 0) {
                Algorithm algorithm = correlation.depth() == 0 ? new BiasFill(correlation, slope, add)
                        : new ImplicitGemm(correlation, machine, slope, add, packedAt);
                packedAt = Math.addExact(packedAt, algorithm.packedLength());
                chosen.add(algorithm);
            }
        }
        return chosen;
    }
}

package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.CoordTable;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.im2col.ImplicitGemm;
import coordconv.kernels.internal.im2col.WeightGradientGemm;
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
                        : new ImplicitGemm(correlation, machine, slope, add, packedAt, coordsInClosedForm(correlation));
                packedAt = Math.addExact(packedAt, algorithm.packedLength());
                chosen.add(algorithm);
            }
        }
        return chosen;
    }

    /**
     * The choice for a gradient to the weights.
     *
     * @param correlation the forward correlation of a group
     * @param image where the output gradient lies
     * @param rows its channels
     * @return the algorithm
     */
    Work backwardWeights(Correlation correlation, Correlation.Image image, Correlation.Channels rows) {
        boolean shared = true;
        for (int c = 0; c < correlation.channels().coordCount(); c++) {
            shared &= correlation.channels().coords().isSameInAllImages(correlation.channels().firstCoord() + c);
        }
        long columnSums = (long) Double.BYTES * correlation.grid().width() * machine.kernels().nr();
        return new WeightGradientGemm(correlation, image, rows, machine, add,
                shared && columnSums <= machine.caches().l1() / 2 && coordsInClosedForm(correlation));
    }

    private boolean coordsInClosedForm(Correlation correlation) {
        int features = correlation.channels().features();
        if (!CoordTable.serves(correlation) || features == 0 || features > machine.tuning().maxFeaturesClosedForm()) {
            return false;
        }
        // A 1x1 kernel adds two multiply-adds to an output, which cost less than to read an element of a table.
        long columns = (long) correlation.columns() + machine.kernels().nr();
        return correlation.grid().taps() > 1 && correlation.output().rows() * columns <= machine.tuning().maxCoordTable();
    }
}

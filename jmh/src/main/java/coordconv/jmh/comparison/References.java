package coordconv.jmh.comparison;

import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.engines.Workload;
import coordconv.jmh.worker.Subject;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.CoordinateTensor;
import coordconv.verification.reference.Expected;
import coordconv.verification.reference.ReferenceConv2d;
import coordconv.kernels.ConvGeometry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares outputs with the double-precision reference; computes each reference once. */
final class References {
    private static final List<Integer> TILES = List.of(2, 4);

    private final Map<String, Expected> forwards = new HashMap<>();

    /**
     * Compares an output.
     *
     * @param subject what was computed
     * @param output what the engine gave
     * @return worst error as a share of its rounding bound; above 1, or infinite, is wrong
     */
    double errorShare(Subject subject, float[] output) {
        ConvGeometry g = Problem.parse(subject.problem()).geometry();
        Workload workload = Workload.of(g, 1);
        if (subject.operation() == Operation.CONCAT) {
            float[] joined = CoordinateTensor.join(g.coords(), workload.x(), g.batch(), g.channels(), g.height(), g.width());
            return Arrays.equals(joined, output) ? 0 : Double.POSITIVE_INFINITY;
        }
        if (subject.operation() != Operation.FORWARD) {
            throw new IllegalArgumentException("operation: given " + subject.operation() + ", needed FORWARD or CONCAT");
        }
        if (output.length != g.outputLength()) {
            return Double.POSITIVE_INFINITY;
        }
        // FAST may compute 3x3 kernels in tiles, and its errors are bounded by them.
        boolean tiled = subject.engine().equals(EngineName.COORDCONV_FAST.id());
        Comparison worst = forwards.computeIfAbsent(subject.problem() + (tiled ? " in tiles" : ""),
                key -> new ReferenceConv2d(g, tiled ? TILES : List.of()).forward(workload.x(), workload.weights(), null)).compare(output);
        return worst.error() == 0 ? 0 : worst.error() / worst.bound();
    }
}

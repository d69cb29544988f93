package coordconv.cli.timing;

import coordconv.verification.kernel.PlanKernel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The algorithms that can serve a problem, and how far the plan's choices are from the best of them.
 *
 * @param problem its text
 * @param ms median milliseconds of a forward pass by each algorithm
 * @param regret time of {@code auto} over that of the fastest whose results are bounded one by one; 1 for a right choice
 * @param fastRegret time of {@code fast} over that of the fastest of all
 * @param settled whether no time was still falling
 */
public record AlgorithmTiming(String problem, Map<String, Double> ms, double regret, double fastRegret, boolean settled) {
    static AlgorithmTiming of(String problem, Map<String, Double> ms, boolean settled) {
        Map<String, Double> bounded = new LinkedHashMap<>(ms);
        bounded.keySet().retainAll(PlanKernel.BOUNDED);
        return new AlgorithmTiming(problem, ms, ms.get(PlanKernel.AUTO) / least(bounded.values()),
                ms.get(PlanKernel.FAST) / least(ms.values()), settled);
    }

    private static double least(Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }
}

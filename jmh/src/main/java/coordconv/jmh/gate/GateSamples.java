package coordconv.jmh.gate;

import coordconv.jmh.stats.Quantiles;
import java.util.List;
import java.util.Map;

/**
 * What a gate run measured, by the id of the item.
 *
 * @param efficiency rate relative to that of the item's yardstick, one value a fork
 * @param timeRatio time relative to that of the other jar, all samples of each fork; without the items that were not
 *     compared with another jar
 * @param refusals items that could not be run, with the reason
 */
public record GateSamples(Map<String, List<Double>> efficiency, Map<String, List<double[]>> timeRatio,
        Map<String, String> refusals) {
    /**
     * The median time ratio of each fork.
     *
     * @param id of an item that was compared with another jar
     * @return one value a fork
     */
    List<Double> medianTimeRatio(String id) {
        return timeRatio.get(id).stream().map(Quantiles::median).toList();
    }
}

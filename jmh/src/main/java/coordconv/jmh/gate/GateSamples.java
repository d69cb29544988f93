package coordconv.jmh.gate;

import java.util.List;
import java.util.Map;

/**
 * What a gate run measured, by the id of the item: one value a fork.
 *
 * @param efficiency rate over that of the register FMA beside it
 * @param timeRatio time over that of the other jar beside it; empty without another jar
 * @param refusals items that could not be run, with the reason
 */
public record GateSamples(Map<String, List<Double>> efficiency, Map<String, List<Double>> timeRatio,
        Map<String, String> refusals) {
}

package coordconv.jmh.gate;

import coordconv.jmh.report.Table;
import coordconv.jmh.stats.Quantiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Verdicts of one gate run, on every item it measured. */
final class GateReport {
    private final GateSamples samples;
    private final Map<String, Judge.Verdict> baseline = new LinkedHashMap<>();
    private final Map<String, Judge.Verdict> jar = new LinkedHashMap<>();

    /**
     * Judges.
     *
     * @param samples of a run
     * @param recorded what to compare the efficiencies with, if there is something
     */
    GateReport(GateSamples samples, Optional<Baselines.Recording> recorded) {
        this.samples = samples;
        recorded.ifPresent(recording -> samples.efficiency().forEach((id, now) -> {
            Baselines.Efficiency before = recording.items().get(id);
            if (before != null) {
                baseline.put(id, Judge.againstBaseline(before.forks(), now));
            }
        }));
        samples.timeRatio().forEach((id, ratios) -> jar.put(id, Judge.againstJar(ratios)));
    }

    /** {@return ids of the items that slowed down} */
    List<String> flagged() {
        List<String> flagged = new ArrayList<>();
        baseline.forEach((id, verdict) -> {
            if (verdict.flagged()) {
                flagged.add(id + " (to the ceiling)");
            }
        });
        jar.forEach((id, verdict) -> {
            if (verdict.flagged()) {
                flagged.add(id + " (to the other jar)");
            }
        });
        return flagged;
    }

    /** {@return a table for people} */
    String markdown() {
        Table table = new Table(List.of("item", "of the register FMA", "slower than the baseline", "slower than the other jar", "verdict"));
        samples.efficiency().forEach((id, forks) -> {
            double[] values = forks.stream().mapToDouble(Double::doubleValue).toArray();
            boolean slow = flagged(baseline.get(id)) || flagged(jar.get(id));
            table.row(List.of(id, "%.1f%% (%.1f to %.1f)".formatted(100 * Quantiles.median(values),
                            100 * Quantiles.quantile(values, 0), 100 * Quantiles.quantile(values, 1)),
                    text(baseline.get(id)), text(jar.get(id)), slow ? "**SLOWER**" : "ok"));
        });
        samples.refusals().forEach((id, reason) -> table.row(List.of(id, "", "", "", "not run: " + reason)));
        return table.markdown();
    }

    private static boolean flagged(Judge.Verdict verdict) {
        return verdict != null && verdict.flagged();
    }

    private static String text(Judge.Verdict verdict) {
        if (verdict == null) {
            return "nothing to compare with";
        }
        return verdict.note().isEmpty() ? "%+.1f%% (p = %.3f)".formatted(100 * verdict.slowdown(), verdict.pValue()) : verdict.note();
    }
}

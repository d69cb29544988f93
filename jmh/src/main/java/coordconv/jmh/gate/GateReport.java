package coordconv.jmh.gate;

import coordconv.jmh.report.Table;
import coordconv.jmh.stats.Interval;
import coordconv.jmh.stats.Quantiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The verdicts of one gate run on its items. */
final class GateReport {
    private static final String NOTHING = "nothing to compare with";

    private final GateSamples samples;
    private final Map<String, Judge.Verdict> baseline = new LinkedHashMap<>();
    private final Map<String, Judge.Verdict> jar = new LinkedHashMap<>();

    /**
     * Judges.
     *
     * @param samples of a run
     * @param recorded efficiencies to compare with, if there are any
     */
    GateReport(GateSamples samples, Optional<Baselines.Recording> recorded) {
        this.samples = samples;
        recorded.ifPresent(recording -> samples.efficiency().forEach((id, now) -> {
            Baselines.Efficiency before = recording.items().get(id);
            if (before != null) {
                baseline.put(id, Judge.againstBaseline(before.forks(), now));
            }
        }));
        samples.timeRatio().keySet().forEach(id -> jar.put(id, Judge.againstJar(samples.medianTimeRatio(id))));
    }

    /** {@return ids of the items that slowed down} */
    List<String> flagged() {
        List<String> flagged = new ArrayList<>();
        baseline.forEach((id, verdict) -> {
            if (verdict.flagged()) {
                flagged.add(id + " (to the recorded ratio)");
            }
        });
        jar.forEach((id, verdict) -> {
            if (verdict.flagged()) {
                flagged.add(id + " (to the other jar)");
            }
        });
        return flagged;
    }

    /** {@return whether there is a verdict on anything} */
    boolean judged() {
        return Stream.concat(baseline.values().stream(), jar.values().stream()).anyMatch(verdict -> verdict.note().isEmpty());
    }

    /** {@return one line: what slowed down, or why that is not known} */
    String summary() {
        if (!flagged().isEmpty()) {
            return "Slower: " + String.join(", ", flagged());
        }
        if (!samples.refusals().isEmpty()) {
            return "Not run: " + String.join(", ", samples.refusals().keySet());
        }
        return judged() ? "No slowdown." : "Nothing was judged: too few forks, or nothing to compare with.";
    }

    /** {@return whether nothing slowed down and every item was run} */
    boolean passed() {
        return flagged().isEmpty() && samples.refusals().isEmpty();
    }

    /** {@return all verdicts as a Markdown table} */
    String markdown() {
        Table table = new Table(List.of("item", "our rate, of that beside it", "slower than the baseline",
                "time over the other jar's (95% interval)", "slower than the other jar", "verdict"));
        samples.efficiency().forEach((id, forks) -> {
            double[] values = forks.stream().mapToDouble(Double::doubleValue).toArray();
            boolean slow = flagged(baseline.get(id)) || flagged(jar.get(id));
            table.row(List.of(id, "%.1f%% (%.1f to %.1f)".formatted(100 * Quantiles.median(values),
                            100 * Quantiles.quantile(values, 0), 100 * Quantiles.quantile(values, 1)),
                    text(baseline.get(id)), ratio(id), text(jar.get(id)), slow ? "**SLOWER**" : "ok"));
        });
        samples.refusals().forEach((id, reason) -> table.row(List.of(id, "", "", "", "", "not run: " + reason)));
        if (samples.timeRatio().size() > 1) {
            Interval mean = Interval.geometricMean(List.copyOf(samples.timeRatio().values()));
            table.row(List.of("**geometric mean**", "", "", text(mean), "", ""));
        }
        return table.markdown();
    }

    private String ratio(String id) {
        List<double[]> ratios = samples.timeRatio().get(id);
        return ratios == null ? NOTHING : text(Interval.ofForks(ratios));
    }

    private static String text(Interval interval) {
        return "%.3f (%.3f to %.3f)".formatted(interval.estimate(), interval.low(), interval.high());
    }

    private static boolean flagged(Judge.Verdict verdict) {
        return verdict != null && verdict.flagged();
    }

    private static String text(Judge.Verdict verdict) {
        if (verdict == null) {
            return NOTHING;
        }
        return verdict.note().isEmpty() ? "%+.1f%% (p = %.3f)".formatted(100 * verdict.slowdown(), verdict.pValue()) : verdict.note();
    }
}

package coordconv.jmh.report;

import coordconv.cli.timing.NetworkCase;
import coordconv.jmh.comparison.Measurement;
import coordconv.jmh.comparison.NetworkContest;
import coordconv.jmh.comparison.Results;
import coordconv.jmh.stats.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The comparison of networks as tables: one for each number of threads and other engine. */
public final class NetworkReport {
    private final Results results;
    private final ComparisonTables tables;
    private final Map<String, Measurement> ours = new LinkedHashMap<>();

    /**
     * A report to be written.
     *
     * @param results of a run
     */
    public NetworkReport(Results results) {
        this.results = results;
        tables = new ComparisonTables(results);
        // Ours is the first engine of each network, with whatever algorithm.
        for (Measurement m : results.measurements()) {
            if (m.subject().engine().equals(results.measurements().getFirst().subject().engine())) {
                ours.put(key(m), m);
            }
        }
    }

    private static String key(Measurement m) {
        return m.subject().problem() + "|" + m.subject().threads();
    }

    /** {@return the tables as Markdown} */
    public String markdown() {
        StringBuilder text = new StringBuilder("# Whole networks beside other engines\n\nMilliseconds of one call, median and half of a "
                + "95% bootstrap interval over JVMs and samples. The ratio is the other engine's time over ours, of samples taken in turn: "
                + "above 1 ours is faster. The difference is the largest of the outputs over the largest output; "
                + NetworkContest.TOLERANCE + " is refused.\n");
        text.append(tables.unfinished());
        for (int threads : tables.threads()) {
            text.append("\n## ").append(ComparisonReport.title(threads)).append("\n\n").append(ratios(threads).markdown());
        }
        if (!tables.refusals().isEmpty()) {
            text.append("\n## Not timed\n\n").append(tables.refusals().markdown());
        }
        return text.append("\n## Where\n\n").append(tables.environment().markdown()).toString();
    }

    private Table ratios(int threads) {
        Table table = new Table(List.of("network", ours() + ", ms", "other engine", "its ms", "ratio", "difference"));
        Map<String, List<List<double[]>>> with = new LinkedHashMap<>();
        Map<String, List<List<double[]>>> without = new LinkedHashMap<>();
        for (Measurement m : results.measurements()) {
            Measurement own = ours.get(key(m));
            if (m.subject().threads() == threads && m != own && own.isTimed() && m.isTimed()) {
                List<double[]> ratios = ratios(own.nanosByFork(), m.nanosByFork());
                (NetworkCase.parse(m.name()).seesCoordinates() ? with : without)
                        .computeIfAbsent(m.subject().engine(), key -> new ArrayList<>()).add(ratios);
                table.row(List.of(m.name(), milliseconds(own), m.subject().engine(), milliseconds(m),
                        text(Interval.ofForks(ratios)), "%.1e".formatted(m.errorShare() * NetworkContest.TOLERANCE)));
            }
        }
        means(table, with, "with coordinates");
        means(table, without, "without coordinates");
        return table;
    }

    private String ours() {
        return ours.isEmpty() ? "ours" : ours.values().iterator().next().subject().engine();
    }

    private static void means(Table table, Map<String, List<List<double[]>>> ratios, String which) {
        ratios.forEach((engine, items) -> table.row(List.of("**geometric mean of " + items.size() + " " + which + "**", "", engine, "",
                "**" + text(Interval.geometricMean(items)) + "**", "")));
    }

    /** Of each fork and round the other's time over ours. */
    static List<double[]> ratios(List<double[]> own, List<double[]> other) {
        List<double[]> ratios = new ArrayList<>();
        for (int fork = 0; fork < Math.min(own.size(), other.size()); fork++) {
            double[] each = new double[Math.min(own.get(fork).length, other.get(fork).length)];
            for (int i = 0; i < each.length; i++) {
                each[i] = other.get(fork)[i] / own.get(fork)[i];
            }
            ratios.add(each);
        }
        return ratios;
    }

    private static String milliseconds(Measurement m) {
        Interval ms = m.nanos().scale(1e-6);
        return "%.3g ± %.2g".formatted(ms.estimate(), (ms.high() - ms.low()) / 2);
    }

    private static String text(Interval ratio) {
        return "%.3f (%.3f to %.3f)".formatted(ratio.estimate(), ratio.low(), ratio.high());
    }
}

package coordconv.jmh.report;

import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.comparison.Measurement;
import coordconv.jmh.comparison.Results;
import coordconv.jmh.stats.Interval;
import coordconv.jmh.worker.Worker;
import coordconv.verification.problem.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The comparison as tables: rows are problems, columns engines. */
final class ComparisonTables {
    static final String OURS = EngineName.COORDCONV.id();
    /** Ours in the summary, and what each is called there. */
    private static final Map<String, String> LABELS = labels();
    private static final String ORT = "onnxruntime";

    private final Results results;
    private final Map<String, Measurement> byKey = new LinkedHashMap<>();

    private static Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(OURS, "default");
        labels.put(EngineName.COORDCONV_NHWC.id(), "channels last");
        labels.put(EngineName.COORDCONV_FAST.id(), "FAST");
        return labels;
    }

    ComparisonTables(Results results) {
        this.results = results;
        for (Measurement m : results.measurements()) {
            byKey.put(key(m.subject().engine(), m.subject().operation(), m.subject().problem(), m.subject().threads()), m);
        }
    }

    private static String key(String engine, Operation operation, String problem, int threads) {
        return engine + '|' + operation + '|' + problem + '|' + threads;
    }

    /** {@return problems with coordinates, by text, with their names} */
    Map<String, String> problems() {
        return problems(true);
    }

    /** Problems with coordinates, or without: twins of the others, and those that never had any. */
    private Map<String, String> problems(boolean coordinates) {
        Map<String, String> problems = new LinkedHashMap<>();
        for (Measurement m : results.measurements()) {
            if (!m.subject().operation().isCeiling()
                    && Problem.parse(m.subject().problem()).geometry().coords().count() > 0 == coordinates) {
                problems.put(m.subject().problem(), m.name());
            }
        }
        return problems;
    }

    /** {@return engines in order, ours first} */
    List<String> engines() {
        Set<String> engines = new LinkedHashSet<>();
        for (Measurement m : results.measurements()) {
            if (!m.subject().operation().isCeiling()) {
                engines.add(m.subject().engine());
            }
        }
        return List.copyOf(engines);
    }

    /** {@return numbers of threads} */
    Collection<Integer> threads() {
        Set<Integer> threads = new LinkedHashSet<>();
        results.measurements().forEach(m -> threads.add(m.subject().threads()));
        return threads;
    }

    /** A measurement, if it was attempted. */
    Optional<Measurement> find(String engine, Operation operation, String problem, int threads) {
        return Optional.ofNullable(byKey.get(key(engine, operation, problem, threads)));
    }

    private Optional<Measurement> timed(String engine, String problem, int threads) {
        return find(engine, Operation.FORWARD, problem, threads).filter(Measurement::isTimed);
    }

    /** {@return the problem's text without coordinates} */
    static String plain(String problem) {
        return Problem.parse(problem).withoutCoordinates().text();
    }

    /** Rates in GFLOP/s and in percent of the register ceiling; with or without coordinates. */
    Table rates(int threads, boolean coordinates) {
        List<String> headers = new ArrayList<>(List.of("GFLOP/s (% of ceiling)"));
        headers.addAll(engines());
        Table table = new Table(headers);
        problems(coordinates).forEach((problem, name) -> {
            List<String> row = new ArrayList<>(List.of(name));
            for (String engine : engines()) {
                row.add(find(engine, Operation.FORWARD, coordinates ? problem : plain(problem), threads)
                        .map(m -> cell(m, threads)).orElse(""));
            }
            table.row(row);
        });
        return table;
    }

    private String cell(Measurement m, int threads) {
        if (!m.isTimed()) {
            return m.status().name().toLowerCase(Locale.ROOT);
        }
        Interval rate = m.rate();
        String percent = results.ceiling(Operation.REGISTER_FMA, threads)
                .map(top -> " (%.0f%%)".formatted(100 * rate.estimate() / top)).orElse("");
        return number(rate.estimate()) + " ±" + number((rate.high() - rate.low()) / 2) + percent;
    }

    static String number(double value) {
        return value >= 99.95 ? "%.0f".formatted(value) : value >= 9.995 ? "%.1f".formatted(value) : "%.2f".formatted(value);
    }

    /** Ratios of times, and their geometric means. */
    Table verdicts(int threads) {
        Table table = new Table(List.of("time ratio", "ours, ms", "best other plain / ours with coordinates", "best other",
                "onnxruntime CoordConv / ours", "ours with / without coordinates"));
        List<Double> best = new ArrayList<>();
        List<Double> ort = new ArrayList<>();
        problems().forEach((problem, name) -> timed(OURS, problem, threads).ifPresent(ours -> {
            double own = ours.nanos().estimate();
            Optional<Measurement> other = bestPlain(problem, threads);
            Optional<Double> overBest = other.map(m -> m.nanos().estimate() / own);
            Optional<Double> overOrt = timed(ORT, problem, threads).map(m -> m.nanos().estimate() / own);
            overBest.ifPresent(best::add);
            overOrt.ifPresent(ort::add);
            table.row(List.of(name, "%.4f".formatted(own * 1e-6), ratio(overBest), other.map(m -> m.subject().engine()).orElse(""),
                    ratio(overOrt), ratio(timed(OURS, plain(problem), threads).map(m -> own / m.nanos().estimate()))));
        }));
        if (!table.isEmpty()) {
            table.row(List.of("**geometric mean**", "", ratio(mean(best)), "", ratio(mean(ort)), ""));
        }
        return table;
    }

    private List<String> others() {
        return engines().stream().filter(engine -> !LABELS.containsKey(engine)).toList();
    }

    private List<String> ours() {
        return LABELS.keySet().stream().filter(engines()::contains).toList();
    }

    /** Time of the best other engine without coordinates over ours with coordinates: the default, channels last, and FAST. */
    Table summary() {
        List<String> headers = new ArrayList<>(List.of("best other plain / ours with coordinates"));
        List<List<Double>> ratios = new ArrayList<>();
        for (int threads : threads()) {
            for (String engine : ours()) {
                headers.add(LABELS.get(engine) + " x" + threads);
                ratios.add(new ArrayList<>());
            }
        }
        Table table = new Table(headers);
        problems().forEach((problem, name) -> {
            List<String> row = new ArrayList<>(List.of(name));
            for (int threads : threads()) {
                for (String engine : ours()) {
                    Optional<Double> ratio = bestPlain(problem, threads).flatMap(other -> timed(engine, problem, threads)
                            .map(m -> other.nanos().estimate() / m.nanos().estimate()));
                    ratio.ifPresent(ratios.get(row.size() - 1)::add);
                    row.add(ratio(ratio));
                }
            }
            table.row(row);
        });
        List<String> means = new ArrayList<>(List.of("**geometric mean**"));
        ratios.forEach(column -> means.add(ratio(mean(column))));
        return table.row(means);
    }

    /** {@return a line that tells how much of a run that goes on, or was interrupted, this is; empty for a whole one} */
    String unfinished() {
        return Results.COMPLETE.equals(results.progress()) ? "" : "\nUnfinished: " + results.progress() + ".\n";
    }

    private Optional<Measurement> bestPlain(String problem, int threads) {
        return others().stream()
                .map(engine -> timed(engine, plain(problem), threads).orElse(null)).filter(Objects::nonNull)
                .min((a, b) -> Double.compare(a.nanos().estimate(), b.nanos().estimate()));
    }

    private static String ratio(Optional<Double> value) {
        return value.map("%.2f"::formatted).orElse("");
    }

    private static Optional<Double> mean(List<Double> ratios) {
        return ratios.isEmpty() ? Optional.empty()
                : Optional.of(Math.exp(ratios.stream().mapToDouble(Math::log).average().orElseThrow()));
    }

    /** Milliseconds of each engine's concatenation alone. */
    Table concats(int threads) {
        List<String> others = others();
        List<String> headers = new ArrayList<>(List.of("ms"));
        headers.addAll(others);
        Table table = new Table(headers);
        problems().forEach((problem, name) -> {
            List<String> row = new ArrayList<>(List.of(name));
            for (String engine : others) {
                row.add(find(engine, Operation.CONCAT, problem, threads).filter(Measurement::isTimed)
                        .map(m -> "%.4f".formatted(m.nanos().estimate() * 1e-6)).orElse(""));
            }
            table.row(row);
        });
        return table;
    }

    /** The ceilings of the run. */
    Table ceilings() {
        List<String> headers = new ArrayList<>(List.of("ceiling"));
        threads().forEach(t -> headers.add(t == 1 ? "1 thread" : t + " threads"));
        Table table = new Table(headers);
        for (Operation operation : Operation.values()) {
            if (operation.isCeiling()) {
                List<String> row = new ArrayList<>(List.of(operation.title()));
                for (int t : threads()) {
                    row.add(results.ceiling(operation, t).map(rate -> number(rate)
                            + (operation == Operation.CACHE_COPY || operation == Operation.MEMORY_COPY ? " GB/s" : " GFLOP/s")).orElse(""));
                }
                table.row(row);
            }
        }
        return table;
    }

    /** What was not timed, and why; each reason once for an engine. */
    Table refusals() {
        Table table = new Table(List.of("engine", "what", "why"));
        Map<String, List<String>> what = new LinkedHashMap<>();
        for (Measurement m : results.measurements()) {
            if (!m.isTimed()) {
                what.computeIfAbsent(m.subject().engine() + "\n" + m.status().name().toLowerCase(Locale.ROOT) + ": " + m.reason(),
                        key -> new ArrayList<>()).add(m.name() + " " + m.subject().operation().title() + " x" + m.subject().threads());
            }
        }
        what.forEach((key, items) -> table.row(List.of(key.substring(0, key.indexOf('\n')),
                items.size() > 3 ? items.size() + " cases" : String.join("; ", items), key.substring(key.indexOf('\n') + 1))));
        return table;
    }

    /** The machine and the versions. */
    Table environment() {
        Table table = new Table(List.of("what", "value"));
        table.row(List.of("date", results.date()));
        table.row(List.of("command", results.command()));
        table.row(List.of("settings", results.settings()));
        table.row(List.of("processor", results.machine().cpu() + ", " + results.machine().processors() + " processors"));
        table.row(List.of("operating system", results.machine().os()));
        table.row(List.of("JDK", results.machine().jdk()));
        table.row(List.of("JVM flags of the engines", String.join(" ", Worker.JVM_FLAGS)));
        results.versions().forEach((engine, version) -> table.row(List.of(engine, version)));
        return table;
    }
}

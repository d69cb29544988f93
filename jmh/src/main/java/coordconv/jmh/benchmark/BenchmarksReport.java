package coordconv.jmh.benchmark;

import coordconv.cli.report.Report;
import coordconv.jmh.machine.MachineDescription;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.report.Table;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** JMH's results with rates, and as shares of the ceilings of the same run. */
final class BenchmarksReport {
    private static final double NANOS_A_MICRO = 1e3;

    private final Collection<RunResult> results;
    private final Map<String, Double> ceilings = new HashMap<>();

    BenchmarksReport(Collection<RunResult> results) {
        this.results = results;
        for (RunResult result : results) {
            BenchmarkParams benchmark = result.getParams();
            if (Work.simpleName(benchmark).equals("CeilingBenchmark.run")) {
                ceilings.put(benchmark.getParam("ceiling") + "x" + benchmark.getParam("threads"),
                        Work.of(benchmark).orElseThrow() / (result.getPrimaryResult().getScore() * NANOS_A_MICRO));
            }
        }
    }

    private Table table() {
        Table table = new Table(List.of("benchmark", "parameters", "µs", "± (99.9%)", "GFLOP/s or GB/s",
                "of register FMA", "of L1 micro-kernel"));
        for (RunResult result : results) {
            BenchmarkParams benchmark = result.getParams();
            Result<?> time = result.getPrimaryResult();
            OptionalDouble work = Work.of(benchmark);
            double rate = work.isPresent() ? work.getAsDouble() / (time.getScore() * NANOS_A_MICRO) : Double.NaN;
            String threads = benchmark.getParam("threads") == null ? "1" : benchmark.getParam("threads");
            table.row(List.of(Work.simpleName(benchmark), parameters(benchmark),
                    "%.2f".formatted(time.getScore()),
                    Double.isNaN(time.getScoreError()) ? "" : "%.2f".formatted(time.getScoreError()),
                    work.isPresent() ? "%.1f".formatted(rate) : "",
                    share(benchmark, rate, Operation.REGISTER_FMA, threads), share(benchmark, rate, Operation.L1_KERNEL, threads)));
        }
        return table;
    }

    private static String parameters(BenchmarkParams benchmark) {
        return benchmark.getParamsKeys().stream().sorted()
                .map(key -> key + "=" + benchmark.getParam(key)).collect(Collectors.joining(" "));
    }

    private String share(BenchmarkParams benchmark, double rate, Operation ceiling, String threads) {
        boolean copy = String.valueOf(benchmark.getParam("ceiling")).endsWith("COPY")
                || Work.simpleName(benchmark).equals("PatchPackingBenchmark.pack");
        Double top = ceilings.get(ceiling + "x" + threads);
        return Double.isNaN(rate) || copy || top == null ? "" : "%.0f%%".formatted(100 * rate / top);
    }

    String markdown() {
        return table().markdown() + "\n" + machine().markdown();
    }

    Report page() {
        Report page = new Report("CoordConv benchmarks", MachineDescription.current().cpu());
        table().addTo(page);
        machine().addTo(page.heading("Where"));
        return page;
    }

    private static Table machine() {
        MachineDescription machine = MachineDescription.current();
        return new Table(List.of("what", "value")).row(List.of("processor", machine.cpu()))
                .row(List.of("operating system", machine.os())).row(List.of("JDK", machine.jdk()))
                .row(List.of("JVM flags", String.join(" ", machine.flags()))).row(List.of("kernel", machine.kernel()));
    }
}

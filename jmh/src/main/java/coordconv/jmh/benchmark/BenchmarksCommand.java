package coordconv.jmh.benchmark;

import coordconv.jmh.comparison.ProblemSelection;
import coordconv.jmh.machine.RegisterFma;
import coordconv.kernels.internal.machine.Machine;
import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code benchmarks}: JMH, with the problems of the file as parameters. */
@Command(name = "benchmarks", mixinStandardHelpOptions = true,
        description = "Runs JMH benchmarks with the ceilings beside them, and writes a table with rates and shares.")
public final class BenchmarksCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "REGEX", description = "Which benchmarks. Default: all of ours.")
    private List<String> includes;

    @Option(names = "--problems", split = ",", paramLabel = "NAME|PROBLEM",
            description = "Labels of the shipped file or problem strings. Default: the short list of the benchmarks.")
    private List<String> problems;

    @Option(names = "--all", description = "Every problem of the shipped file, with and without coordinates.")
    private boolean all;

    @Option(names = "--threads", split = ",", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}")
    private List<String> threads;

    @Option(names = "--forks", description = "Default: as the benchmarks say.")
    private Integer forks;

    @Option(names = "--iterations", description = "Measured and warm-up iterations. Default: as the benchmarks say.")
    private Integer iterations;

    @Option(names = "--ms", description = "Length of an iteration. Default: as the benchmarks say.")
    private Integer millis;

    @Option(names = "--out", defaultValue = "${sys:jmh.out:-target}/benchmarks", paramLabel = "DIR", description = "Default: ${DEFAULT-VALUE}")
    private Path out;

    @Override
    public Integer call() throws IOException, RunnerException {
        Files.createDirectories(out);
        ChainedOptionsBuilder options = new OptionsBuilder().shouldFailOnError(true)
                .resultFormat(ResultFormatType.JSON).result(out.resolve("jmh.json").toString())
                .include(CeilingBenchmark.class.getName())
                .param("threads", threads.toArray(String[]::new))
                .param("bits", widths()).param("rows", tiles());
        for (String include : includes == null ? List.of("coordconv.jmh.benchmark.") : includes) {
            options.include(include);
        }
        List<String> texts = texts();
        if (!texts.isEmpty()) {
            options.param("problem", texts.toArray(String[]::new));
        }
        if (forks != null) {
            options.forks(forks);
        }
        if (iterations != null) {
            options.warmupIterations(iterations).measurementIterations(iterations);
        }
        if (millis != null) {
            options.warmupTime(TimeValue.milliseconds(millis)).measurementTime(TimeValue.milliseconds(millis));
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        BenchmarksReport report = new BenchmarksReport(results);
        Files.writeString(out.resolve("benchmarks.md"), report.markdown());
        report.page().write(out.resolve("benchmarks.html"));
        System.out.println(report.markdown());
        return 0;
    }

    /** The vector widths of this processor. */
    private static String[] widths() {
        return IntStream.of(128, 256, 512).filter(bits -> bits <= RegisterFma.bits()).mapToObj(Integer::toString).toArray(String[]::new);
    }

    /** Some values of MR, up to the greatest of this machine. */
    private static String[] tiles() {
        int max = Machine.ofBits(0).kernels().maxRows();
        return IntStream.of(1, 2, 4, 6, max).filter(rows -> rows <= max).distinct().mapToObj(Integer::toString).toArray(String[]::new);
    }

    private List<String> texts() {
        List<Problem> selected = new ArrayList<>();
        if (all) {
            selected.addAll(ProblemFile.shipped());
        } else if (problems != null) {
            selected.addAll(ProblemSelection.of(problems));
        }
        Set<String> texts = new LinkedHashSet<>();
        for (Problem problem : selected) {
            texts.add(problem.text());
            texts.add(problem.withoutCoordinates().text());
        }
        return List.copyOf(texts);
    }
}

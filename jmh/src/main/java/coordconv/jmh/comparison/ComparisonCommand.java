package coordconv.jmh.comparison;

import coordconv.jmh.engines.EngineName;
import coordconv.jmh.report.ComparisonReport;
import coordconv.jmh.worker.SampleOptions;
import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code peers}: the comparison with other engines. */
@Command(name = "peers", mixinStandardHelpOptions = true,
        description = "Checks and times every engine on the same inputs, interleaved, and writes a report.")
public final class ComparisonCommand implements Callable<Integer> {
    @Option(names = "--problems", split = ",", paramLabel = "NAME|PROBLEM",
            defaultValue = ProblemSelection.README,
            description = "Labels of the shipped problem file, problem strings, or readme for the ten of the README. Default: ${DEFAULT-VALUE}")
    private List<String> problems;

    @Option(names = "--all", description = "Every problem of the shipped file that has coordinates.")
    private boolean all;

    @Option(names = "--engines", split = ",", paramLabel = "ENGINE", description = "Default: all.")
    private List<String> engines;

    @Option(names = "--threads", split = ",", defaultValue = "1,2", description = "Default: ${DEFAULT-VALUE}")
    private List<Integer> threads;

    @Mixin
    private final SampleOptions samples = new SampleOptions(3, 20, 250);

    @Option(names = "--rounds", defaultValue = "7", description = "Samples in a fork. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--out", defaultValue = "${sys:jmh.out:-target}/peers", paramLabel = "DIR",
            description = "For logs, report.html, and results.json and report.md, which are written after each problem. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Option(names = "--from", paramLabel = "FILE", description = "Only write the reports again from a results.json.")
    private Path from;

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(out);
        Results results;
        if (from != null) {
            results = Results.read(from);
        } else {
            ComparisonSettings settings = settings();
            results = new ComparisonRun(settings, new ProblemContest(selected(), settings.engines()), System.out, this::keep).run(command());
        }
        ComparisonReport report = new ComparisonReport(results);
        Results.replace(out.resolve("report.md"), report.markdown());
        report.page().write(out.resolve("report.html"));
        System.out.println(report.markdown());
        System.out.println("Written: " + out.resolve("report.html").toAbsolutePath());
        return 0;
    }

    private void keep(Results results) throws IOException {
        results.write(out.resolve("results.json"));
        Results.replace(out.resolve("report.md"), new ComparisonReport(results).markdown());
    }

    private ComparisonSettings settings() {
        List<EngineName> chosen = new ArrayList<>();
        if (engines == null) {
            chosen.addAll(Arrays.asList(EngineName.values()));
            chosen.remove(EngineName.MACHINE);
        } else {
            engines.forEach(id -> chosen.add(EngineName.named(id)));
        }
        return new ComparisonSettings(chosen, threads, samples.forks(), rounds, samples.sampleNanos(), samples.warmNanos(), out);
    }

    private List<Problem> selected() {
        return all ? ProblemFile.shipped().stream().filter(p -> p.geometry().coords().count() > 0).toList()
                : ProblemSelection.of(problems);
    }

    private String command() {
        return "mvn -B -q -Ppeers -pl jmh -am -DskipTests verify -Djmh.args=\"--forks %d --rounds %d --threads %s\"".formatted(
                samples.forks(), rounds, String.join(",", threads.stream().map(String::valueOf).toList()));
    }
}

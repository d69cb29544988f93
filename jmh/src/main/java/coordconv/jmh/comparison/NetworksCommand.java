package coordconv.jmh.comparison;

import coordconv.cli.timing.NetworkCase;
import coordconv.jmh.engines.EngineName;
import coordconv.jmh.report.NetworkReport;
import coordconv.jmh.worker.SampleOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code networks}: whole networks beside other engines. */
@Command(name = "networks", mixinStandardHelpOptions = true,
        description = "Runs whole networks by our predictor and by ONNX Runtime on the exported model, compares the outputs, and times "
                + "both in turn in one JVM.")
public final class NetworksCommand implements Callable<Integer> {
    @Option(names = "--networks", split = ",", paramLabel = "NAME[@N[xHxW]]",
            description = "Networks of coordconv summary or " + NetworkCase.CLASSIFIER + ", for a batch and an image. Default: all shipped cases.")
    private List<String> names = NetworkCase.SHIPPED;

    @Option(names = "--engines", split = ",", paramLabel = "ENGINE", defaultValue = "coordconv,onnxruntime",
            description = "coordconv or coordconv-fast (ConvAlgorithm.FAST) first, and what it is compared with. Default: ${DEFAULT-VALUE}")
    private List<String> engines;

    @Option(names = "--threads", split = ",", defaultValue = "1,2", description = "Default: ${DEFAULT-VALUE}")
    private List<Integer> threads;

    @Mixin
    private final SampleOptions samples = new SampleOptions(2, 100, 500);

    @Option(names = "--rounds", defaultValue = "9", description = "Samples in a fork. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--out", defaultValue = "${sys:jmh.out:-target}/networks", paramLabel = "DIR",
            description = "For logs, and results.json and report.md, which are written after each network. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Override
    public Integer call() throws IOException {
        List<EngineName> chosen = engines.stream().map(EngineName::named).toList();
        NetworkContest contest = new NetworkContest(names.stream().map(NetworkCase::parse).toList(), chosen);
        Files.createDirectories(out);
        ComparisonSettings settings = new ComparisonSettings(chosen, threads, samples.forks(), rounds, samples.sampleNanos(),
                samples.warmNanos(), out);
        Results results = new ComparisonRun(settings, contest, System.out, this::keep).run(command());
        System.out.println(new NetworkReport(results).markdown());
        return 0;
    }

    private void keep(Results results) throws IOException {
        results.write(out.resolve("results.json"));
        Results.replace(out.resolve("report.md"), new NetworkReport(results).markdown());
    }

    private String command() {
        return "mvn -B -q -Ppeers -pl jmh -am -DskipTests verify -Djmh.command=networks -Djmh.args=\"--networks %s --engines %s --threads %s --forks %d --rounds %d\""
                .formatted(String.join(",", names), String.join(",", engines), String.join(",", threads.stream().map(String::valueOf).toList()), samples.forks(), rounds);
    }
}

package coordconv.jmh.gate;

import coordconv.jmh.worker.SampleOptions;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that the gate and its self-test share. */
final class GateOptions {
    @Mixin
    private final SampleOptions samples = new SampleOptions(6, 12, 300);

    @Option(names = "--pairs", defaultValue = "9", description = "Interleaved samples in a JVM. Default: ${DEFAULT-VALUE}")
    private int pairs;

    @Option(names = "--problems", split = ",", paramLabel = "NAME|PROBLEM",
            description = "Measure the forward passes of these in place of the standard items: labels of the shipped problem"
                    + " file, problem strings, or readme for the ten of the README.")
    private List<String> problems;

    @Option(names = "--logs", defaultValue = "${sys:jmh.out:-target}/gate-logs", paramLabel = "DIR", description = "Default: ${DEFAULT-VALUE}")
    private Path logs;

    Path logs() {
        return logs;
    }

    GateSettings settings() {
        return settings(samples.forks());
    }

    GateSettings settings(int otherForks) {
        List<GateItem> items = problems == null ? GateItem.standard() : GateItem.forward(problems);
        return new GateSettings(items, otherForks, pairs, samples.sampleNanos(), samples.warmNanos(), logs);
    }
}

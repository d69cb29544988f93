package coordconv.jmh.gate;

import coordconv.jmh.worker.SampleOptions;
import coordconv.verification.kernel.ConvKernel;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** {@return what the self-test measures: layers} */
    GateSettings settings() {
        return settings(samples.forks());
    }

    /** {@return the same, and networks and a first call unless problems are named} */
    GateSettings settingsOfGate() {
        List<GateItem> items = new ArrayList<>(problems == null ? GateItem.standard() : GateItem.forward(problems));
        if (problems == null) {
            items.addAll(GateItem.networks());
        }
        return settings(items, samples.forks());
    }

    GateSettings settings(int otherForks) {
        return settings(problems == null ? GateItem.standard() : GateItem.forward(problems), otherForks);
    }

    /** {@return the same for a kernel that is not ours} */
    GateSettings settings(String className, ConvKernel kernel) {
        return settings(problems == null ? GateItem.standard(className, kernel)
                : GateItem.forward(problems).stream().map(item -> item.by(className)).toList(), samples.forks());
    }

    private GateSettings settings(List<GateItem> items, int someForks) {
        return new GateSettings(items, someForks, pairs, samples.sampleNanos(), samples.warmNanos(), logs);
    }
}

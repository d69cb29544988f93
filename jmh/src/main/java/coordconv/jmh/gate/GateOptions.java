package coordconv.jmh.gate;

import coordconv.jmh.worker.SampleOptions;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that the gate and its self-test share. */
final class GateOptions {
    @Mixin
    private final SampleOptions samples = new SampleOptions(6, 12, 300);

    @Option(names = "--pairs", defaultValue = "9", description = "Interleaved samples in a JVM. Default: ${DEFAULT-VALUE}")
    private int pairs;

    @Option(names = "--logs", defaultValue = "${sys:jmh.out:-target}/gate-logs", paramLabel = "DIR", description = "Default: ${DEFAULT-VALUE}")
    private Path logs;

    Path logs() {
        return logs;
    }

    GateSettings settings() {
        return settings(samples.forks());
    }

    GateSettings settings(int otherForks) {
        return new GateSettings(GateItem.standard(), otherForks, pairs, samples.sampleNanos(), samples.warmNanos(), logs);
    }
}

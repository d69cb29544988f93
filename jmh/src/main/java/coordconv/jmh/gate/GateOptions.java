package coordconv.jmh.gate;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options that the gate and its self-test share. */
final class GateOptions {
    private static final long MILLION = 1_000_000;

    @Option(names = "--forks", defaultValue = "6", description = "JVMs, each giving one value. Default: ${DEFAULT-VALUE}")
    private int forks;

    @Option(names = "--pairs", defaultValue = "9", description = "Interleaved samples in a JVM. Default: ${DEFAULT-VALUE}")
    private int pairs;

    @Option(names = "--sample-ms", defaultValue = "12", description = "Length of a sample. Default: ${DEFAULT-VALUE}")
    private long sampleMillis;

    @Option(names = "--warm-ms", defaultValue = "300", description = "Warm-up of an item. Default: ${DEFAULT-VALUE}")
    private long warmMillis;

    @Option(names = "--logs", defaultValue = "${sys:jmh.out:-target}/gate-logs", paramLabel = "DIR", description = "Default: ${DEFAULT-VALUE}")
    private Path logs;

    Path logs() {
        return logs;
    }

    GateSettings settings() {
        return settings(forks);
    }

    GateSettings settings(int otherForks) {
        return new GateSettings(GateItem.standard(), otherForks, pairs, sampleMillis * MILLION, warmMillis * MILLION, logs);
    }
}

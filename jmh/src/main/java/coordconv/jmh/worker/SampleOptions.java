package coordconv.jmh.worker;

import picocli.CommandLine.Option;

/** How long the commands look that let workers take turns. */
public final class SampleOptions {
    private static final long MILLION = 1_000_000;

    @Option(names = "--forks", defaultValue = "3", description = "Repeats in new JVMs. Default: ${DEFAULT-VALUE}")
    private int forks;

    @Option(names = "--rounds", defaultValue = "7", description = "Samples in a fork. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--sample-ms", defaultValue = "20", description = "Length of a sample. Default: ${DEFAULT-VALUE}")
    private long sampleMillis;

    @Option(names = "--warm-ms", defaultValue = "250", description = "Warm-up in a fork. Default: ${DEFAULT-VALUE}")
    private long warmMillis;

    /** {@return repeats in new JVMs} */
    public int forks() {
        return forks;
    }

    /** {@return samples in a fork} */
    public int rounds() {
        return rounds;
    }

    /** {@return length of a sample} */
    public long sampleNanos() {
        return sampleMillis * MILLION;
    }

    /** {@return warm-up of a subject in a fork} */
    public long warmNanos() {
        return warmMillis * MILLION;
    }
}

package coordconv.jmh.worker;

import picocli.CommandLine.Option;

/** Options of a command that takes samples in worker JVMs; each command has defaults of its own. */
public final class SampleOptions {
    private static final long MILLION = 1_000_000;

    @Option(names = "--forks", description = "Repeats in new JVMs. Default: ${DEFAULT-VALUE}")
    private int forks;

    @Option(names = "--sample-ms", description = "Length of a sample. Default: ${DEFAULT-VALUE}")
    private long sampleMillis;

    @Option(names = "--warm-ms", description = "Warm-up in a fork. Default: ${DEFAULT-VALUE}")
    private long warmMillis;

    /**
     * The defaults.
     *
     * @param forks repeats in new JVMs
     * @param sampleMillis length of a sample
     * @param warmMillis warm-up of a subject in a fork
     */
    public SampleOptions(int forks, long sampleMillis, long warmMillis) {
        this.forks = forks;
        this.sampleMillis = sampleMillis;
        this.warmMillis = warmMillis;
    }

    /** {@return repeats in new JVMs} */
    public int forks() {
        return forks;
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

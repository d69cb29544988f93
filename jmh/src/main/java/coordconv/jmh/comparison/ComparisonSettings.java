package coordconv.jmh.comparison;

import coordconv.jmh.engines.EngineName;
import java.nio.file.Path;
import java.util.List;

/**
 * How engines are compared.
 *
 * @param engines which engines
 * @param threads numbers of threads
 * @param forks how often everything is repeated in new JVMs
 * @param rounds samples of each subject in a fork
 * @param sampleNanos minimum length of a sample
 * @param warmNanos warm-up of each subject in each fork
 * @param folder for results and logs
 */
public record ComparisonSettings(List<EngineName> engines, List<Integer> threads, int forks, int rounds,
        long sampleNanos, long warmNanos, Path folder) {
    @Override
    public String toString() {
        return "%d forks, %d rounds of samples of %d ms, warmed up %d ms".formatted(
                forks, rounds, sampleNanos / 1_000_000, warmNanos / 1_000_000);
    }
}

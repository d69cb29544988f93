package coordconv.cli.timing;

import coordconv.verification.problem.Problem;
import java.util.List;

/**
 * What was measured of a problem.
 *
 * @param problem its text
 * @param ms median milliseconds of one forward pass
 * @param msSpread in one JVM the distance of the quartiles of the samples; over several the larger of
 *     the median of those and the range of the JVMs' medians
 * @param gflops rate, every multiply-add counted as two, coordinate taps included
 * @param ceilingGflops rate of the micro-kernel on data in the first-level cache, measured between
 *     the samples, times the threads
 * @param ratio {@code gflops / ceilingGflops}
 * @param plainMs median milliseconds of the same convolution without coordinates
 * @param settled whether the samples, as shares of the ceiling, had stopped to fall; where false the true time is less
 */
public record ProblemTiming(String problem, double ms, double msSpread, double gflops, double ceilingGflops,
        double ratio, double plainMs, boolean settled) {
    static ProblemTiming of(Problem problem, double ms, double msSpread, double ceilingGflops, double plainMs, boolean settled) {
        double gflops = problem.geometry().flops() / (ms * 1e6);
        return new ProblemTiming(problem.toString(), ms, msSpread, gflops, ceilingGflops,
                gflops / ceilingGflops, plainMs, settled);
    }

    /**
     * Merges what several JVMs measured of one problem: the medians of their medians.
     *
     * @param problem the problem
     * @param forks one timing for each JVM, at least one
     * @return the merged timing
     */
    public static ProblemTiming merge(Problem problem, List<ProblemTiming> forks) {
        Samples ms = new Samples(forks.size());
        Samples spread = new Samples(forks.size());
        Samples ceiling = new Samples(forks.size());
        Samples plain = new Samples(forks.size());
        for (ProblemTiming fork : forks) {
            ms.add(fork.ms);
            spread.add(fork.msSpread);
            ceiling.add(fork.ceilingGflops);
            plain.add(fork.plainMs);
        }
        return of(problem, ms.median(), Math.max(spread.median(), ms.range()), ceiling.median(), plain.median(),
                forks.stream().allMatch(ProblemTiming::settled));
    }
}

package coordconv.jmh.code;

import coordconv.jmh.benchmark.ConvolutionBenchmark;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Bytes that a call allocates in the steady state, as JMH's gc profiler counts them. */
final class Allocation {
    /**
     * Size of the smallest object: a call that allocates shows at least this much. What JMH itself allocates, divided
     * by the calls of an iteration, stays below.
     */
    static final double MIN_OBJECT_BYTES = 16;

    private static final String NORMALISED = "gc.alloc.rate.norm";

    /** Small problems, so that an iteration has many calls. */
    private static final String[] PROBLEMS = {"n4c16h9w9o16k3p1+xy", "n2c16h9w9o32k3s2p1", "n2c32h8w8o32k1+xy",
        "n4c16h9w9o32k3p1lnhwc", "n4c32h9w9o32k3p1g32lnhwc"};

    private Allocation() {}

    /**
     * Measures.
     *
     * @return bytes of one call, by benchmark and problem
     * @throws RunnerException if JMH cannot run
     */
    static Map<String, Double> bytesPerCall() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                .include(ConvolutionBenchmark.class.getName() + ".*").param("problem", PROBLEMS)
                .forks(1).warmupIterations(5).measurementIterations(2)
                .warmupTime(TimeValue.seconds(1)).measurementTime(TimeValue.milliseconds(500))
                .addProfiler(GCProfiler.class).verbosity(VerboseMode.SILENT).shouldFailOnError(true).build()).run();
        Map<String, Double> bytes = new TreeMap<>();
        for (RunResult result : results) {
            String method = result.getParams().getBenchmark();
            bytes.put(method.substring(method.lastIndexOf('.') + 1) + " " + result.getParams().getParam("problem"),
                    result.getSecondaryResults().get(NORMALISED).getScore());
        }
        return bytes;
    }
}

package coordconv.cli.timing;

import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Times every algorithm that can serve a problem, in turns, so that a change of the machine's pace meets all of them. */
public final class AlgorithmTimer {
    private final Function<String, PlanKernel> kernelOf;
    private final int threads;
    private final Effort effort;

    /**
     * A way to time.
     *
     * @param kernelOf the kernel of each of {@link PlanKernel#ALGORITHMS}
     * @param threads how many it may use
     * @param effort how long to measure
     */
    public AlgorithmTimer(Function<String, PlanKernel> kernelOf, int threads, Effort effort) {
        this.kernelOf = kernelOf;
        this.threads = threads;
        this.effort = effort;
    }

    /**
     * Times one problem.
     *
     * @param problem what to run
     * @return its timing
     */
    public AlgorithmTiming time(Problem problem) {
        float[] x = Inputs.uniform(ProblemTimer.SEED, problem.geometry().inputLength());
        Map<String, ForwardTask> tasks = new LinkedHashMap<>();
        Map<String, Samples> samples = new LinkedHashMap<>();
        Map<String, Integer> calls = new LinkedHashMap<>();
        for (String algorithm : PlanKernel.ALGORITHMS) {
            PlanKernel kernel = kernelOf.apply(algorithm);
            if (kernel.supports(ConvCall.of(problem.geometry()).withThreads(threads))) {
                ForwardTask task = new ForwardTask(problem.geometry(), x, kernel, threads);
                tasks.put(algorithm, task);
                samples.put(algorithm, new Samples(effort.rounds()));
                calls.put(algorithm, effort.calls(task.warmUp(effort.warmUpSeconds())));
            }
        }
        List<String> order = new ArrayList<>(tasks.keySet());
        for (int round = 0; round < effort.rounds(); round++) {
            for (String algorithm : order) {
                samples.get(algorithm).add(tasks.get(algorithm).milliseconds(calls.get(algorithm)));
            }
            Collections.rotate(order, 1);
        }
        Map<String, Double> ms = new LinkedHashMap<>();
        samples.forEach((algorithm, of) -> ms.put(algorithm, of.median()));
        return AlgorithmTiming.of(problem.toString(), ms, samples.values().stream().noneMatch(Samples::fall));
    }
}

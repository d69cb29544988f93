package coordconv.jmh.worker;

import coordconv.jmh.machine.CeilingEngine;
import coordconv.jmh.engines.Operation;
import coordconv.verification.problem.Problem;

/**
 * What is timed.
 *
 * @param engine name of the engine
 * @param operation which part of the convolution, a network, or which ceiling
 * @param problem the problem string, or that of a network; empty for a ceiling
 * @param threads how many threads
 */
public record Subject(String engine, Operation operation, String problem, int threads) {
    /**
     * A ceiling of the machine.
     *
     * @param operation which
     * @param threads how many threads run it at once
     * @return the subject
     */
    public static Subject ceiling(Operation operation, int threads) {
        return new Subject("machine", operation, "", threads);
    }

    /** {@return floating-point operations, or bytes for a copy, of one call; NaN for a network, which reports times} */
    public double work() {
        if (operation == Operation.NETWORK) {
            return Double.NaN;
        }
        return operation.isCeiling() ? CeilingEngine.work(operation, threads)
                : Problem.parse(problem).geometry().flops();
    }

    @Override
    public String toString() {
        return engine + " " + operation.title() + " " + problem + " x" + threads;
    }
}

package coordconv.cli.timing;

import coordconv.kernels.VectorWidth;
import coordconv.kernels.benchmark.Ceiling;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;

/**
 * Times forward passes.
 *
 * <p>The problem, the same convolution without coordinates and the micro-kernel's ceiling take turns,
 * so that a machine that changes its pace during the run changes it for all three. A kernel whose time still falls beside
 * the ceiling is measured again, and if it does not stop the timing says so.
 */
public final class ProblemTimer {
    static final int SEED = 2;
    /** Samples that fall are thrown away, this often less one. */
    static final int ATTEMPTS = 4;

    private final ConvKernel kernel;
    private final VectorWidth width;
    private final int threads;
    private final Effort effort;

    /**
     * A way to time.
     *
     * @param kernel what is timed
     * @param width of our micro-kernel, whose ceiling is measured beside it
     * @param threads how many the kernel may use
     * @param effort how long to measure
     */
    public ProblemTimer(ConvKernel kernel, VectorWidth width, int threads, Effort effort) {
        this.kernel = kernel;
        this.width = width;
        this.threads = threads;
        this.effort = effort;
    }

    /**
     * Times one problem.
     *
     * @param problem what to run
     * @return its timing
     */
    public ProblemTiming time(Problem problem) {
        float[] x = Inputs.uniform(SEED, problem.geometry().inputLength());
        ForwardTask own = new ForwardTask(problem.geometry(), x, kernel, threads);
        ForwardTask plain = new ForwardTask(problem.withoutCoordinates().geometry(), x, kernel, threads);
        int ownCalls = effort.calls(own.warmUp(effort.warmUpSeconds()));
        int plainCalls = effort.calls(plain.warmUp(effort.warmUpSeconds()));
        Ceiling.gflops(width, effort.sampleSeconds());

        for (int attempt = 1; true; attempt++) {
            Samples ownMs = new Samples(effort.rounds());
            Samples plainMs = new Samples(effort.rounds());
            Samples ceiling = new Samples(effort.rounds());
            for (int round = 0; round < effort.rounds(); round++) {
                // Turn and turn about, so that neither always follows the ceiling's burst of heat.
                if (round % 2 == 0) {
                    ownMs.add(own.milliseconds(ownCalls));
                    plainMs.add(plain.milliseconds(plainCalls));
                } else {
                    plainMs.add(plain.milliseconds(plainCalls));
                    ownMs.add(own.milliseconds(ownCalls));
                }
                ceiling.add(Ceiling.gflops(width, effort.sampleSeconds()));
            }
            boolean settled = !ownMs.fallsBeside(ceiling) && !plainMs.fallsBeside(ceiling);
            if (settled || attempt == ATTEMPTS) {
                return ProblemTiming.of(problem, ownMs.median(), ownMs.spread(), ceiling.median() * threads, plainMs.median(), settled);
            }
        }
    }
}

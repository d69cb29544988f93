package coordconv.kernels;

import coordconv.kernels.internal.parallel.Runner;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;

/**
 * How many threads one call may use, and whose.
 *
 * <p>The calling thread always takes part and takes over whatever the executor does not start, so a
 * saturated, interrupted or shut-down executor slows a call but never stops it. Whatever else an
 * executor throws, and whatever a part throws on any thread, reaches the caller, once no thread
 * works on the call any more. Results do not depend on the number of threads, to the last bit.
 */
public final class Parallelism {
    /** The calling thread alone. */
    public static final Parallelism SERIAL = new Parallelism(Runner.SERIAL);

    final Runner runner;

    private Parallelism(Runner runner) {
        this.runner = runner;
    }

    /**
     * The calling thread and up to {@code threads - 1} tasks on an executor.
     *
     * @param executor runs the helping tasks
     * @param threads how many parts to split a call into, at least 1
     * @return the choice
     */
    public static Parallelism of(Executor executor, int threads) {
        Arguments.present("executor", executor);
        Arguments.positive("threads", threads);
        return threads == 1 ? SERIAL : new Parallelism(new Runner(executor, threads));
    }

    /** {@return the number of parts a call is split into} */
    public int threads() {
        return runner.threads();
    }

    /**
     * Runs every part once and returns when all are done.
     *
     * @param parts number of parts, at least 0
     * @param work told which part to run
     */
    public void run(int parts, IntConsumer work) {
        Arguments.notNegative("parts", parts);
        Arguments.present("work", work);
        runner.run(parts, work);
    }
}

package coordconv.cli;

import coordconv.verification.cases.Pass;
import coordconv.verification.cases.RandomCases;
import coordconv.verification.check.RandomCheck;
import coordconv.verification.check.RandomCheck.Failure;
import coordconv.verification.check.RandomCheck.Result;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.problem.Problem;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * {@code check --random}.
 *
 * @param output where it is told
 * @param seed of the first case
 * @param count how many cases
 * @param passes those to check
 * @param threads of every call; 0 for any number
 */
record RandomRun(Output output, long seed, long count, List<Pass> passes, int threads) {
    /** That of the property tests: a million cases take hours, not days. */
    private static final double BUDGET = 3e5;
    private static final long NANOS_BETWEEN_LINES = 2_000_000_000L;

    /**
     * Everything in JSON.
     *
     * @param random how many cases were asked for
     * @param seed of the first
     * @param ok whether none failed
     * @param ran how many were checked
     * @param notRun how many the kernel does not support
     * @param failingSeed with which {@code --random 1} draws the case that failed; null if none did
     * @param failure what is wrong with its smallest form
     * @param problem that form as a problem string, where it is one
     */
    record Line(long random, long seed, boolean ok, long ran, long notRun, Long failingSeed, String failure, String problem) {}

    int run(List<ConvKernel> kernels) {
        RandomCases cases = RandomCases.of(kernels, BUDGET);
        Progress progress = new Progress(output.progress());
        Result result = new RandomCheck(threads == 0 ? cases : cases.onThreads(threads), passes).run(seed, count, progress::told);
        Failure failure = result.failure().orElse(null);
        String problem = failure == null ? null : failure.smallest().problem().map(Problem::text).orElse(null);
        PrintWriter out = output.report();
        if (failure == null) {
            out.println(result.ran() + " random cases from seed " + seed + " on, all within their bounds"
                    + (result.notRun() == 0 ? "." : "; " + result.notRun() + " not run, which the kernel does not support."));
        } else {
            out.println("WRONG after " + result.ran() + " cases, with seed " + failure.seed());
            out.println("  " + failure.message());
            out.println("drawn as");
            out.println("  " + failure.drawn());
            out.println("Again: coordconv check --random 1 --seed " + failure.seed()
                    + (problem == null ? "" : "; its smallest form: coordconv check " + problem));
        }
        output.object(new Line(count, seed, failure == null, result.ran(), result.notRun(),
                failure == null ? null : failure.seed(), failure == null ? null : failure.message(), problem));
        return failure == null ? 0 : CoordConvCommand.CHECK_FAILED;
    }

    /** Lines about the rate and the time that is left. */
    private final class Progress {
        private final PrintWriter err;
        private final long start = System.nanoTime();
        private long last = start;

        Progress(PrintWriter err) {
            this.err = err;
        }

        boolean told(long done) {
            long now = System.nanoTime();
            if (now - last >= NANOS_BETWEEN_LINES) {
                last = now;
                double rate = done / ((now - start) * 1e-9);
                err.println(String.format(Locale.ROOT, "%,d of %,d, %.0f a second, %s left", done, count, rate,
                        time((long) ((count - done) / rate))));
                err.flush();
            }
            return true;
        }

        private static String time(long seconds) {
            return seconds < 100 ? seconds + " s" : seconds < 6000 ? seconds / 60 + " min" : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
        }
    }
}

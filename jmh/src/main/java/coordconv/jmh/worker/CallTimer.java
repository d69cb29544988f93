package coordconv.jmh.worker;

import coordconv.jmh.engines.PreparedCall;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.BooleanSupplier;

/** Times a call by running it back to back until a given time has passed. */
final class CallTimer {
    /** A call of this length is timed within one run. */
    private static final double LONG_NANOS = 1e9;
    private static final int MIN_STRETCHES = 4;
    private static final int MAX_UNSTEADY_STRETCHES = 40;
    private static final int MAX_STRETCHES = 200;
    private static final double STEADY = 0.05;
    private static final CompilationMXBean COMPILATION = ManagementFactory.getCompilationMXBean();

    private final PreparedCall call;
    private final long leadNanos;
    private final BooleanSupplier compilerIsIdle;
    private double nanosPerCall = Double.NaN;

    /**
     * A timer of one call.
     *
     * @param call what to time
     * @param leadNanos how long to run it untimed before each sample; 0 for one call, which refills the caches
     */
    CallTimer(PreparedCall call, long leadNanos) {
        this(call, leadNanos, JitCompiler::isIdle);
    }

    CallTimer(PreparedCall call, long leadNanos, BooleanSupplier compilerIsIdle) {
        this.call = call;
        this.leadNanos = leadNanos;
        this.compilerIsIdle = compilerIsIdle;
    }

    PreparedCall call() {
        return call;
    }

    /**
     * Runs at least for the given time, a quarter of it at a stretch, and on until in two successive stretches the
     * JVM compiled nothing and the time of a call changed by less than 5%. A steady time alone would not do: until its
     * vector code is compiled, our kernel is hundreds of times slower, and steadily so for the second that C2 needs.
     * After {@value #MAX_UNSTEADY_STRETCHES} stretches the time need not be steady, and after
     * {@value #MAX_STRETCHES} the JVM may still compile. A call that lasts longer than a second is repeated only while
     * the JVM compiles.
     *
     * @param nanos minimum time
     */
    void warm(long nanos) throws Exception {
        long start = System.nanoTime();
        int steady = 0;
        for (int stretch = 1; System.nanoTime() - start < nanos * (MAX_STRETCHES / MIN_STRETCHES); stretch++) {
            double before = nanosPerCall;
            long compiled = COMPILATION.getTotalCompilationTime();
            run(nanos / MIN_STRETCHES);
            boolean idle = COMPILATION.getTotalCompilationTime() == compiled && compilerIsIdle.getAsBoolean();
            boolean same = Math.abs(nanosPerCall / before - 1) < STEADY;
            steady = idle && same ? steady + 1 : 0;
            boolean enough = steady >= 2 || idle && stretch >= MAX_UNSTEADY_STRETCHES;
            if (stretch >= MIN_STRETCHES && enough || idle && nanosPerCall > LONG_NANOS) {
                return;
            }
        }
    }

    /** Runs once, and on until some time has passed. */
    void run(long nanos) throws Exception {
        long start = System.nanoTime();
        long calls = 0;
        long elapsed;
        do {
            call.run();
            calls++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < nanos);
        nanosPerCall = (double) elapsed / calls;
    }

    /**
     * The mean time of as many calls as fill the given time, after the lead.
     *
     * @param nanos how long to run
     * @return nanoseconds of one call
     */
    double sample(long nanos) throws Exception {
        if (leadNanos > 0) {
            run(leadNanos);
        } else if (!(nanosPerCall > nanos / 2.0)) {
            call.run();
        }
        // The number of calls is fixed before the clock starts, so that the clock is read only twice.
        long calls = Double.isNaN(nanosPerCall) ? 1 : (long) Math.max(1, Math.ceil(nanos / nanosPerCall));
        long start = System.nanoTime();
        for (long i = 0; i < calls; i++) {
            call.run();
        }
        nanosPerCall = (double) (System.nanoTime() - start) / calls;
        return nanosPerCall;
    }
}

package coordconv.jmh.worker;

import coordconv.cli.timing.JitCompiler;
import coordconv.cli.timing.WarmUp;
import coordconv.jmh.engines.PreparedCall;
import java.util.function.BooleanSupplier;

/** Times a call by running it back to back until a given time has passed. */
final class CallTimer {
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
        this(call, leadNanos, JitCompiler.quiet());
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
     * Runs at least for the given time, and on until the time of a call no longer falls, as {@link WarmUp} finds.
     *
     * @param nanos minimum time
     */
    void warm(long nanos) throws Exception {
        new WarmUp(compilerIsIdle, System::nanoTime).run(nanos * 1e-9, seconds -> run((long) (seconds * 1e9)) * 1e-6);
    }

    /**
     * Runs once, and on until some time has passed.
     *
     * @return nanoseconds of one call, the mean
     */
    double run(long nanos) throws Exception {
        long start = System.nanoTime();
        long calls = 0;
        long elapsed;
        do {
            call.run();
            calls++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < nanos);
        nanosPerCall = (double) elapsed / calls;
        return nanosPerCall;
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

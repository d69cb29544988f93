package coordconv.jmh.worker;

import coordconv.jmh.peer.PreparedCall;

/** Times a call by running it back to back until a given time has passed. */
final class CallTimer {
    /** A call this long needs no repeats to be compiled, nor to be timed. */
    private static final double LONG_NANOS = 1e9;
    private static final int LEAST_STRETCHES = 4;
    private static final int MOST_STRETCHES = 24;
    private static final double STEADY = 0.03;

    private final PreparedCall call;
    private double nanosPerCall = Double.NaN;

    CallTimer(PreparedCall call) {
        this.call = call;
    }

    PreparedCall call() {
        return call;
    }

    /**
     * Runs for at least this long, and on until two stretches in a row take the same time within a few
     * percent, at most {@value #MOST_STRETCHES} stretches: a compiler that is late is waited for. A call
     * known to last longer than a second is not repeated at all.
     */
    void warm(long nanos) throws Exception {
        double before = nanosPerCall;
        for (int stretch = 0; stretch < MOST_STRETCHES && !(nanosPerCall > LONG_NANOS); stretch++) {
            run(nanos / LEAST_STRETCHES);
            if (stretch + 1 >= LEAST_STRETCHES && Math.abs(nanosPerCall / before - 1) < STEADY) {
                return;
            }
            before = nanosPerCall;
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
     * The mean time of as many calls as fill the given time, after one that brings the caches back.
     *
     * @param nanos how long to run
     * @return nanoseconds of one call
     */
    double sample(long nanos) throws Exception {
        if (!(nanosPerCall > nanos / 2.0)) {
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

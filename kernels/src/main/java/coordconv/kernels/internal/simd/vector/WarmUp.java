package coordconv.kernels.internal.simd.vector;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Has vector code compiled in the background, in the order in which it was asked for. A vector operation that is not compiled
 * runs as thousands of instructions of Java, which the JVM compiles as well once they have run for a while, before or instead of
 * what is waited for. So code computes as little as tells the compiler how often its loops run, and for the rest is called to be
 * counted alone. One thread, which ends when there is nothing left.
 */
final class WarmUp {
    /** Iterations of the inner loop of a micro-kernel's rehearsal. */
    static final int ITERATIONS = 64;
    /** Those of a small product, which soon gives way and is waited for more. */
    static final int FEW_ITERATIONS = 8;
    /** Iterations of an empty loop when code is called to be counted. */
    private static final int COUNTED = 29;
    /** HotSpot profiles a method that was called 100 times and looped 2,000 times (Tier3CompileThreshold). */
    private static final int CALLS_TO_PROFILE = 320;
    /**
     * Iterations of a call whose time is taken. C1's code takes less than half of the interpreter's time where it collects a profile,
     * and less than a fifth where it does not. Were they those of many calls, C2 might compile the method before it has computed
     * anything, and once more when it does.
     */
    private static final int TIMED = 480;
    private static final int TIMED_CALLS = 3;
    /** HotSpot asks itself every 2048 calls whether to compile such a method again (Tier2InvokeNotifyFreqLog). */
    private static final int CALLS_TO_PROFILE_AGAIN = 512;
    /** The JVM may take long to profile code, and need not do it at all. */
    private static final int MOST_WAITS = 500;
    /**
     * Calls that are counted for each rehearsal. HotSpot compiles code that was called 600 times and looped 15,000 times
     * (Tier4CompileThreshold), more the longer its queue. With more of them C2 takes the inner loop for a rare one: with 79 a network
     * was at full speed 0.2 s earlier, and some JVMs ran SqueezeNet a tenth slower for good.
     */
    private static final int CALLS_OF_ROUND = 9;
    private static final int ROUNDS_TO_COMPILE = 76;
    /** A vector operation takes a nanosecond where C2 compiled it, and a hundred or more else. */
    private static final long NANOS_OF_OPERATION = 3;
    private static final long NANOS_OF_CALL = 1000;
    private static final long PAUSE_NANOS = 500_000;
    /** Code that the compiler does not take serves as it is. */
    private static final long GIVE_UP_NANOS = 8_000_000_000L;

    private static final ArrayDeque<Rehearsal> ASKED = new ArrayDeque<>();
    private static boolean running;

    private WarmUp() {}

    /** Code to compile. */
    interface Rehearsal {
        /** Computes something tiny: some iterations of its inner loop. */
        void rehearse();

        /** {@return vector operations of a rehearsal} */
        int operations();

        /**
         * Calls it for an empty loop.
         *
         * @param iterations of the loop
         */
        void count(int iterations);

        /** Called when it is compiled. */
        void compiled();

        /** {@return whether nothing else is to be compiled before it} */
        default boolean servesAllShapes() {
            return false;
        }
    }

    /**
     * Asks for code.
     *
     * @param code not asked for before
     */
    static void ask(Rehearsal code) {
        synchronized (ASKED) {
            ASKED.addLast(code);
            if (!running) {
                running = true;
                Thread thread = new Thread(WarmUp::run, "coordconv-warm-up");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    /** Waits until all that was asked for so far is compiled, or the calling thread is interrupted. */
    static void await() {
        synchronized (ASKED) {
            try {
                while (running) {
                    ASKED.wait();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void run() {
        List<Awaited> awaited = new ArrayList<>();
        while (true) {
            synchronized (ASKED) {
                // While C2 compiles one, the next is profiled, which keeps C2 from what all shapes wait for.
                if (!ASKED.isEmpty() && (awaited.isEmpty() || awaited.getLast().isCounted() && !awaited.getLast().code.servesAllShapes())) {
                    awaited.add(new Awaited(ASKED.removeFirst()));
                }
                running = !awaited.isEmpty();
                if (!running) {
                    ASKED.notifyAll();
                    return;
                }
            }
            awaited.removeIf(Awaited::isOver);
            if (awaited.isEmpty() || awaited.getLast().waits()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static final class Awaited {
        private final Rehearsal code;
        private final long giveUpAt = System.nanoTime() + GIVE_UP_NANOS;
        private final long interpretedNanos;
        private boolean profiled;
        private int waits;
        private int rounds;

        Awaited(Rehearsal code) {
            this.code = code;
            interpretedNanos = leastNanosOfCalls();
            for (int call = TIMED_CALLS; call < CALLS_TO_PROFILE; call++) {
                code.count(COUNTED);
            }
        }

        private long leastNanosOfCalls() {
            long least = Long.MAX_VALUE;
            for (int call = 0; call < TIMED_CALLS; call++) {
                long start = System.nanoTime();
                code.count(TIMED);
                least = Math.min(least, System.nanoTime() - start);
            }
            return least;
        }

        /** Whether the JVM has been told as often as it takes that this is worth compiling. */
        boolean isCounted() {
            return rounds >= ROUNDS_TO_COMPILE;
        }

        boolean waits() {
            return !profiled || isCounted();
        }

        boolean isOver() {
            if (!profiled) {
                long nanos = leastNanosOfCalls();
                if (4 * nanos < interpretedNanos) {
                    // C1 has compiled it without a profile, since C2's queue was long, and does so again if it is called on.
                    for (int call = 0; call < CALLS_TO_PROFILE_AGAIN; call++) {
                        code.count(1);
                    }
                } else {
                    profiled = 4 * nanos < 3 * interpretedNanos;
                }
                profiled |= ++waits > MOST_WAITS;
                return false;
            }
            rounds++;
            long start = System.nanoTime();
            code.rehearse();
            long end = System.nanoTime();
            if (end - start <= NANOS_OF_CALL + NANOS_OF_OPERATION * code.operations() || end - giveUpAt > 0) {
                code.compiled();
                return true;
            }
            for (int call = 0; call < CALLS_OF_ROUND; call++) {
                code.count(COUNTED);
            }
            return false;
        }
    }
}

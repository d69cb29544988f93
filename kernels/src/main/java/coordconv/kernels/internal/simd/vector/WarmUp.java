package coordconv.kernels.internal.simd.vector;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Has vector code compiled in the background, in the order in which it was asked for, by calling it on tiny operands until
 * a call takes no longer than compiled code does. While the compiler works on one, the next is called. One thread,
 * which ends when there is nothing left.
 */
final class WarmUp {
    /** Iterations of the loop of a call: it counts towards compilation, and is not compiled while it runs. */
    static final int ITERATIONS = 24;
    /** HotSpot profiles a method that was called 200 times (Tier3InvocationThreshold); interpreted, calls are slow. */
    private static final int SHORT_CALLS = 220;
    /** C2 compiles a method that was called 600 times and looped 15,000 times (Tier4CompileThreshold). */
    private static final int CALLS = 700;
    private static final int CALLS_AT_ONCE = 20;
    /** A vector operation takes a nanosecond where C2 compiled it, and ten or more else. */
    private static final long NANOS_OF_OPERATION = 3;
    private static final long NANOS_OF_CALL = 400;
    /** Code that the compiler does not take serves as it is. */
    private static final long GIVE_UP_NANOS = 8_000_000_000L;

    private static final ArrayDeque<Rehearsal> ASKED = new ArrayDeque<>();
    private static boolean running;

    private WarmUp() {}

    /** Code to compile. */
    interface Rehearsal {
        /**
         * Calls it once.
         *
         * @param iterations of its loop, at most {@link #ITERATIONS}
         */
        void call(int iterations);

        /**
         * {@return vector operations of a call}
         *
         * @param iterations of its loop
         */
        int operations(int iterations);

        /** Called when it is compiled. */
        void compiled();
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
            Rehearsal next;
            synchronized (ASKED) {
                next = ASKED.pollFirst();
                running = next != null || !awaited.isEmpty();
                if (!running) {
                    ASKED.notifyAll();
                    return;
                }
            }
            if (next != null) {
                begin(next, awaited);
                awaited.add(new Awaited(next, System.nanoTime() + GIVE_UP_NANOS));
            } else {
                pause();
            }
            awaited.removeIf(Awaited::isOver);
        }
    }

    private static void begin(Rehearsal code, List<Awaited> awaited) {
        for (int call = 0; call < SHORT_CALLS; call++) {
            code.call(1);
        }
        for (int call = 0; call < CALLS; call++) {
            code.call(ITERATIONS);
            if (call % CALLS_AT_ONCE == 0) {
                awaited.removeIf(Awaited::isOver);
            }
        }
    }

    private record Awaited(Rehearsal code, long giveUpAt) {
        /** Calls it a few times more, which the compiler may still count, and times them. */
        boolean isOver() {
            long start = System.nanoTime();
            for (int i = 0; i < CALLS_AT_ONCE; i++) {
                code.call(ITERATIONS);
            }
            long end = System.nanoTime();
            long limit = CALLS_AT_ONCE * (NANOS_OF_CALL + NANOS_OF_OPERATION * code.operations(ITERATIONS));
            boolean over = end - start <= limit || end - giveUpAt > 0;
            if (over) {
                code.compiled();
            }
            return over;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException nobodyInterruptsThisThread) {
            Thread.currentThread().interrupt();
        }
    }
}

package coordconv.kernels;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Helper threads for many short parallel calls, one after another. Between two calls they spin for
 * two milliseconds before they sleep: waking a sleeping thread can take as long as a small convolution does.
 *
 * <p>Made for calls that finish whether or not a helper comes: a task that a busy helper has not begun is
 * replaced by the next. Where there are more threads than processors none spins: it would hold up another.
 */
public final class Workers implements Executor, AutoCloseable {
    private static final long SPIN_NANOS = 2_000_000;
    private static final int SPINS_PER_LOOK = 32;
    private static final int MOST_THREADS = 1024;

    private final long spinNanos;
    private final Worker[] helpers;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Starts helpers.
     *
     * @param threads how many threads work on a call, the caller counted; 1 to {@value #MOST_THREADS}
     */
    public Workers(int threads) {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException("threads: given " + threads + ", needed 1 to " + MOST_THREADS);
        }
        spinNanos = threads <= Runtime.getRuntime().availableProcessors() ? SPIN_NANOS : 0;
        helpers = new Worker[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Worker();
            helpers[i].setName("coordconv-" + i);
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
    }

    /** {@return the choice of all these threads, for the kernels} */
    public Parallelism parallelism() {
        return Parallelism.of(this, helpers.length + 1);
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (closed || helpers.length == 0) {
            throw new RejectedExecutionException("helpers: given none or closed ones, needed open ones");
        }
        helpers[Math.floorMod(turn.getAndIncrement(), helpers.length)].offer(task);
    }

    /** Lets the helpers end once they are done with what they have begun. */
    @Override
    public void close() {
        closed = true;
        for (Worker helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    private final class Worker extends Thread {
        private final AtomicReference<Runnable> next = new AtomicReference<>();
        private volatile boolean asleep;

        void offer(Runnable task) {
            next.set(task);
            if (asleep) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            while (!closed) {
                Runnable task = next.getAndSet(null);
                if (task != null) {
                    run(task);
                } else if (!spin()) {
                    asleep = true;
                    // Looked at once more: a task offered before the flag was up has woken nobody.
                    if (next.get() == null && !closed) {
                        LockSupport.park(Workers.this);
                    }
                    asleep = false;
                }
            }
        }

        /** A task that fails ends itself, and not the helper. */
        private void run(Runnable task) {
            try {
                task.run();
            } catch (Throwable e) {
                getUncaughtExceptionHandler().uncaughtException(this, e);
            }
        }

        /** Whether a task came. */
        private boolean spin() {
            long end = System.nanoTime() + spinNanos;
            while (System.nanoTime() < end && !closed) {
                for (int i = 0; i < SPINS_PER_LOOK; i++) {
                    Thread.onSpinWait();
                }
                if (next.get() != null) {
                    return true;
                }
            }
            return false;
        }
    }
}

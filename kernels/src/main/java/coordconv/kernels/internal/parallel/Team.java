package coordconv.kernels.internal.parallel;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * One call's parts, claimed by the caller and by whichever helpers the executor starts; then the next call's.
 *
 * <p>A helper that starts after the last part was claimed finds nothing to do, or a part of a later call on
 * the same executor, which it may as well take: a claim holds its call open until the part is done.
 */
public final class Team implements Runnable {
    /** Parts of the call in the upper half, the next to be claimed in the lower: read and raised as one. */
    private final AtomicLong claims = new AtomicLong();
    private final AtomicInteger pending = new AtomicInteger();
    private IntConsumer work;
    private Thread caller;
    private volatile Throwable failure;

    /**
     * Runs all parts and returns when every one is done.
     *
     * @param executor where helpers run
     * @param threads threads that take part, the caller's included
     * @param parts number of parts
     * @param parted told which part to run
     */
    public void run(Executor executor, int threads, int parts, IntConsumer parted) {
        work = parted;
        caller = Thread.currentThread();
        failure = null;
        pending.set(parts);
        claims.set((long) parts << Integer.SIZE);
        try {
            for (int i = 1; i < threads; i++) {
                executor.execute(this);
            }
        } catch (RejectedExecutionException shutDown) {
            // The caller runs what nobody else claims.
        } catch (Throwable broken) {
            // Helpers that did start still use the caller's buffers: thrown once they are done.
            failure = broken;
        }
        run();
        await();
        work = null;
        rethrow();
    }

    @Override
    public void run() {
        for (long claim = claims.getAndIncrement(); (int) claim < claim >>> Integer.SIZE; claim = claims.getAndIncrement()) {
            Thread waiting = caller;
            try {
                work.accept((int) claim);
            } catch (Throwable e) {
                failure = e;
            } finally {
                if (pending.decrementAndGet() == 0) {
                    LockSupport.unpark(waiting);
                }
            }
        }
    }

    private void await() {
        boolean interrupted = false;
        for (int spins = 0; pending.get() > 0; spins++) {
            if (spins < 20_000) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            caller.interrupt();
        }
        caller = null;
    }

    private void rethrow() {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }
}

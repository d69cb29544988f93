package coordconv.kernels.internal.gemm;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * One call's parts, claimed by the caller and by whichever helpers the executor starts.
 *
 * <p>A helper that starts after the last part was claimed finds nothing to do and touches nothing.
 */
public final class Team implements Runnable {
    private final int parts;
    private final IntConsumer work;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger pending;
    private volatile Throwable failure;

    private Team(int parts, IntConsumer work) {
        this.parts = parts;
        this.work = work;
        pending = new AtomicInteger(parts);
    }

    /**
     * Runs all parts and returns when every one is done.
     *
     * @param executor where helpers run
     * @param threads threads that take part, the caller's included
     * @param parts number of parts
     * @param work told which part to run
     */
    public static void run(Executor executor, int threads, int parts, IntConsumer work) {
        Team team = new Team(parts, work);
        try {
            for (int i = 1; i < threads; i++) {
                executor.execute(team);
            }
        } catch (RejectedExecutionException shutDown) {
            // The caller runs what nobody else claims.
        } catch (Throwable broken) {
            // Helpers that did start still use the caller's buffers: thrown once they are done.
            team.failure = broken;
        }
        team.run();
        team.await();
    }

    @Override
    public void run() {
        for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
            try {
                work.accept(part);
            } catch (Throwable e) {
                failure = e;
            } finally {
                if (pending.decrementAndGet() == 0) {
                    LockSupport.unpark(caller);
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
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }
}

package coordconv.kernels.internal.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RunnerTest {
    private static final Executor REFUSING = task -> {
        throw new RejectedExecutionException();
    };

    private static void runsEachPartOnce(Runner runner, int parts) {
        AtomicIntegerArray runs = new AtomicIntegerArray(parts);
        runner.run(parts, runs::incrementAndGet);
        for (int part = 0; part < parts; part++) {
            assertEquals(1, runs.get(part), "part " + part + " of " + parts);
        }
    }

    @Test
    void oneThreadRunsPartsInOrder() {
        List<Integer> order = new ArrayList<>();
        Runner.SERIAL.run(3, order::add);
        assertEquals(List.of(0, 1, 2), order);
        assertEquals(1, Runner.SERIAL.threads());
    }

    @Test
    void everyPartRunsOnceWhoeverHelps() {
        try (ExecutorService helpers = Executors.newFixedThreadPool(2)) {
            for (Executor executor : List.<Executor>of(helpers, REFUSING, Runnable::run, Runnable::toString)) {
                Runner runner = new Runner(executor, 3);
                for (int i = 0; i < 200; i++) {
                    runsEachPartOnce(runner, i % 7);
                }
            }
        }
    }

    @Test
    void noMoreHelpersThanParts() {
        AtomicInteger asked = new AtomicInteger();
        new Runner(task -> asked.incrementAndGet(), 8).run(3, part -> { });
        assertEquals(2, asked.get());
        new Runner(task -> asked.incrementAndGet(), 8).run(1, part -> { });
        assertEquals(2, asked.get());
    }

    /** A helper that is late takes a part of a later call, or none. */
    @Test
    void lateHelpersDoNoHarm() {
        List<Runnable> late = new ArrayList<>();
        Runner runner = new Runner(late::add, 2);
        runsEachPartOnce(runner, 4);
        late.forEach(Runnable::run);
        runsEachPartOnce(runner, 4);
        late.forEach(Runnable::run);
    }

    @Test
    void whatAPartThrowsIsThrownWhenAllAreDone() {
        for (Throwable thrown : List.of(new IllegalStateException(), new AssertionError())) {
            AtomicInteger runs = new AtomicInteger();
            Runner runner = new Runner(Runnable::run, 2);
            Throwable caught = assertThrows(Throwable.class, () -> runner.run(4, part -> {
                runs.incrementAndGet();
                if (part == 1) {
                    RunnerTest.<RuntimeException>sneak(thrown);
                }
            }));
            assertSame(thrown, caught);
            assertEquals(4, runs.get());
            runsEachPartOnce(runner, 4);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void aBrokenExecutorIsToldWhenAllAreDone() {
        AtomicInteger runs = new AtomicInteger();
        Runner runner = new Runner(task -> {
            throw new IllegalStateException("broken");
        }, 2);
        assertThrows(IllegalStateException.class, () -> runner.run(4, part -> runs.incrementAndGet()));
        assertEquals(4, runs.get());
    }

    @Test
    void anInterruptedCallerWaitsAndStaysInterrupted() {
        try (ExecutorService helper = Executors.newFixedThreadPool(1)) {
            CountDownLatch started = new CountDownLatch(1);
            AtomicInteger runs = new AtomicInteger();
            Thread caller = Thread.currentThread();
            new Runner(helper, 2).run(2, part -> {
                if (Thread.currentThread() == caller) {
                    await(started);
                    caller.interrupt();
                } else {
                    started.countDown();
                    sleep();
                }
                runs.incrementAndGet();
            });
            assertTrue(Thread.interrupted());
            assertEquals(2, runs.get());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Longer than a caller spins before it parks. */
    private static void sleep() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A team waits for its next call in a pool, which must keep neither what it ran nor the thread that called. */
    @Test
    void aTeamForgetsItsCall() throws InterruptedException {
        Runner runner = new Runner(Runnable::run, 2);
        AtomicInteger runs = new AtomicInteger();
        IntConsumer[] work = {part -> runs.incrementAndGet()};
        Thread[] caller = {new Thread(() -> runner.run(3, work[0]))};
        caller[0].start();
        caller[0].join();
        List<WeakReference<?>> kept = List.of(new WeakReference<>(work[0]), new WeakReference<>(caller[0]));
        work[0] = null;
        caller[0] = null;
        for (int i = 0; i < 50 && kept.stream().anyMatch(reference -> reference.get() != null); i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(3, runs.get());
        kept.forEach(reference -> assertNull(reference.get()));
        Reference.reachabilityFence(runner);
    }

    @Test
    void aPoolLendsWhatItHas() {
        Pool<Object> pool = new Pool<>(2, Object::new);
        Object a = pool.borrow();
        Object b = pool.borrow();
        Object c = pool.borrow();
        assertNotSame(a, b);
        pool.giveBack(a);
        assertSame(a, pool.borrow());
        pool.giveBack(a);
        pool.giveBack(b);
        // No room for a third.
        pool.giveBack(c);
        assertSame(a, pool.borrow());
        assertSame(b, pool.borrow());
        assertNotSame(c, pool.borrow());
    }
}

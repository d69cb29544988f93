package coordconv.verification.sharing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.VectorWidth;
import coordconv.verification.problem.Inputs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Interrupts, shutdowns and executors that throw, in the middle of calls: plan and buffers stay usable. */
@Timeout(120)
class BrokenExecutorTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final SharedPlan plan = SharedPlan.of("n3c7h15w13o21k3s2p1+xy", VectorWidth.PREFERRED);

    @Test
    void anExecutorShutDownInTheMiddleOfCallsOnlySlowsThem() throws Exception {
        for (int round = 0; round < 10; round++) {
            ExecutorService helpers = Executors.newFixedThreadPool(2);
            try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
                CountDownLatch running = new CountDownLatch(2);
                Future<?> calls = caller.submit(() -> {
                    for (int i = 0; i < 20; i++) {
                        plan.requireSame(Parallelism.of(helpers, 4), "while the executor shuts down");
                        running.countDown();
                    }
                });
                running.await();
                if (round % 2 == 0) {
                    helpers.shutdown();
                } else {
                    // Also interrupts the helpers in the middle of their parts.
                    helpers.shutdownNow();
                }
                calls.get();
                assertTrue(helpers.awaitTermination(30, TimeUnit.SECONDS));
            }
        }
        plan.requireSame(Parallelism.SERIAL, "afterwards");
    }

    @Test
    void interruptsInTheMiddleOfCallsAreKeptAndChangeNothing() throws Exception {
        try (ExecutorService helpers = Executors.newFixedThreadPool(2)) {
            AtomicInteger seen = new AtomicInteger();
            List<Throwable> failures = new ArrayList<>();
            Thread caller = Thread.ofPlatform().uncaughtExceptionHandler((thread, e) -> failures.add(e)).start(() -> {
                for (int i = 0; i < 300 || seen.get() == 0 && i < 100_000; i++) {
                    plan.requireSame(Parallelism.of(helpers, 1 + i % 4), "while interrupted");
                    // Thread.interrupted() clears the flag: the next one is a new interrupt.
                    seen.addAndGet(Thread.interrupted() ? 1 : 0);
                }
            });
            while (caller.isAlive()) {
                caller.interrupt();
                caller.join(1);
            }
            assertEquals(List.of(), failures);
            assertTrue(seen.get() > 0, "no interrupt was kept");
        }
    }

    @Test
    void anInterruptBeforeTheCallIsStillThereAfterIt() {
        try (ExecutorService helpers = Executors.newFixedThreadPool(2)) {
            for (int threads = 1; threads <= 4; threads++) {
                Thread.currentThread().interrupt();
                plan.requireSame(Parallelism.of(helpers, threads), "interrupted");
                assertTrue(Thread.interrupted(), threads + " threads");
            }
        }
    }

    @Test
    void whatAnExecutorThrowsReachesTheCallerOnceNobodyWorksAnyMore() {
        try (ExecutorService helpers = Executors.newFixedThreadPool(2)) {
            for (Throwable planted : List.of(new IllegalStateException("broken"), new OutOfMemoryError("no thread"))) {
                AtomicInteger tasks = new AtomicInteger();
                // Starts one helper, then breaks.
                Executor breaking = task -> {
                    if (tasks.getAndIncrement() % 2 == 1) {
                        throw sneaky(planted);
                    }
                    helpers.execute(task);
                };
                Throwable thrown = assertThrows(planted.getClass(), () -> plan.answers(Parallelism.of(breaking, 4)));
                assertSame(planted, thrown);
            }
            plan.requireSame(Parallelism.of(helpers, 4), "afterwards");
        }
    }

    @Test
    void whatAPartThrowsReachesTheCallerFromWhicheverThread() {
        try (ExecutorService helpers = Executors.newFixedThreadPool(3)) {
            for (int round = 0; round < 200; round++) {
                int failing = round % 8;
                AtomicInteger done = new AtomicInteger();
                IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> Parallelism.of(helpers, 4).run(8, part -> {
                    done.incrementAndGet();
                    if (part == failing) {
                        throw new IllegalStateException("part " + part);
                    }
                }));
                assertEquals("part " + failing, thrown.getMessage());
                assertEquals(8, done.get(), "parts that ran, though one failed");
            }
            plan.requireSame(Parallelism.of(helpers, 4), "afterwards");
        }
    }

    @Test
    void tasksRunLateAndTwiceFindNothingToDo() {
        ConcurrentLinkedQueue<Runnable> kept = new ConcurrentLinkedQueue<>();
        SharedPlan.Answers answers = plan.answers(Parallelism.of(kept::add, 4));
        SharedPlan.Answers copy = new SharedPlan.Answers(answers.y().clone(), answers.dx().clone(), answers.dw().clone(),
                answers.db().clone());
        assertTrue(!kept.isEmpty());
        for (int twice = 0; twice < 2; twice++) {
            kept.forEach(Runnable::run);
        }
        copy.requireSame(answers, "late tasks");
        // An executor that runs a task at once, and again.
        plan.requireSame(Parallelism.of(task -> {
            task.run();
            task.run();
        }, 3), "tasks run twice");
        Executor halfRejecting = new Executor() {
            private int tasks;

            @Override
            public void execute(Runnable task) {
                if (++tasks % 3 == 0) {
                    throw new RejectedExecutionException("full");
                }
                task.run();
            }
        };
        plan.requireSame(Parallelism.of(halfRejecting, 5), "half the tasks refused");
    }

    @Test
    void aSegmentClosedInTheMiddleOfCallsFailsThoseCallsAlone() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (ExecutorService helpers = Executors.newFixedThreadPool(2); ExecutorService caller = Executors.newSingleThreadExecutor()) {
                Arena arena = Arena.ofShared();
                MemorySegment segment = arena.allocate(4L * plan.inputLength(), 4);
                MemorySegment.copy(plan.input().segment(), 0, segment, 0, segment.byteSize());
                FloatRegion x = FloatRegion.of(segment);
                float[] y = Inputs.unwritten(plan.outputLength());
                CountDownLatch running = new CountDownLatch(2);
                Future<Exception> failure = caller.submit(() -> {
                    for (int i = 0; ; i++) {
                        try {
                            plan.plan().forward(x, plan.packed(), FloatRegion.of(y), Parallelism.of(helpers, 1 + i % 4));
                        } catch (IllegalStateException | IllegalArgumentException closed) {
                            return closed;
                        }
                        running.countDown();
                    }
                });
                running.await();
                closeWhileInUse(arena);
                assertTrue(failure.get().getMessage().toLowerCase(java.util.Locale.ROOT).contains("closed"), "" + failure.get());
                plan.requireSame(Parallelism.of(helpers, 3), "after a segment was closed");
            }
        }
    }

    @Test
    void aCallThatFailsHalfWayReturnsItsScratch() throws Exception {
        SharedPlan scalar = SharedPlan.of("n3c7h15w13o21k3s2p1+xy", VectorWidth.SCALAR);
        try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
            // Until more calls failed half-way than the pool of scratch has places.
            int failed = 0;
            for (int round = 0; failed < 4 * Runtime.getRuntime().availableProcessors() + 8 && round < 2000; round++) {
                failed += failsHalfWay(scalar, caller) ? 1 : 0;
            }
            assertTrue(failed > 0, "no call was caught half-way");
            FloatRegion x = scalar.input();
            FloatRegion y = FloatRegion.of(Inputs.unwritten(scalar.outputLength()));
            long allocated = caller.submit(() -> {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                scalar.plan().forward(x, scalar.packed(), y, Parallelism.SERIAL);
                return THREADS.getCurrentThreadAllocatedBytes() - before;
            }).get();
            assertTrue(allocated < scalar.plan().workspaceBytes(1) / 2, allocated + " bytes allocated, after " + failed + " failures");
        }
        scalar.requireSame(Parallelism.SERIAL, "afterwards");
    }

    /** Closes a segment under running calls; whether that caught one in the middle, not between two. */
    private static boolean failsHalfWay(SharedPlan plan, ExecutorService caller) throws Exception {
        Arena arena = Arena.ofShared();
        FloatRegion x = FloatRegion.of(arena.allocate(4L * plan.inputLength(), 4));
        FloatRegion y = FloatRegion.of(Inputs.unwritten(plan.outputLength()));
        CountDownLatch running = new CountDownLatch(2);
        Future<Boolean> halfWay = caller.submit(() -> {
            while (true) {
                try {
                    plan.plan().forward(x, plan.packed(), y, Parallelism.SERIAL);
                    running.countDown();
                } catch (IllegalStateException inTheMiddle) {
                    return true;
                } catch (IllegalArgumentException between) {
                    return false;
                }
            }
        });
        running.await();
        closeWhileInUse(arena);
        return halfWay.get();
    }

    /** A shared arena refuses to close in the very moment of an access. */
    private static void closeWhileInUse(Arena arena) {
        for (int attempt = 0; attempt < 1_000_000; attempt++) {
            try {
                arena.close();
                return;
            } catch (IllegalStateException inUse) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("the arena never closed");
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable e) throws E {
        throw (E) e;
    }
}

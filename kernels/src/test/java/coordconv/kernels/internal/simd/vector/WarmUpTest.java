package coordconv.kernels.internal.simd.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which code is compiled in the background, with code that only says so. */
class WarmUpTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    /** More than until code counts as told to the compiler. */
    private static final int SLOW_CALLS = 150;
    private static final long SLOW_NANOS = 20_000;
    /** Calls of a method before C1 has compiled it, and before it is compiled with a profile. */
    private static final int CALLS_INTERPRETED = 350;
    private static final int CALLS_UNPROFILED = 3000;

    /** Code whose first rehearsals are slow. */
    private static final class Code implements WarmUp.Rehearsal {
        private final boolean forAll;
        private final int slowCalls;
        private final Runnable whenCompiled;
        private int rehearsals;
        private final AtomicInteger counted = new AtomicInteger();
        private final AtomicInteger compiled = new AtomicInteger();

        Code(boolean forAll, int slowCalls, Runnable whenCompiled) {
            this.forAll = forAll;
            this.slowCalls = slowCalls;
            this.whenCompiled = whenCompiled;
        }

        @Override
        public void rehearse() {
            if (rehearsals++ < slowCalls) {
                spin(SLOW_NANOS);
            }
        }

        @Override
        public int operations() {
            return 1;
        }

        @Override
        public void count(int iterations) {
            counted.incrementAndGet();
        }

        @Override
        public void compiled() {
            compiled.incrementAndGet();
            whenCompiled.run();
        }

        @Override
        public boolean servesAllShapes() {
            return forAll;
        }
    }

    private static void await() {
        assertTimeoutPreemptively(LONG, WarmUp::await);
    }

    /** Also what is asked for when the thread has ended, and by code that is compiled. */
    @Test
    void allCodeIsCompiledOnceInTheOrderOfAsking() {
        for (int round = 0; round < 2; round++) {
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            Code last = new Code(false, 1, () -> order.add(3));
            List<Code> all = List.of(new Code(false, 1, () -> order.add(0)), new Code(true, 1, () -> order.add(1)),
                    new Code(false, 1, () -> {
                        order.add(2);
                        WarmUp.ask(last);
                    }), last);
            all.subList(0, 3).forEach(WarmUp::ask);
            await();
            assertEquals(List.of(0, 1, 2, 3), order);
            all.forEach(code -> assertEquals(1, code.compiled.get()));
        }
        await();
    }

    /** While the compiler works on a shape the next is counted, but nothing comes between it and what all shapes wait for. */
    @Test
    void nothingIsCountedBeforeWhatServesAllShapes() {
        for (boolean forAll : new boolean[] {true, false}) {
            Code next = new Code(false, 0, () -> { });
            AtomicInteger meanwhile = new AtomicInteger();
            WarmUp.ask(new Code(forAll, SLOW_CALLS, () -> meanwhile.set(next.counted.get())));
            WarmUp.ask(next);
            await();
            assertEquals(!forAll, meanwhile.get() > 0, "counted " + meanwhile.get() + " times");
            assertTrue(next.counted.get() > 0);
        }
    }

    /**
     * C2 compiles a method that C1's code has counted 600 calls of: it has to have computed by then. Code of C1 that collects no profile
     * is faster, and of no use to compute with.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, CALLS_UNPROFILED})
    void codeComputesAsSoonAsItIsProfiled(int unprofiled) {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger callsBefore = new AtomicInteger(-1);
        WarmUp.ask(new WarmUp.Rehearsal() {
            @Override
            public void count(int iterations) {
                int call = calls.incrementAndGet();
                spin(iterations * (call <= CALLS_INTERPRETED ? 100L : call <= CALLS_INTERPRETED + unprofiled ? 10L : 40L));
            }

            @Override
            public void rehearse() {
                callsBefore.compareAndSet(-1, calls.get());
            }

            @Override
            public int operations() {
                return 1;
            }

            @Override
            public void compiled() {
                // Says nothing here.
            }
        });
        await();
        int after = callsBefore.get() - CALLS_INTERPRETED - unprofiled;
        assertTrue(after >= 0 && after < 600, "after " + callsBefore + " calls");
    }

    private static void spin(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anInterruptedThreadDoesNotWait() throws InterruptedException {
        CountDownLatch mayEnd = new CountDownLatch(1);
        WarmUp.ask(new Code(false, 0, () -> {
            try {
                mayEnd.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }));
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            WarmUp.await();
            flag.set(Thread.currentThread().isInterrupted());
        });
        waiting.start();
        waiting.interrupt();
        waiting.join(LONG);
        assertEquals(true, flag.get());
        mayEnd.countDown();
        await();
    }

    /** Both products give way when their vector code is compiled, and not before, though it is there to be rehearsed. */
    @Test
    void productsGiveWayWhenVectorsAreCompiled() {
        List<String> calls = new ArrayList<>();
        SwitchingPixelProduct pixels = new SwitchingPixelProduct((view, first, width) -> calls.add("plain"),
                () -> (view, first, width) -> calls.add("vector " + Math.min(0, width)), 4);
        gives(calls, pixels, () -> pixels.add(null, 0, 4));
        SwitchingFourRows rows = new SwitchingFourRows((m, kc, a, aAt, rowStride, depthStride, b, bAt, bias, biasAt, sums) -> calls.add("plain"),
                () -> (m, kc, a, aAt, rowStride, depthStride, b, bAt, bias, biasAt, sums) -> calls.add("vector " + Math.min(0, m)), 8);
        gives(calls, rows, () -> rows.multiply(4, 0, null, 0, 0, 0, null, 0, null, 0, null));
    }

    private static void gives(List<String> calls, WarmUp.Rehearsal product, Runnable call) {
        calls.clear();
        call.run();
        product.count(29);
        product.rehearse();
        call.run();
        product.compiled();
        call.run();
        assertEquals(List.of("plain", "vector -29", "vector 0", "plain", "vector 0"), calls);
        assertTrue(product.servesAllShapes());
    }
}

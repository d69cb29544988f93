package coordconv.verification.sharing;

import coordconv.kernels.Parallelism;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Widths;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Several plans at a time, each used by many threads, alone and on one executor: the bits of one thread. */
class ManyCallersTest {
    static final List<VectorWidth> WIDTHS = Widths.ALL;
    private static final int CALLERS = 8;
    private static final int ROUNDS = 8;

    private static List<SharedPlan> plans(VectorWidth width) {
        return Stream.of(SharedPlan.of("n3c7h15w13o21k3s2p1+xy", width), SharedPlan.of("n2c9h12w12o17k1+yx+r", width),
                SharedPlan.of("n1c4h9w40o6k3x5p1x2d2+uber", width), SharedPlan.of("n2c8h9w7o12k3p1g2", width),
                SharedPlan.transposed("n2c5h11w9o8k4s2p1", width)).toList();
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void everyCallerGetsTheBitsOfOneThread(VectorWidth width) throws Exception {
        List<SharedPlan> plans = plans(width);
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS); ExecutorService helpers = Executors.newFixedThreadPool(2);
                ForkJoinPool stealing = new ForkJoinPool(3); ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Executor> executors = List.of(helpers, stealing, virtual, Runnable::run);
            CountDownLatch start = new CountDownLatch(CALLERS);
            List<Future<?>> calls = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int number = caller;
                Parallelism team = caller % 4 == 0 ? Parallelism.SERIAL
                        : Parallelism.of(executors.get(caller % executors.size()), 1 + caller);
                calls.add(callers.submit(() -> {
                    start.countDown();
                    start.await();
                    for (int round = 0; round < ROUNDS; round++) {
                        plans.get((number + round) % plans.size()).requireSame(team, "caller " + number);
                    }
                    return null;
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void callersThatAreTasksOfTheExecutorTheyUseDoNotStarve(VectorWidth width) throws Exception {
        List<SharedPlan> plans = plans(width);
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                SharedPlan plan = plans.get(i % plans.size());
                calls.add(both.submit(() -> plan.requireSame(Parallelism.of(both, 4), "inside its own executor")));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
    }
}

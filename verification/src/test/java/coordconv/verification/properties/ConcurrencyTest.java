package coordconv.verification.properties;

import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Widths;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** One plan used by many threads at once, and executors that let a call down. */
class ConcurrencyTest {
    static final List<VectorWidth> WIDTHS = Widths.ALL;
    private static final ConvGeometry G = Problem.parse("n3c7h15w13o21k3s2p1+xy").geometry();
    private static final float[] X = Inputs.uniform(1, G.inputLength());
    private static final float[] W = Inputs.uniform(2, G.weightLength());
    private static final float[] DY = Inputs.uniform(3, G.outputLength());

    /** The three passes that work on workspaces. */
    private record Answers(float[] y, float[] dx, float[] dw) {
        static Answers of(Conv2dPlan plan, PackedWeights forward, PackedGradientWeights backward, Parallelism team) {
            Answers a = new Answers(Inputs.unwritten(G.outputLength()), Inputs.unwritten(G.inputLength()),
                    Inputs.unwritten(G.weightLength()));
            plan.forward(FloatRegion.of(X), forward, FloatRegion.of(a.y), team);
            plan.backwardInput(FloatRegion.of(DY), backward, FloatRegion.of(a.dx), team);
            plan.backwardWeights(FloatRegion.of(X), FloatRegion.of(DY), FloatRegion.of(a.dw), team);
            return a;
        }

        void same(Answers other, String what) {
            Check.sameBits(y, other.y, "y " + what);
            Check.sameBits(dx, other.dx, "dx " + what);
            Check.sameBits(dw, other.dw, "dw " + what);
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void callersOfOnePlanDoNotDisturbEachOther(VectorWidth width) throws Exception {
        Conv2dPlan plan = Conv2dPlan.of(G, PlanOptions.DEFAULTS.withWidth(width));
        PackedWeights forward = plan.pack(FloatRegion.of(W), null);
        PackedGradientWeights backward = plan.packForInputGradient(FloatRegion.of(W));
        Answers alone = Answers.of(plan, forward, backward, Parallelism.SERIAL);
        int callers = 6;
        try (ExecutorService threads = Executors.newCachedThreadPool(); ExecutorService helpers = Executors.newFixedThreadPool(2)) {
            CountDownLatch start = new CountDownLatch(callers);
            List<Future<?>> calls = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                Parallelism team = caller % 2 == 0 ? Parallelism.SERIAL : Parallelism.of(helpers, 1 + caller);
                calls.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    for (int again = 0; again < 20; again++) {
                        alone.same(Answers.of(plan, forward, backward, team), "of " + team.threads() + " threads at " + width);
                    }
                    return null;
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
    }

    @Test
    void anExecutorThatRefusesOrDropsTasksOnlySlowsTheCall() {
        Conv2dPlan plan = Conv2dPlan.of(G);
        PackedWeights forward = plan.pack(FloatRegion.of(W), null);
        PackedGradientWeights backward = plan.packForInputGradient(FloatRegion.of(W));
        Answers alone = Answers.of(plan, forward, backward, Parallelism.SERIAL);
        Executor refusing = task -> {
            throw new RejectedExecutionException("shut down");
        };
        List<Runnable> dropped = new ArrayList<>();
        alone.same(Answers.of(plan, forward, backward, Parallelism.of(refusing, 3)), "refused");
        Answers kept = Answers.of(plan, forward, backward, Parallelism.of(dropped::add, 3));
        alone.same(kept, "dropped");
        // A helper that an executor starts after the call has returned must find nothing to do.
        dropped.forEach(Runnable::run);
        alone.same(kept, "after late helpers");
    }

    @Test
    void anInterruptedCallerFinishesAndStaysInterrupted() {
        Conv2dPlan plan = Conv2dPlan.of(G);
        PackedWeights forward = plan.pack(FloatRegion.of(W), null);
        PackedGradientWeights backward = plan.packForInputGradient(FloatRegion.of(W));
        Answers alone = Answers.of(plan, forward, backward, Parallelism.SERIAL);
        try (ExecutorService helpers = Executors.newFixedThreadPool(2)) {
            Thread.currentThread().interrupt();
            alone.same(Answers.of(plan, forward, backward, Parallelism.of(helpers, 3)), "interrupted");
            // Clears the flag, so that closing the pool is not interrupted.
            assertThrows(InterruptedException.class, () -> Thread.sleep(1));
        }
    }
}

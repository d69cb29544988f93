package coordconv.verification.soak;

import com.sun.management.ThreadMXBean;
import coordconv.kernels.Activation;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.DeformableConv2dPlan;
import coordconv.kernels.DeformableGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/**
 * Counts what steady calls allocate, the main class of a child JVM, whose arguments are problems. For every pass and kind of
 * memory it prints the bytes a call of the best window; a window is spoilt by what the compiler or a class
 * that loads late makes the thread allocate once, and all of them by a vector that is boxed.
 */
public final class AllocationMain {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** The node that the queue of an executor takes for each task, and then some. */
    static final int MOST_A_PARALLEL_CALL = 128;

    /** Before a problem: it is deformable. */
    static final String DEFORMABLE = "deformable ";

    private static final int WINDOW = 40;
    private static final long LONGEST_NANOS = 12_000_000_000L;

    private AllocationMain() {}

    private interface Calls {
        Map<String, Runnable> of(ConvGeometry g, Parallelism team, IntFunction<FloatRegion> memory);
    }

    /** Runs it. */
    public static void main(String[] args) {
        try (ExecutorService helpers = Executors.newFixedThreadPool(1); Arena arena = Arena.ofShared()) {
            for (String argument : args) {
                boolean deformable = argument.startsWith(DEFORMABLE);
                String problem = deformable ? argument.substring(DEFORMABLE.length()) : argument;
                ConvGeometry g = Problem.parse(problem).geometry();
                Calls calls = deformable ? AllocationMain::deformableCalls : AllocationMain::calls;
                report(argument + " array", calls.of(g, Parallelism.SERIAL, AllocationMain::array), 0);
                report(argument + " segment", calls.of(g, Parallelism.SERIAL, n -> FloatRegion.of(arena.allocate(4L * n, 4))), 0);
                report(argument + " 2 threads", calls.of(g, Parallelism.of(helpers, 2), AllocationMain::array), MOST_A_PARALLEL_CALL);
            }
        }
    }

    private static FloatRegion array(int length) {
        return FloatRegion.of(Inputs.uniform(1, length));
    }

    private static Map<String, Runnable> calls(ConvGeometry g, Parallelism team, IntFunction<FloatRegion> memory) {
        Conv2dPlan plan = Conv2dPlan.of(g, PlanOptions.DEFAULTS.withActivation(Activation.RELU).withWidth(VectorWidth.PREFERRED));
        FloatRegion x = memory.apply(g.inputLength());
        FloatRegion w = memory.apply(g.weightLength());
        FloatRegion bias = memory.apply(g.outChannels());
        FloatRegion dy = memory.apply(g.outputLength());
        FloatRegion y = memory.apply(g.outputLength());
        FloatRegion dx = memory.apply(g.inputLength());
        FloatRegion dw = memory.apply(g.weightLength());
        FloatRegion db = memory.apply(g.outChannels());
        PackedWeights packed = plan.pack(w, bias);
        PackedGradientWeights packedForGradient = plan.packForInputGradient(w);
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("forward", () -> plan.forward(x, packed, y, team));
        calls.put("backwardInput", () -> plan.backwardInput(dy, packedForGradient, dx, team));
        calls.put("backwardWeights", () -> plan.backwardWeights(x, dy, dw, team));
        calls.put("backwardBias", () -> plan.backwardBias(dy, db, team));
        if (team == Parallelism.SERIAL) {
            calls.put("repack", () -> plan.repack(w, bias, packed));
            calls.put("repackForInputGradient", () -> plan.repackForInputGradient(w, packedForGradient));
        }
        return calls;
    }

    private static Map<String, Runnable> deformableCalls(ConvGeometry g, Parallelism team, IntFunction<FloatRegion> memory) {
        DeformableGeometry d = DeformableGeometry.of(g);
        DeformableConv2dPlan plan = DeformableConv2dPlan.of(d, PlanOptions.DEFAULTS.withActivation(Activation.RELU));
        FloatRegion x = memory.apply(g.inputLength());
        FloatRegion offsets = memory.apply(d.offsetLength());
        FloatRegion mask = memory.apply(d.maskLength());
        FloatRegion w = memory.apply(g.weightLength());
        FloatRegion dy = memory.apply(g.outputLength());
        FloatRegion y = memory.apply(g.outputLength());
        FloatRegion dx = memory.apply(g.inputLength());
        FloatRegion dOffsets = memory.apply(d.offsetLength());
        FloatRegion dMask = memory.apply(d.maskLength());
        FloatRegion dw = memory.apply(g.weightLength());
        PackedWeights packed = plan.pack(w, null);
        PackedGradientWeights packedForGradients = plan.packForGradients(w);
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("forward", () -> plan.forward(x, offsets, mask, packed, y, team));
        calls.put("backwardInput", () -> plan.backwardInput(dy, offsets, mask, packedForGradients, dx, team));
        calls.put("backwardOffsets", () -> plan.backwardOffsets(x, offsets, mask, dy, packedForGradients, dOffsets, dMask, team));
        calls.put("backwardWeights", () -> plan.backwardWeights(x, offsets, mask, dy, dw, team));
        if (team == Parallelism.SERIAL) {
            calls.put("repack", () -> plan.repack(w, null, packed));
            calls.put("repackForGradients", () -> plan.repackForGradients(w, packedForGradients));
        }
        return calls;
    }

    private static void report(String what, Map<String, Runnable> calls, long enough) {
        calls.forEach((name, call) -> System.out.println("allocates " + best(call, enough) + " bytes: " + name + ' ' + what));
    }

    /** Bytes a call of the best window, as soon as one is good enough. */
    private static long best(Runnable call, long enough) {
        long end = System.nanoTime() + LONGEST_NANOS;
        long best = Long.MAX_VALUE;
        while (best > enough && System.nanoTime() < end) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < WINDOW; i++) {
                call.run();
            }
            best = Math.min(best, Math.ceilDiv(THREADS.getCurrentThreadAllocatedBytes() - before, WINDOW));
        }
        return best;
    }
}

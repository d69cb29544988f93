package coordconv.cli;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.WorkShares;
import java.util.List;
import java.util.function.BiFunction;

/**
 * How a pass over a convolution divides among numbers of threads.
 *
 * @param problem name and sizes
 * @param gflop 10^9 floating-point operations of the forward pass
 * @param pass {@code y}, {@code dx} or {@code dw}
 * @param shares one for each number of threads
 */
record Partition(String problem, double gflop, String pass, List<Shares> shares) {
    /** Threads of processors that there are. */
    static final List<Integer> THREADS = List.of(2, 4, 8, 16, 32, 64, 128);

    /**
     * The shares of so many threads.
     *
     * @param threads that take part
     * @param parts that a call is cut into
     * @param imbalance multiply-adds of the thread that has most, over the mean
     * @param packedTwice share of what is packed that another part packs as well
     */
    record Shares(int threads, int parts, double imbalance, double packedTwice) {}

    /** {@return problem and pass, for people} */
    String label() {
        return problem + " " + pass;
    }

    /** {@return the three passes over a convolution} */
    static List<Partition> of(NamedConvolution convolution, PlanOptions options, List<Integer> threads) {
        Conv2dPlan plan = Conv2dPlan.of(convolution.geometry(), options);
        return List.of(of(convolution, "y", threads, plan, Conv2dPlan::forwardShares),
                of(convolution, "dx", threads, plan, Conv2dPlan::backwardInputShares),
                of(convolution, "dw", threads, plan, Conv2dPlan::backwardWeightsShares));
    }

    private static Partition of(NamedConvolution convolution, String pass, List<Integer> threads, Conv2dPlan plan,
                                BiFunction<Conv2dPlan, Integer, WorkShares> count) {
        return new Partition(convolution.name(), convolution.geometry().flops() / 1e9, pass, threads.stream().map(number -> {
            WorkShares shares = count.apply(plan, number);
            return new Shares(number, shares.parts(), shares.imbalance(), shares.packedTwice());
        }).toList());
    }
}

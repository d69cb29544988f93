package coordconv.verification.kernel;

import coordconv.kernels.Activation;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * The kernels of this project at one vector width, a plan made anew for each call.
 *
 * @param width the implementation
 * @param executor where the threads beside the caller come from
 */
public record PlanKernel(VectorWidth width, Executor executor) implements ConvKernel {
    /**
     * On the threads of the common pool.
     *
     * @param width the implementation
     */
    public PlanKernel(VectorWidth width) {
        this(width, ForkJoinPool.commonPool());
    }

    @Override
    public void forward(ConvGeometry g, float[] x, float[] weights, float[] bias, Activation activation,
            boolean accumulate, float[] y, int threads) {
        Conv2dPlan plan = plan(g, activation, accumulate);
        FloatRegion b = bias == null ? null : FloatRegion.of(bias);
        plan.forward(FloatRegion.of(x), plan.pack(FloatRegion.of(weights), b), FloatRegion.of(y), team(threads));
    }

    @Override
    public void backwardInput(ConvGeometry g, float[] dy, float[] weights, boolean accumulate, float[] dx,
            int threads) {
        Conv2dPlan plan = plan(g, Activation.IDENTITY, accumulate);
        plan.backwardInput(FloatRegion.of(dy), plan.packForInputGradient(FloatRegion.of(weights)),
                FloatRegion.of(dx), team(threads));
    }

    @Override
    public void backwardWeights(ConvGeometry g, float[] x, float[] dy, boolean accumulate, float[] dw,
            int threads) {
        plan(g, Activation.IDENTITY, accumulate)
                .backwardWeights(FloatRegion.of(x), FloatRegion.of(dy), FloatRegion.of(dw), team(threads));
    }

    @Override
    public void backwardBias(ConvGeometry g, float[] dy, boolean accumulate, float[] db, int threads) {
        plan(g, Activation.IDENTITY, accumulate).backwardBias(FloatRegion.of(dy), FloatRegion.of(db), team(threads));
    }

    private Conv2dPlan plan(ConvGeometry g, Activation activation, boolean accumulate) {
        return Conv2dPlan.of(g, new PlanOptions(activation, accumulate, width));
    }

    private Parallelism team(int threads) {
        return threads == 1 ? Parallelism.SERIAL : Parallelism.of(executor, threads);
    }
}

package coordconv.verification.timing;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.verification.problem.Inputs;

/** A forward pass with everything made beforehand: a call allocates nothing. */
final class ForwardTask {
    private static final int SEED = 1;

    private final Conv2dPlan plan;
    private final PackedWeights weights;
    private final FloatRegion x;
    private final FloatRegion y;
    private final Parallelism parallelism;

    ForwardTask(ConvGeometry g, float[] features, VectorWidth width, Parallelism parallelism) {
        plan = Conv2dPlan.of(g, PlanOptions.DEFAULTS.withWidth(width));
        weights = plan.pack(FloatRegion.of(Inputs.uniform(SEED, g.weightLength())),
                FloatRegion.of(Inputs.uniform(SEED, g.outChannels())));
        x = FloatRegion.of(features);
        y = FloatRegion.of(new float[g.outputLength()]);
        this.parallelism = parallelism;
    }

    /**
     * Runs the pass some times.
     *
     * @param times how often
     * @return milliseconds of one
     */
    double milliseconds(int times) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            plan.forward(x, weights, y, parallelism);
        }
        return (System.nanoTime() - start) * 1e-6 / times;
    }

    /**
     * Warms the pass up.
     *
     * @param seconds how long
     * @return milliseconds of one run at the end
     */
    double warmUp(double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        double last = milliseconds(1);
        while (System.nanoTime() < end) {
            last = milliseconds(1);
        }
        return last;
    }
}

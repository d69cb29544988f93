package coordconv.verification.memory;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Pass;
import coordconv.verification.kernel.PlanKernel;
import java.util.concurrent.ForkJoinPool;

/** The plan API by pass, over regions of the caller's choice. */
final class PlanCalls {
    private final Conv2dPlan plan;
    private final Parallelism team;

    PlanCalls(Case c) {
        plan = Conv2dPlan.of(c.geometry(), new PlanOptions(c.activation(), c.accumulate(), ((PlanKernel) c.kernel()).width()));
        team = Parallelism.of(ForkJoinPool.commonPool(), c.threads());
    }

    /**
     * Runs a pass.
     *
     * @param x features
     * @param weights weights
     * @param bias bias, or null
     * @param dy gradient to the output
     * @param out where the pass writes
     */
    void run(Pass pass, FloatRegion x, FloatRegion weights, FloatRegion bias, FloatRegion dy, FloatRegion out) {
        switch (pass) {
            case FORWARD -> plan.forward(x, plan.pack(weights, bias), out, team);
            case BACKWARD_INPUT -> plan.backwardInput(dy, plan.packForInputGradient(weights), out, team);
            case BACKWARD_WEIGHTS -> plan.backwardWeights(x, dy, out, team);
            case BACKWARD_BIAS -> plan.backwardBias(dy, out, team);
        }
    }
}

package coordconv.verification.properties;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.PlanOptions;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.CaseDomain;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Inputs;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** Packed weights hold what was packed last, and nothing else. */
@Domain(CaseDomain.class)
class PackingTest {
    @Property(tries = 60)
    void repackedWeightsActLikeFreshOnes(@ForAll Case c) {
        Tensors t = Tensors.uniform(c);
        Conv2dPlan plan = Conv2dPlan.of(c.geometry(), new PlanOptions(c.activation(), c.accumulate(), ((PlanKernel) c.kernel()).width()));
        FloatRegion other = FloatRegion.of(Inputs.uniform(c.seed() + 50, t.weights().length));
        // The first bias is there where the second is not, and the other way round.
        FloatRegion otherBias = c.bias() ? null
                : FloatRegion.of(Inputs.uniform(c.seed() + 51, c.geometry().outChannels()));
        PackedWeights forward = plan.pack(other, otherBias);
        PackedGradientWeights backward = plan.packForInputGradient(other);
        plan.repack(FloatRegion.of(t.weights()), region(t.bias()), forward);
        plan.repackForInputGradient(FloatRegion.of(t.weights()), backward);
        same(c, t, plan, forward, backward);
    }

    @Property(tries = 30)
    void packedWeightsAreACopy(@ForAll Case c) {
        Tensors t = Tensors.uniform(c);
        Conv2dPlan plan = Conv2dPlan.of(c.geometry(), new PlanOptions(c.activation(), c.accumulate(), ((PlanKernel) c.kernel()).width()));
        float[] weights = t.weights().clone();
        float[] bias = t.bias() == null ? null : t.bias().clone();
        PackedWeights forward = plan.pack(FloatRegion.of(weights), region(bias));
        PackedGradientWeights backward = plan.packForInputGradient(FloatRegion.of(weights));
        Arrays.fill(weights, Float.NaN);
        if (bias != null) {
            Arrays.fill(bias, Float.NaN);
        }
        same(c, t, plan, forward, backward);
    }

    private static void same(Case c, Tensors t, Conv2dPlan plan, PackedWeights forward, PackedGradientWeights backward) {
        float[] y = output(c, t, Pass.FORWARD);
        plan.forward(FloatRegion.of(t.x()), forward, FloatRegion.of(y));
        Check.sameBits(Pass.FORWARD.run(c, t), y, "y of " + c);
        float[] dx = output(c, t, Pass.BACKWARD_INPUT);
        plan.backwardInput(FloatRegion.of(t.dy()), backward, FloatRegion.of(dx));
        Check.sameBits(Pass.BACKWARD_INPUT.run(c, t), dx, "dx of " + c);
    }

    private static float[] output(Case c, Tensors t, Pass pass) {
        return c.accumulate() ? t.held().get(pass).clone() : Inputs.unwritten(pass.outputLength(c.call()));
    }

    private static FloatRegion region(float[] tensor) {
        return tensor == null ? null : FloatRegion.of(tensor);
    }
}

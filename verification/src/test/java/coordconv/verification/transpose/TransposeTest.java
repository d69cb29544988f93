package coordconv.verification.transpose;

import coordconv.kernels.ConvTranspose2dPlan;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.verification.cases.Check;
import coordconv.verification.reference.ReferenceConvTranspose2d;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** Every pass of the transposed plan within its rounding bound, and the same bits on any number of threads. */
@Domain(TransposeCase.Cases.class)
class TransposeTest {
    /** The outputs of the four passes. */
    private record Answers(float[] y, float[] dx, float[] dw, float[] db) {}

    private static Answers run(TransposeCase c, int threads) {
        ConvTranspose2dPlan plan = ConvTranspose2dPlan.of(c.adjoint(), c.coords(),
                new PlanOptions(c.activation(), c.accumulate(), c.width()));
        Parallelism team = Parallelism.of(ForkJoinPool.commonPool(), threads);
        FloatRegion x = FloatRegion.of(c.x());
        FloatRegion w = FloatRegion.of(c.weights());
        FloatRegion dy = FloatRegion.of(c.dy());
        Answers a = new Answers(c.held(c.adjoint().inputLength()), c.held(c.reference().inputLength()),
                c.held(c.adjoint().weightLength()), c.held(c.adjoint().channels()));
        float[] bias = c.biasOrNull();
        plan.forward(x, plan.pack(w, bias == null ? null : FloatRegion.of(bias)), FloatRegion.of(a.y), team);
        plan.backwardInput(dy, plan.packForInputGradient(w), FloatRegion.of(a.dx), team);
        plan.backwardWeights(x, dy, FloatRegion.of(a.dw), team);
        plan.backwardBias(dy, FloatRegion.of(a.db), team);
        return a;
    }

    @Property(tries = 120)
    void everyPassLiesWithinItsRoundingBound(@ForAll TransposeCase c) {
        ReferenceConvTranspose2d reference = c.reference();
        Answers a = run(c, c.threads());
        Check.ok(reference.forward(c.x(), c.weights(), c.biasOrNull(), c.activation(), heldOrNull(c, a.y.length))
                .compare(a.y), "forward of " + c);
        Check.ok(reference.backwardInput(c.dy(), c.weights(), heldOrNull(c, a.dx.length)).compare(a.dx), "dx of " + c);
        Check.ok(reference.backwardWeights(c.x(), c.dy(), heldOrNull(c, a.dw.length)).compare(a.dw), "dw of " + c);
        Check.ok(reference.backwardBias(c.dy(), heldOrNull(c, a.db.length)).compare(a.db), "db of " + c);
    }

    @Property(tries = 40)
    void threadsDoNotChangeABit(@ForAll TransposeCase c) {
        Answers serial = run(c, 1);
        Answers split = run(c, 3);
        Check.sameBits(serial.y, split.y, "y of " + c);
        Check.sameBits(serial.dx, split.dx, "dx of " + c);
        Check.sameBits(serial.dw, split.dw, "dw of " + c);
        Check.sameBits(serial.db, split.db, "db of " + c);
    }

    private static float[] heldOrNull(TransposeCase c, int length) {
        return c.accumulate() ? c.held(length) : null;
    }
}

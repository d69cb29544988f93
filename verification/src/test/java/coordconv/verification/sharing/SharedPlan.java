package coordconv.verification.sharing;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvTranspose2dPlan;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Check;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;

/** One plan with its packed weights, its inputs, and what a single thread makes of them. */
final class SharedPlan {
    private final String name;
    private final ConvolutionPlan plan;
    private final int[] lengths;
    private final PackedWeights packed;
    private final PackedGradientWeights packedForGradient;
    private final float[] x;
    private final float[] dy;
    private final Answers alone;

    /** What the four passes gave. */
    record Answers(float[] y, float[] dx, float[] dw, float[] db) {
        void requireSame(Answers other, String what) {
            Check.sameBits(y, other.y, "y of " + what);
            Check.sameBits(dx, other.dx, "dx of " + what);
            Check.sameBits(dw, other.dw, "dw of " + what);
            Check.sameBits(db, other.db, "db of " + what);
        }
    }

    private SharedPlan(String name, ConvolutionPlan plan, int x, int y, int weights, int bias) {
        this.name = name;
        this.plan = plan;
        lengths = new int[] {y, x, weights, bias};
        this.x = Inputs.uniform(1, x);
        dy = Inputs.uniform(2, y);
        FloatRegion w = FloatRegion.of(Inputs.uniform(3, weights));
        packed = plan.pack(w, FloatRegion.of(Inputs.uniform(4, bias)));
        packedForGradient = plan.packForInputGradient(w);
        alone = answers(Parallelism.SERIAL);
    }

    static SharedPlan of(String problem, VectorWidth width) {
        ConvGeometry g = Problem.parse(problem).geometry();
        return new SharedPlan(problem + " " + width, Conv2dPlan.of(g, PlanOptions.DEFAULTS.withWidth(width)),
                g.inputLength(), g.outputLength(), g.weightLength(), g.outChannels());
    }

    static SharedPlan transposed(String problem, VectorWidth width) {
        ConvGeometry g = Problem.parse(problem).geometry();
        return new SharedPlan("transposed " + problem + " " + width,
                ConvTranspose2dPlan.of(g, CoordChannels.NONE, PlanOptions.DEFAULTS.withWidth(width)),
                g.outputLength(), g.inputLength(), g.weightLength(), g.channels());
    }

    /** All four passes into fresh outputs. */
    Answers answers(Parallelism team) {
        Answers a = new Answers(Inputs.unwritten(lengths[0]), Inputs.unwritten(lengths[1]), Inputs.unwritten(lengths[2]),
                Inputs.unwritten(lengths[3]));
        FloatRegion given = FloatRegion.of(x);
        FloatRegion gradient = FloatRegion.of(dy);
        plan.forward(given, packed, FloatRegion.of(a.y), team);
        plan.backwardInput(gradient, packedForGradient, FloatRegion.of(a.dx), team);
        plan.backwardWeights(given, gradient, FloatRegion.of(a.dw), team);
        plan.backwardBias(gradient, FloatRegion.of(a.db), team);
        return a;
    }

    /** All four passes, bit for bit what one thread alone gave. */
    void requireSame(Parallelism team, String what) {
        alone.requireSame(answers(team), name + " " + what);
    }

    ConvolutionPlan plan() {
        return plan;
    }

    PackedWeights packed() {
        return packed;
    }

    FloatRegion input() {
        return FloatRegion.of(x);
    }

    int outputLength() {
        return lengths[0];
    }

    int inputLength() {
        return lengths[1];
    }
}

package coordconv.jmh.benchmark;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.DeformableConv2dPlan;
import coordconv.kernels.DeformableGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.Workers;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A deformable plan with its weights packed and its tensors filled. */
@State(Scope.Benchmark)
public class DeformableState {
    /** A problem string, of the convolution that is deformed. */
    @Param({"n1c64h56w56o64k3p1", "n1c256h28w28o256k3p1", "n64c64h7w7o64k3s2p1+xy"})
    public String problem;

    /** Offsets are spread evenly from minus this to this, in pixels. */
    @Param("1.5")
    public float reach;

    /** Threads of the plan. */
    @Param("1")
    public int threads;

    private Workers workers;
    DeformableConv2dPlan plan;
    Parallelism parallelism;
    FloatRegion x;
    FloatRegion offsets;
    FloatRegion mask;
    FloatRegion y;
    FloatRegion dy;
    FloatRegion dx;
    FloatRegion dOffsets;
    FloatRegion dMask;
    FloatRegion dw;
    PackedWeights packed;
    PackedGradientWeights packedForGradients;

    /** Makes the plan and the data. */
    @Setup
    public void prepare() {
        ConvGeometry g = Problem.parse(problem).geometry();
        DeformableGeometry d = DeformableGeometry.of(g);
        plan = DeformableConv2dPlan.of(d);
        workers = new Workers(threads);
        parallelism = workers.parallelism();
        x = FloatRegion.of(Inputs.uniform(1, g.inputLength()));
        float[] moved = Inputs.uniform(2, d.offsetLength());
        for (int i = 0; i < moved.length; i++) {
            moved[i] *= reach;
        }
        offsets = FloatRegion.of(moved);
        mask = FloatRegion.of(Inputs.uniform(3, d.maskLength()));
        y = FloatRegion.of(new float[g.outputLength()]);
        dy = FloatRegion.of(Inputs.uniform(4, g.outputLength()));
        dx = FloatRegion.of(new float[g.inputLength()]);
        dOffsets = FloatRegion.of(new float[d.offsetLength()]);
        dMask = FloatRegion.of(new float[d.maskLength()]);
        dw = FloatRegion.of(new float[g.weightLength()]);
        FloatRegion weights = FloatRegion.of(Inputs.uniform(5, g.weightLength()));
        packed = plan.pack(weights, null);
        packedForGradients = plan.packForGradients(weights);
    }

    /** Ends the helper threads. */
    @TearDown
    public void release() {
        workers.close();
    }
}

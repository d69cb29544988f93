package coordconv.jmh.benchmark;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.Workers;
import coordconv.jmh.engines.Workload;
import coordconv.verification.problem.Problem;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A plan with its weights packed and its tensors filled. */
@State(Scope.Benchmark)
public class ConvolutionState {
    /** A problem string; a short list that represents the shipped file. */
    @Param({"n64c64h7w7o64k3s2p1+xy", "n64c64h7w7o64k3s2p1", "n64c3h32w32o32k3p1+xy", "n1c256h38w38o512k3p1+xy",
        "n1c1024h19w19o512k1+xy", "n1c64h56w56o64k3p1+xy", "n1c64h56w56o64k3p1lnhwc", "n1c256h28w28o256k3p1g256lnhwc"})
    public String problem;

    /** Threads of the plan. */
    @Param("1")
    public int threads;

    private Workers workers;
    Conv2dPlan plan;
    Parallelism parallelism;
    FloatRegion x;
    FloatRegion y;
    FloatRegion weights;
    FloatRegion dy;
    FloatRegion dx;
    FloatRegion dw;
    FloatRegion db;
    PackedWeights packed;
    PackedGradientWeights packedGradient;

    /** Makes the plan and the data. */
    @Setup
    public void prepare() {
        ConvGeometry g = Problem.parse(problem).geometry();
        Workload workload = Workload.of(g, threads);
        plan = Conv2dPlan.of(g);
        workers = new Workers(threads);
        parallelism = workers.parallelism();
        x = FloatRegion.of(workload.x());
        y = FloatRegion.of(new float[g.outputLength()]);
        weights = FloatRegion.of(workload.weights());
        dy = FloatRegion.of(workload.outputGradient());
        dx = FloatRegion.of(new float[g.inputLength()]);
        dw = FloatRegion.of(new float[g.weightLength()]);
        db = FloatRegion.of(new float[g.outChannels()]);
        packed = plan.pack(weights, null);
        packedGradient = plan.packForInputGradient(weights);
    }

    /** Ends the helper threads. */
    @TearDown
    public void release() {
        workers.close();
    }
}

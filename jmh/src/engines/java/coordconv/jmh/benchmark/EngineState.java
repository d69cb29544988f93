package coordconv.jmh.benchmark;

import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.engines.PreparedCall;
import coordconv.jmh.engines.Workload;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.ReferenceConv2d;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One engine with one problem loaded, its result checked. */
@State(Scope.Benchmark)
public class EngineState {
    /** Which engine. */
    @Param({"coordconv", "onnxruntime", "libtorch", "nd4j", "tensorflow", "openblas", "netlib"})
    public String engine;

    /** A problem string. */
    @Param({"n64c64h7w7o64k3s2p1+xy", "n64c64h7w7o64k3s2p1"})
    public String problem;

    /** Threads of the engine. */
    @Param("1")
    public int threads;

    PreparedCall call;

    /**
     * Loads, runs once and compares with the reference.
     *
     * @throws Exception whatever the engine throws; {@link IllegalStateException} for a wrong answer
     */
    @Setup
    public void prepare() throws Exception {
        Workload workload = Workload.of(Problem.parse(problem).geometry(), threads);
        call = EngineName.named(engine).load().prepare(workload, Operation.FORWARD);
        call.run();
        Comparison worst = new ReferenceConv2d(workload.geometry()).forward(workload.x(), workload.weights(), null)
                .compare(call.output());
        if (!worst.ok()) {
            throw new IllegalStateException(engine + " on " + problem + ": " + worst);
        }
    }

    /**
     * Frees the engine's memory.
     *
     * @throws Exception whatever the engine throws
     */
    @TearDown
    public void close() throws Exception {
        call.close();
    }
}

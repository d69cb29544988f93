package coordconv.jmh.benchmark;

import coordconv.jmh.machine.MachinePeer;
import coordconv.jmh.peer.Operation;
import coordconv.jmh.peer.PreparedCall;
import coordconv.jmh.peer.Workload;
import coordconv.kernels.ConvGeometry;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A ceiling of the machine. */
@State(Scope.Benchmark)
public class CeilingState {
    /** Which ceiling. */
    @Param({"REGISTER_FMA", "L1_KERNEL", "CACHE_COPY", "MEMORY_COPY"})
    public Operation ceiling;

    /** Threads at once. */
    @Param("1")
    public int threads;

    PreparedCall call;

    /** Makes the data. */
    @Setup
    public void prepare() {
        call = new MachinePeer().prepare(Workload.of(ConvGeometry.builder().build(), threads), ceiling);
    }

    /**
     * Ends its threads.
     *
     * @throws Exception never
     */
    @TearDown
    public void close() throws Exception {
        call.close();
    }
}

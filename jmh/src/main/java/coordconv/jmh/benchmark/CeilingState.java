package coordconv.jmh.benchmark;

import coordconv.jmh.machine.CeilingEngine;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.engines.PreparedCall;
import coordconv.jmh.engines.Workload;
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
        call = new CeilingEngine().prepare(Workload.ofCeiling(threads), ceiling);
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

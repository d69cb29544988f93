package coordconv.jmh.benchmark;

import coordconv.jmh.machine.MicroKernelCall;
import coordconv.jmh.machine.MicroKernels;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A micro-kernel of one width and MR, fed from the first-level cache. */
@State(Scope.Benchmark)
public class MicroKernelState {
    /** Width of the species. */
    @Param({"128", "256", "512"})
    public int bits;

    /** MR. */
    @Param({"1", "2", "4", "6"})
    public int rows;

    MicroKernelCall call;

    /** Makes the panels. */
    @Setup
    public void prepare() {
        call = new MicroKernelCall(MicroKernels.of(bits), rows);
    }
}

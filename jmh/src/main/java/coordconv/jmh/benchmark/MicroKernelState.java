package coordconv.jmh.benchmark;

import coordconv.jmh.machine.TileKernelCall;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
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

    TileKernelCall call;

    /** Makes the panels. */
    @Setup
    public void prepare() {
        call = call(bits, rows);
    }

    /** {@return the call that is timed for these parameters} */
    static TileKernelCall call(int bits, int rows) {
        return new TileKernelCall(Machine.ofBits(bits).kernels(), rows, ALayout.PANEL, BAccess.PANEL);
    }
}

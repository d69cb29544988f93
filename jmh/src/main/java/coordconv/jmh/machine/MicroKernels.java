package coordconv.jmh.machine;

import coordconv.kernels.internal.KernelChoice;
import coordconv.kernels.internal.gemm.KernelSet;

/** Reaches the kernels module's own micro-kernels, which it exports to nobody; on the class path that works. */
public final class MicroKernels {
    private MicroKernels() {}

    /**
     * The kernels of one width.
     *
     * @param bits 128, 256 or 512; 0 for what a plan would choose here
     * @return the set
     */
    public static KernelSet of(int bits) {
        return KernelChoice.ofBits(bits);
    }
}

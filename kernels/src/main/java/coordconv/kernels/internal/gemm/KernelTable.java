package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.TileKernel;
import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import coordconv.kernels.internal.simd.TileKernel.Shape;

/** The micro-kernels of one product, each made when it is first needed, and kept once it is compiled. */
public final class KernelTable {
    private static final int ACCESSES = BAccess.values().length;
    /** One vector or two, accumulating or not, activated or not. */
    private static final int VARIANTS = 8;

    private final KernelSet kernels;
    private final ALayout a;
    private final Activation activation;
    private final TileKernel[] made;

    /**
     * No kernels yet.
     *
     * @param kernels where they come from
     * @param a how the A of the product lies
     * @param activation of the finished results
     */
    public KernelTable(KernelSet kernels, ALayout a, Activation activation) {
        this.kernels = kernels;
        this.a = a;
        this.activation = activation;
        made = new TileKernel[(kernels.maxRows() + 1) * ACCESSES * VARIANTS];
    }

    /**
     * The kernel of a tile.
     *
     * @param rows MR
     * @param oneVector whether only the first vector of each row holds columns
     * @param b how B is reached
     * @param accumulate whether sums are added
     * @param activated whether the activation is applied
     * @return the kernel
     */
    public TileKernel of(int rows, boolean oneVector, BAccess b, boolean accumulate, boolean activated) {
        int variant = (oneVector ? 1 : 0) + (accumulate ? 2 : 0) + (activated ? 4 : 0);
        int index = (rows * ACCESSES + b.ordinal()) * VARIANTS + variant;
        TileKernel kernel = made[index];
        if (kernel == null) {
            // Two threads may both make it, which does no harm: a kernel has no state.
            kernel = kernels.tile(new Shape(rows, oneVector, a, b, accumulate, activated ? activation : Activation.IDENTITY));
            if (!kernel.isStandIn()) {
                made[index] = kernel;
            }
        }
        return kernel;
    }
}

package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.gemm.TileKernel.Finish;
import coordconv.kernels.internal.gemm.TileKernel.Shape;
import coordconv.kernels.internal.gemm.TileKernel.Source;

/** The tile kernels of one product, each fetched when it is first needed. */
public final class TileKernels {
    private static final int SOURCES = Source.values().length;
    /** Narrow or not, resuming or not, activated or not. */
    private static final int WAYS = 8;

    private final KernelSet kernels;
    private final Finish finish;
    private final TileKernel[] fetched;

    /**
     * No kernels yet.
     *
     * @param kernels where they come from
     * @param finish activation of the product
     */
    public TileKernels(KernelSet kernels, Finish finish) {
        this.kernels = kernels;
        this.finish = finish;
        fetched = new TileKernel[(kernels.maxRows() + 1) * SOURCES * WAYS];
    }

    /**
     * The kernel of a tile.
     *
     * @param rows MR
     * @param narrow whether only the first vector of each row holds columns
     * @param source where B comes from
     * @param resumes whether the sums of the depths before are added
     * @param activated whether the activation is applied
     * @return the kernel
     */
    public TileKernel of(int rows, boolean narrow, Source source, boolean resumes, boolean activated) {
        int way = (narrow ? 1 : 0) + (resumes ? 2 : 0) + (activated ? 4 : 0);
        int index = (rows * SOURCES + source.ordinal()) * WAYS + way;
        TileKernel kernel = fetched[index];
        if (kernel == null) {
            // A race fetches the same kernel twice, which does no harm: a kernel has no state.
            kernel = kernels.tile(new Shape(rows, narrow, source, resumes, activated ? finish : Finish.LINEAR));
            fetched[index] = kernel;
        }
        return kernel;
    }
}

package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.gemm.TileKernel.Finish;
import coordconv.kernels.internal.gemm.TileKernel.Shape;
import coordconv.kernels.internal.gemm.TileKernel.Sink;
import coordconv.kernels.internal.gemm.TileKernel.Source;

/** The tile kernels of one product, each fetched when it is first needed. */
public final class TileKernels {
    private static final int SOURCES = Source.values().length;
    private static final int SINKS = Sink.values().length;

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
        fetched = new TileKernel[(kernels.maxRows() + 1) * 2 * SOURCES * SINKS];
    }

    /** {@return the kernel of a tile} */
    public TileKernel of(int rows, boolean narrow, Source source, Sink sink) {
        int width = narrow ? 1 : 0;
        int index = ((rows * 2 + width) * SOURCES + source.ordinal()) * SINKS + sink.ordinal();
        TileKernel kernel = fetched[index];
        if (kernel == null) {
            // A race fetches the same kernel twice, which does no harm: a kernel has no state.
            kernel = kernels.tile(new Shape(rows, narrow, source, sink, finish));
            fetched[index] = kernel;
        }
        return kernel;
    }
}

package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.PixelView;
import java.util.Map;

/** Calls of a micro-kernel of depthwise convolutions on zeros: one vector of channels of a few pixels. */
final class DepthwiseRehearsal implements WarmUp.Rehearsal {
    private final DepthwiseKernel.Shape shape;
    private final DepthwiseKernel kernel;
    private final int lanes;
    private final Map<DepthwiseKernel.Shape, DepthwiseKernel> kernels;
    private final PixelView view = new PixelView();

    /**
     * Prepares operands.
     *
     * @param shape of the kernel
     * @param kernel not compiled yet
     * @param lanes floats of a vector
     * @param kernels where it goes when it is compiled
     */
    DepthwiseRehearsal(DepthwiseKernel.Shape shape, DepthwiseKernel kernel, int lanes,
                       Map<DepthwiseKernel.Shape, DepthwiseKernel> kernels) {
        this.shape = shape;
        this.kernel = kernel;
        this.lanes = lanes;
        this.kernels = kernels;
        int[] places = new int[WarmUp.ITERATIONS];
        view.xAt = places;
        view.bindPatches(new float[lanes], new int[DepthwiseKernel.NINE], null);
        view.bindWeights(new float[DepthwiseKernel.NINE * lanes], 0);
        view.bindBias(new float[lanes], 0);
        view.bindStart(new float[lanes], places, 0);
        view.bindResults(new float[lanes], places, 0);
    }

    @Override
    public void rehearse() {
        kernel.run(WarmUp.ITERATIONS, lanes, view);
    }

    @Override
    public void count() {
        kernel.run(-WarmUp.COUNTED, lanes, view);
    }

    @Override
    public int operations() {
        return (WarmUp.ITERATIONS + 1) * (DepthwiseKernel.NINE + 2);
    }

    @Override
    public void compiled() {
        kernels.put(shape, kernel);
    }
}

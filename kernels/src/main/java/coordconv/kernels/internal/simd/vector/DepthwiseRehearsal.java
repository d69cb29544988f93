package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.DepthwiseView;
import java.util.Map;

/** Calls of a micro-kernel of depthwise convolutions on zeros: one vector of channels of a few outputs. */
final class DepthwiseRehearsal implements WarmUp.Rehearsal {
    private final DepthwiseKernel.Shape shape;
    private final DepthwiseKernel kernel;
    private final int lanes;
    private final Map<DepthwiseKernel.Shape, DepthwiseKernel> kernels;
    private final DepthwiseView view = new DepthwiseView();

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
        int side = DepthwiseKernel.SIDE;
        int[] rows = new int[side * side];
        int[] columns = new int[side * side];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = t % side;
            columns[t] = t / side;
        }
        view.leftmost = 0;
        view.stride = Math.max(1, shape.stride());
        view.width = WarmUp.ITERATIONS * view.stride + side;
        view.reserve(side, lanes);
        for (int row = 0; row < side; row++) {
            view.bindRow(row, view.zeros, 0);
        }
        view.bindTaps(rows, columns);
        view.bindWeights(new float[rows.length * lanes], 0, view.zeros, 0);
        view.bindStart(view.zeros, 0, 0);
        view.bindResults(new float[lanes], 0, 0);
    }

    @Override
    public void rehearse() {
        kernel.run(WarmUp.ITERATIONS, lanes, view);
    }

    @Override
    public void count(int iterations) {
        kernel.run(-iterations, lanes, view);
    }

    @Override
    public int operations() {
        return (WarmUp.ITERATIONS + 1) * (DepthwiseKernel.SIDE * DepthwiseKernel.SIDE + 2);
    }

    @Override
    public void compiled() {
        kernels.put(shape, kernel);
    }
}

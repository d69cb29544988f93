package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;
import java.lang.foreign.Arena;
import java.util.Map;

/** Calls of a micro-kernel of pixels on zeros: one tile with a short patch. */
final class PixelRehearsal implements WarmUp.Rehearsal {
    private final PixelKernel.Shape shape;
    private final PixelKernel kernel;
    private final Map<PixelKernel.Shape, PixelKernel> kernels;
    private final PixelView view = new PixelView();
    private final int[] places = new int[PixelKernel.PIXELS];
    private final int[] lengths = new int[2];

    /**
     * Prepares operands.
     *
     * @param shape of the kernel
     * @param kernel not compiled yet
     * @param lanes floats of a vector
     * @param kernels where it goes when it is compiled
     */
    PixelRehearsal(PixelKernel.Shape shape, PixelKernel kernel, int lanes, Map<PixelKernel.Shape, PixelKernel> kernels) {
        this.shape = shape;
        this.kernel = kernel;
        this.kernels = kernels;
        int width = shape.vectors() * lanes;
        view.xAt = places;
        view.bindPatches(new float[WarmUp.ITERATIONS], new int[2], lengths);
        view.bindBias(new float[width], 0);
        view.bindWeights(Arena.ofAuto().allocate((long) Float.BYTES * WarmUp.ITERATIONS * width + PackedFloats.WINDOW_BYTES), 0);
        view.bindStart(new float[width], places, 0);
        view.bindResults(new float[width], places, 0);
    }

    @Override
    public void call(int iterations) {
        lengths[0] = iterations - 1;
        lengths[1] = 1;
        kernel.run(1, view);
    }

    @Override
    public int operations(int iterations) {
        return (iterations + 3) * PixelKernel.PIXELS * shape.vectors();
    }

    @Override
    public void compiled() {
        kernels.put(shape, kernel);
    }
}

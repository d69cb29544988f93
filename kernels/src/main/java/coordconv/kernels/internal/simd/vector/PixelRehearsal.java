package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Calls of a micro-kernel of pixels on zeros: two tiles with short patches. */
final class PixelRehearsal implements WarmUp.Rehearsal {
    private static final int TILES = 2;
    /**
     * As many runs as C2 needs to inline what a run calls, among the calls that are counted alone: of less than one for four calls
     * it leaves a call, for which the sums move to the stack, in a fifth of the JVMs.
     */
    private static final int[] RUNS = {WarmUp.ITERATIONS / TILES - 7, 2, 1, 1, 1, 1, 1};
    private final PixelKernel.Shape shape;
    private final PixelKernel kernel;
    private final Map<PixelKernel.Shape, PixelKernel> kernels;
    private final PixelView view = new PixelView();
    private final int[] places = new int[TILES * PixelKernel.PIXELS];

    /**
     * Prepares operands.
     *
     * @param shape of the kernel
     * @param kernel not compiled yet
     * @param lanes floats of a vector
     * @param weights zeros, {@link #weightBytes} of them
     * @param kernels where it goes when it is compiled
     */
    PixelRehearsal(PixelKernel.Shape shape, PixelKernel kernel, int lanes, MemorySegment weights,
                   Map<PixelKernel.Shape, PixelKernel> kernels) {
        this.shape = shape;
        this.kernel = kernel;
        this.kernels = kernels;
        int width = Math.max(1, shape.vectors() * lanes);
        view.xAt = places;
        view.bindPatches(new float[WarmUp.ITERATIONS], new int[RUNS.length], RUNS);
        view.bindBias(new float[width], 0);
        view.bindWeights(weights, 0);
        view.bindStart(new float[width], places, 0);
        view.bindResults(new float[width], places, 0);
    }

    /** {@return bytes that kernels of some vectors and fewer read} */
    static long weightBytes(int vectors, int lanes) {
        return (long) Float.BYTES * WarmUp.ITERATIONS * vectors * lanes + PackedFloats.WINDOW_BYTES;
    }

    @Override
    public void rehearse() {
        kernel.run(TILES, view);
    }

    @Override
    public void count(int iterations) {
        kernel.run(-iterations, view);
    }

    @Override
    public int operations() {
        return (WarmUp.ITERATIONS + TILES * 3) * PixelKernel.PIXELS * Math.max(1, shape.vectors());
    }

    @Override
    public void compiled() {
        kernels.put(shape, kernel);
    }
}

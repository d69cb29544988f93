package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.AView;
import coordconv.kernels.internal.simd.BView;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.TileKernel;
import java.util.Map;

/** Calls of a micro-kernel on zeros: one tile of few depths. */
final class TileRehearsal implements WarmUp.Rehearsal {
    private final TileKernel.Shape shape;
    private final TileKernel kernel;
    private final Map<TileKernel.Shape, TileKernel> tiles;
    private final AView a = new AView();
    private final BView b = new BView();
    private final CView c = new CView();

    /**
     * Prepares operands.
     *
     * @param shape of the kernel
     * @param kernel not compiled yet
     * @param lanes floats of a vector
     * @param nr columns of a tile
     * @param tiles where the kernel goes when it is compiled
     */
    TileRehearsal(TileKernel.Shape shape, TileKernel kernel, int lanes, int nr, Map<TileKernel.Shape, TileKernel> tiles) {
        this.shape = shape;
        this.kernel = kernel;
        this.tiles = tiles;
        int rows = shape.rows();
        a.bind(new float[rows * KernelSet.A_ROW_STRIDE], 0);
        b.bindPanel(new float[WarmUp.ITERATIONS * nr], 0);
        int[] columnAt = new int[nr];
        for (int j = 0; j < nr; j++) {
            columnAt[j] = j;
        }
        b.bindSource(new float[nr + lanes], 0, new int[WarmUp.ITERATIONS], 0, 0, columnAt, 0, lanes);
        c.bindSums(new float[rows * nr], 0, nr);
        c.bindResults(new float[rows * nr], 0, nr, lanes);
        c.bindBias(new float[rows], 0);
    }

    @Override
    public void rehearse() {
        // A kernel that packs reads the last depths from the panel, in a loop of its own.
        b.sourceDepths = shape.b().packs() ? 2 * WarmUp.ITERATIONS / 3 : WarmUp.ITERATIONS;
        kernel.run(1, WarmUp.ITERATIONS, a, b, c);
    }

    @Override
    public void count(int iterations) {
        kernel.run(-iterations, WarmUp.ITERATIONS, a, b, c);
    }

    @Override
    public int operations() {
        return (WarmUp.ITERATIONS + 2) * 2 * shape.rows();
    }

    @Override
    public void compiled() {
        tiles.put(shape, kernel);
    }
}

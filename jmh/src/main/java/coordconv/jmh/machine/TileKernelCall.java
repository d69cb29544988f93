package coordconv.jmh.machine;

import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.TileKernel;
import coordconv.kernels.internal.gemm.TileOperands;
import java.util.Arrays;

/** One kernel with its packing and epilogue, over patches that fit the first-level cache. */
public final class TileKernelCall {
    private static final int CHANNELS = 22;
    private static final int TAPS = 9;
    private static final int PLANE = 180;
    private static final int ROW = 58;
    private static final int CALLS = 400;

    private final TileKernel kernel;
    private final TileOperands operands = new TileOperands();

    /**
     * Prepares 3x3 patches of 22 channels.
     *
     * @param kernels the species
     * @param rows MR, 1 to the most the species holds in registers
     * @param source where B comes from
     */
    public TileKernelCall(KernelSet kernels, int rows, TileKernel.Source source) {
        kernel = kernels.tile(new TileKernel.Shape(rows, false, source, false, TileKernel.Finish.LINEAR));
        TileOperands t = operands;
        t.kc = CHANNELS * TAPS;
        t.a = new float[t.kc * rows];
        t.panel = new float[t.kc * kernels.nr()];
        t.source = new float[CHANNELS * PLANE + 4 * ROW];
        t.sourceRows = t.kc;
        t.rowAt = new int[t.kc];
        Arrays.setAll(t.rowAt, k -> k / TAPS * PLANE + k % TAPS / 3 * ROW + k % 3);
        t.columnAt = new int[kernels.nr()];
        // A gap in each vector, as where a row of the image ends: what NEAR has to pick over.
        Arrays.setAll(t.columnAt, j -> j + j % kernels.lanes() / (kernels.lanes() / 2));
        t.secondAt = kernels.nr() - kernels.lanes();
        t.sums = new float[rows * kernels.nr()];
        t.y = new float[rows * kernels.nr()];
        t.yPitch = kernels.nr();
        t.bias = new float[rows];
    }

    /** Computes the tile many times. */
    public void run() {
        for (int call = 0; call < CALLS; call++) {
            kernel.run(operands);
        }
    }
}

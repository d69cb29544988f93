package coordconv.jmh.machine;

import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.MicroKernel;

/** One micro-kernel over panels that fit the first-level cache, many tiles a call. */
public final class MicroKernelCall {
    private static final int DEPTH = 256;
    private static final int TILES = 400;

    private final MicroKernel kernel;
    private final int rows;
    private final int columns;
    private final float[] a;
    private final float[] b;
    private final float[] c;

    /**
     * Prepares panels of depth 256.
     *
     * @param kernels the species
     * @param rows MR, 1 to the most the species holds in registers
     */
    public MicroKernelCall(KernelSet kernels, int rows) {
        this.rows = rows;
        kernel = kernels.packed(rows);
        columns = kernels.nr();
        a = filled(rows * DEPTH);
        b = filled(columns * DEPTH);
        c = new float[rows * columns];
    }

    private static float[] filled(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = 1f / (1 + i % 7);
        }
        return values;
    }

    /** Computes the tile as often as {@link #flops} counts. */
    public void run() {
        for (int tile = 0; tile < TILES; tile++) {
            kernel.run(DEPTH, a, 0, b, 0, c, 0, columns, false);
        }
    }

    /** {@return a value of the tile, so that its computation is needed} */
    public float result() {
        return c[0];
    }

    /** {@return floating-point operations of one {@link #run}} */
    public double flops() {
        return 2.0 * rows * columns * DEPTH * TILES;
    }
}

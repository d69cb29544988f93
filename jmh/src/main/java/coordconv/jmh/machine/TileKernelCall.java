package coordconv.jmh.machine;

import coordconv.kernels.internal.simd.AView;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.BView;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.TileKernel;
import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import java.util.Arrays;

/**
 * One micro-kernel, called many times for the same register tile, with all operands in the first-level cache.
 *
 * <p>The source of B is that of a 3x3 convolution: nine taps for each channel. A module that exports its packages to
 * nobody can be reached from the class path, where this module runs.
 */
public final class TileKernelCall {
    private static final int KC = 256;
    private static final int KERNEL_SIDE = 3;
    private static final int TAPS = KERNEL_SIDE * KERNEL_SIDE;
    /** Row stride of the source: a row of 56 columns and its padding. */
    private static final int ROW_STRIDE = 58;
    private static final int CHANNEL_STRIDE = KERNEL_SIDE * ROW_STRIDE + 6;
    private static final int CALLS = 400;

    private final TileKernel kernel;
    private final int rows;
    private final int nr;
    private final AView a = new AView();
    private final BView b = new BView();
    private final CView c = new CView();

    /**
     * Prepares a kernel without accumulation and activation.
     *
     * @param kernels the kernels of one vector width
     * @param rows MR, from 1 to the greatest of the width
     * @param aLayout how A lies
     * @param bAccess how B is reached
     */
    public TileKernelCall(KernelSet kernels, int rows, ALayout aLayout, BAccess bAccess) {
        this.rows = rows;
        nr = kernels.nr();
        int lanes = kernels.lanes();
        kernel = kernels.tile(new TileKernel.Shape(rows, false, aLayout, bAccess, false, Activation.IDENTITY));
        a.bind(filled(aLayout == ALayout.PANEL ? KC * rows : KernelSet.A_ROW_STRIDE * rows), 0);
        b.bindPanel(filled(KC * nr), 0);
        int[] rowAt = new int[KC];
        Arrays.setAll(rowAt, k -> k / TAPS * CHANNEL_STRIDE + k % TAPS / KERNEL_SIDE * ROW_STRIDE + k % KERNEL_SIDE);
        int[] columnAt = new int[nr];
        // A shuffle has a gap in each vector to skip, as where a row of the image ends.
        Arrays.setAll(columnAt, j -> bAccess.shuffles() ? j + j % lanes / (lanes / 2) : j);
        // Two vectors are read from the first column of each.
        b.bindSource(filled(rowAt[KC - 1] + columnAt[nr - 1] + 2 * lanes), 0, rowAt, 0, KC, columnAt, 0, nr - lanes);
        c.bindResults(new float[rows * nr], 0, nr, nr / 2);
        c.bindBias(new float[rows], 0);
    }

    /**
     * The kernel with the most rows, A and B in packed panels: the inner loop of a large convolution.
     *
     * @param kernels the kernels of one vector width
     * @return the call
     */
    public static TileKernelCall largest(KernelSet kernels) {
        return new TileKernelCall(kernels, kernels.maxRows(), ALayout.PANEL, BAccess.PANEL);
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
        for (int call = 0; call < CALLS; call++) {
            kernel.run(1, KC, a, b, c);
        }
    }

    /** {@return an element of the tile, so that its computation is needed} */
    public float result() {
        return c.y[0];
    }

    /** {@return floating-point operations of one {@link #run}, a multiply-add counted as two} */
    public double flops() {
        return 2.0 * rows * nr * KC * CALLS;
    }
}

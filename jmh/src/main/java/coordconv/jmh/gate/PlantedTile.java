package coordconv.jmh.gate;

import coordconv.kernels.internal.gemm.TileKernel;
import coordconv.kernels.internal.gemm.TileOperands;

/** {@link PlantedSlowdown} for the kernels that pack and finish as well. */
public final class PlantedTile implements TileKernel {
    private static final int SHARE = 10;
    /** No tile of any width has more. */
    private static final int FLOATS = 32 * 32;

    /** Stands for the sums; nobody reads what lands here. */
    private float[] scratch = new float[FLOATS];
    private final TileKernel kernel;

    private PlantedTile(TileKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Slows a kernel.
     *
     * @param kernel the real one
     * @return one with the same results
     */
    public static TileKernel of(TileKernel kernel) {
        return new PlantedTile(kernel);
    }

    /**
     * The needless work comes first: whatever it writes outside the scratch, the real run writes again. Where the
     * results go to the sums, which that run reads, they go to the scratch.
     */
    @Override
    public void run(TileOperands t) {
        int kc = t.kc;
        int sourceRows = t.sourceRows;
        int sumsAt = t.sumsAt;
        float[] sums = t.sums;
        int yAt = t.yAt;
        float[] y = t.y;
        if (scratch.length < t.tiles * FLOATS) {
            scratch = new float[t.tiles * FLOATS];
        }
        t.kc = kc / SHARE;
        t.sourceRows = Math.min(sourceRows, t.kc);
        t.sums = scratch;
        t.sumsAt = 0;
        if (y == sums) {
            t.y = scratch;
            t.yAt = 0;
        }
        kernel.run(t);
        t.kc = kc;
        t.sourceRows = sourceRows;
        t.sums = sums;
        t.sumsAt = sumsAt;
        t.y = y;
        t.yAt = yAt;
        kernel.run(t);
    }
}

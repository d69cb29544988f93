package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.Pool;
import coordconv.kernels.internal.gemm.TileOperands;
import java.lang.foreign.MemorySegment;

/**
 * The scratch of one thread in one call: a few cache blocks, grown on first use and reused by every plan.
 */
final class Workspace {
    private static final Pool<Workspace> IDLE =
            new Pool<>(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()), Workspace::new);

    /** Input rows, padded. */
    float[] stage = new float[0];
    /** Whose padding the stage holds; 0 for nobody's. */
    long stageOwner;
    /** Packed B panels. */
    float[] panels = new float[0];
    /** The transposed row side of a gradient to the weights. */
    float[] transposed = new float[0];
    /** Sums of tiles that are not finished yet. */
    float[] sums = new float[0];
    /** One row, for sources and destinations that are no arrays. */
    float[] row = new float[0];
    final ColumnBlock block = new ColumnBlock();
    final PanelPacking.Target target = new PanelPacking.Target();
    final TileOperands tile = new TileOperands();

    private Workspace() {}

    static Workspace borrow() {
        return IDLE.borrow();
    }

    void giveBack() {
        tile.forget();
        IDLE.giveBack(this);
    }

    void reserveStage(int floats) {
        if (stage.length < floats) {
            stage = new float[floats];
            stageOwner = 0;
        }
    }

    void reservePanels(int floats) {
        panels = grown(panels, floats);
    }

    void reserveTransposed(int floats) {
        transposed = grown(transposed, floats);
    }

    void reserveSums(int floats) {
        sums = grown(sums, floats);
    }

    void reserveRow(int floats) {
        row = grown(row, floats);
    }

    /**
     * Copies floats of a segment.
     *
     * @param x lies in a segment
     * @param from first float
     * @param count number of floats
     * @param slack floats that may be read behind them
     * @return the row scratch, which begins with them
     */
    float[] rowOf(FloatRegion x, int from, int count, int slack) {
        reserveRow(count + slack);
        MemorySegment.copy(x.segment(), x.layout(), (long) from * Float.BYTES, row, 0, count);
        return row;
    }

    private static float[] grown(float[] scratch, int floats) {
        return scratch.length >= floats ? scratch : new float[floats];
    }
}

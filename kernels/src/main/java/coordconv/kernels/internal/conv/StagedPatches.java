package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.TileKernel.Source;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** Patches of any correlation and any memory, through the stage. */
final class StagedPatches implements PatchSource {
    private static final AtomicLong IDS = new AtomicLong();
    /** Rows of neighbours need no packing; of columns that are picked, the first of several row tiles packs. */
    private static final int FEW_ROW_TILES = 2;

    /** Names these patches in a workspace, which must not keep them alive. */
    private final long id = IDS.incrementAndGet();
    private final Correlation correlation;
    private final int blockColumns;
    private final int nr;
    private final StageLayout layout;
    private final Staging staging;
    private final PanelPacking packing;
    private final int stageFloats;
    /** Offset in the stage of each k row of a depth block. */
    private final int[] rowAt;

    StagedPatches(Correlation correlation, CoordRows coordRows, KernelSet kernels, int blockColumns, int channelsPerBlock) {
        this.correlation = correlation;
        this.blockColumns = blockColumns;
        nr = kernels.nr();
        layout = new StageLayout(correlation, blockColumns);
        staging = new Staging(correlation, layout, coordRows, blockColumns, kernels);
        packing = new PanelPacking(kernels.loops(), kernels.lanes(), nr);
        // Two vectors more: a chunk near the end is read by whole vectors.
        stageFloats = Math.multiplyExact(channelsPerBlock, layout.plane) + 2 * kernels.lanes() + nr;
        int taps = correlation.grid().taps();
        rowAt = new int[channelsPerBlock * taps];
        Arrays.setAll(rowAt, k -> k / taps * layout.plane + layout.tapAt[k % taps]);
    }

    @Override
    public int stageFloats() {
        return stageFloats;
    }

    @Override
    public long tableBytes() {
        return Integer.BYTES * (blockColumns + 4L * layout.maxListedRows());
    }

    @Override
    public void reserve(Workspace workspace) {
        workspace.block.reserve(blockColumns, layout.maxListedRows());
    }

    /** In an image wider than a block none reaches past the end of its row. */
    @Override
    public int limit(int q, int last) {
        int width = correlation.grid().width();
        return width > blockColumns ? Math.min(last, (q / width + 1) * width) : last;
    }

    @Override
    public void layOut(int q, int end, Workspace workspace) {
        workspace.block.layOut(correlation, layout, q, end, nr);
        // What was staged before lay in the same places, so the padding around it is zero still.
        boolean clean = workspace.stageOwner == id && workspace.block.samePadding;
        if (layout.padded && !clean) {
            Arrays.fill(workspace.stage, 0, stageFloats, 0);
        }
        workspace.stageOwner = id;
    }

    @Override
    public void stage(FloatRegion x, int from, int to, Workspace workspace) {
        staging.stage(x, workspace.block, from, to, workspace);
    }

    @Override
    public void pack(FloatRegion x, int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        packing.pack(workspace.stage, 0, Integer.MAX_VALUE, workspace.block, rowAt, 0,
                (to - from) * correlation.grid().taps(), workspace.target, 0, fromColumn, toColumn);
    }

    /** Rows of neighbours are read in place by all row tiles: taps share their cache lines. */
    @Override
    public Source offer(FloatRegion x, int from, int to, int j, int rowTiles, Workspace workspace) {
        Source source = packing.point(workspace.tile, workspace.stage, 0, Integer.MAX_VALUE, workspace.block, j,
                rowAt, 0, (to - from) * correlation.grid().taps());
        if (source == Source.PANEL) {
            pack(x, from, to, j, Math.min(workspace.block.columns, j + nr), workspace);
        }
        return source == Source.NEAR && rowTiles > FEW_ROW_TILES ? Source.PACK_NEAR : source;
    }
}

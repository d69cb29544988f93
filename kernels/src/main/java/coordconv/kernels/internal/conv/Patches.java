package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.TileKernel.Source;
import coordconv.kernels.internal.gemm.TileOperands;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The virtual im2col matrix of a correlation: lays out a block of columns, and packs the patches of a
 * range of channels for it, through the stage or, where the correlation is pointwise, from the input itself.
 */
final class Patches {
    private static final AtomicLong IDS = new AtomicLong();

    /** Names these patches in a workspace, which must not keep them alive. */
    private final long id = IDS.incrementAndGet();
    private final Correlation correlation;
    private final int blockColumns;
    private final int channelsPerBlock;
    private final int lanes;
    private final int nr;
    private final StageLayout layout;
    private final Staging staging;
    private final CoordRows coordRows;
    private final PanelPacking packing;
    /** Null where patches are packed through the stage or from the input's rows. */
    private final PlanePacking planes;
    private final boolean pointwise;
    /** Offset in the stage of each k row of a depth block. */
    private final int[] stageRowAt;
    /** Offset in the input of each feature, for a pointwise correlation. */
    private final int[] featureAt;

    /**
     * Plans the packing.
     *
     * @param correlation what is summed
     * @param kernels packing loops and tile width
     * @param blockColumns columns of a block at the most
     * @param channelsPerBlock channels packed at a time at the most
     */
    Patches(Correlation correlation, KernelSet kernels, int blockColumns, int channelsPerBlock) {
        this.correlation = correlation;
        this.blockColumns = blockColumns;
        this.channelsPerBlock = Math.min(channelsPerBlock, correlation.channels().total());
        lanes = kernels.lanes();
        nr = kernels.nr();
        layout = new StageLayout(correlation, blockColumns);
        coordRows = new CoordRows(correlation.channels().coords());
        staging = new Staging(correlation, layout, coordRows, blockColumns, kernels);
        packing = new PanelPacking(kernels.loops(), lanes, nr);
        planes = PlanePacking.of(correlation, coordRows, kernels);
        pointwise = correlation.isPointwise();
        int taps = correlation.grid().taps();
        stageRowAt = new int[this.channelsPerBlock * taps];
        Arrays.setAll(stageRowAt, k -> k / taps * layout.plane + layout.tapAt[k % taps]);
        featureAt = new int[pointwise ? correlation.channels().features() : 0];
        Arrays.setAll(featureAt, f -> (correlation.channels().firstFeature() + f) * correlation.input().channelStride());
    }

    /** {@return floats of stage that one thread needs} */
    int stageFloats() {
        if (planes != null) {
            return planes.stageFloats();
        }
        // Two vectors more: a chunk near the end is read by whole vectors.
        return Math.max(Math.multiplyExact(channelsPerBlock, layout.plane),
                correlation.channels().coordCount() * blockColumns) + 2 * lanes + nr;
    }

    /** {@return bytes of offset tables that one thread needs} */
    long tableBytes() {
        return planes != null ? 0 : Integer.BYTES * (blockColumns + 4L * layout.maxListedRows());
    }

    /** Makes room in a workspace. */
    void reserve(Workspace workspace) {
        workspace.reserveStage(stageFloats());
        if (planes == null) {
            workspace.block.reserve(blockColumns, layout.maxListedRows());
        }
    }

    /**
     * End of the block that starts at column q: blocks of even width, and in an image wider than a block
     * none reaches past the end of its row, but for one that is read directly.
     */
    int blockEnd(boolean direct, int q, int last) {
        int width = correlation.grid().width();
        int limit = !direct && width > blockColumns ? Math.min(last, (q / width + 1) * width) : last;
        int tiles = (limit - q + nr - 1) / nr;
        int blocks = (tiles * nr + blockColumns - 1) / blockColumns;
        return Math.min(limit, q + (tiles + blocks - 1) / blocks * nr);
    }

    /** Lays out columns {@code q} to {@code end - 1}. */
    void layOut(FloatRegion x, int q, int end, Workspace workspace) {
        if (planes != null) {
            workspace.block.from = q;
            workspace.block.columns = end - q;
            workspace.stageOwner = 0;
            return;
        }
        if (isDirect(x)) {
            workspace.block.layOutPointwise(correlation, q, end, nr);
            workspace.stageOwner = 0;
            return;
        }
        workspace.block.layOut(correlation, layout, q, end, nr);
        // What was staged before lay in the same places, so the padding around it is zero still.
        boolean clean = workspace.stageOwner == id && workspace.block.samePadding;
        if (layout.padded && !clean) {
            Arrays.fill(workspace.stage, 0, stageFloats(), 0);
        }
        workspace.stageOwner = id;
    }

    /** Makes joined channels {@code from} to {@code to - 1} of the block that was laid out ready to be packed. */
    void stage(FloatRegion x, int from, int to, Workspace workspace) {
        if (planes != null) {
            planes.stage(from, to, workspace);
            return;
        }
        if (!isDirect(x)) {
            staging.stage(x, workspace.block, from, to, workspace);
            return;
        }
        Correlation.Channels channels = correlation.channels();
        for (int c = from; c < to; c++) {
            if (channels.isCoord(c)) {
                generate(channels.coord(c), workspace, coordAt(c));
            }
        }
    }

    /**
     * Packs the channels that were staged, for columns {@code fromColumn} to {@code toColumn - 1} of the
     * block, into the first tiles of the target.
     */
    void pack(FloatRegion x, int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        PanelPacking.Target target = workspace.target;
        if (planes != null) {
            planes.pack(x, from, to, fromColumn, toColumn, workspace);
            return;
        }
        if (!isDirect(x)) {
            packing.pack(workspace.stage, 0, Integer.MAX_VALUE, workspace.block, stageRowAt, 0,
                    (to - from) * correlation.grid().taps(), target, 0, fromColumn, toColumn);
            return;
        }
        Correlation.Channels channels = correlation.channels();
        int firstFeature = channels.featuresFrom();
        int begin = Math.max(from - firstFeature, 0);
        int end = Math.min(to - firstFeature, channels.features());
        if (begin < end && correlation.input().isChannelsLast()) {
            packing.packPixels(x.array(), x.arrayOffset() + featureAt[begin], workspace.block, end - begin,
                    target, begin + firstFeature - from, fromColumn, toColumn);
        } else if (begin < end) {
            packing.pack(x.array(), x.arrayOffset(), x.array().length, workspace.block, featureAt, begin, end,
                    target, begin + firstFeature - from, fromColumn, toColumn);
        }
        packCoords(from, to, fromColumn, toColumn, workspace);
    }

    /** Packs the coordinates of a pointwise correlation, whose features lie in the input itself. */
    private void packCoords(int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        for (int c = from; c < to; c++) {
            if (correlation.channels().isCoord(c)) {
                packing.packRow(workspace.stage, coordAt(c), workspace.target, c - from, fromColumn, toColumn);
            }
        }
    }

    /**
     * Makes the patches of one tile ready for a micro-kernel: says where they lie, or packs them.
     *
     * <p>Of a stage, rows of neighbours are read in place by all row tiles: taps share their cache lines.
     * The planes of an input are as far apart as the image is large, which would crowd a few cache sets:
     * there, and where columns have to be picked, the first of several row tiles packs for the others.
     *
     * @param x input
     * @param from first channel of the depth block
     * @param to channel after the last
     * @param j first column of the tile, counted from the block's
     * @param rowTiles row tiles that will read them
     * @param workspace holds the operands that are told where the patches are
     * @return how the kernel of the first row tile reads B; the others read the panel if it packs
     */
    Source offer(FloatRegion x, int from, int to, int j, int rowTiles, Workspace workspace) {
        int columns = Math.min(workspace.block.columns, j + nr);
        if (planes != null) {
            planes.pack(x, from, to, j, columns, workspace);
            return Source.PANEL;
        }
        TileOperands t = workspace.tile;
        boolean direct = isDirect(x);
        int rows = direct ? Math.min(to, correlation.channels().features()) - from
                : (to - from) * correlation.grid().taps();
        Source source = Source.PANEL;
        if (!direct || rows > 0 && !correlation.channels().coordsFirst()) {
            int[] rowAt = direct ? featureAt : stageRowAt;
            int firstRow = direct ? from : 0;
            int base = direct ? x.arrayOffset() : 0;
            int room = direct ? x.array().length - base - rowAt[firstRow + rows - 1] : Integer.MAX_VALUE;
            source = packing.source(workspace.block, j, room);
            t.source = direct ? x.array() : workspace.stage;
            t.rowAt = rowAt;
            t.firstRow = firstRow;
            t.sourceRows = rows;
            t.columnAt = workspace.block.columnAt;
            t.firstColumn = j;
            t.firstAt = base + t.columnAt[j];
            t.secondAt = base + t.columnAt[j + nr - lanes];
        }
        if (source == Source.PANEL) {
            pack(x, from, to, j, columns, workspace);
        } else if (direct) {
            packCoords(from, to, j, columns, workspace);
        }
        if (source == Source.ADJACENT && direct) {
            return Source.PACK_ADJACENT;
        }
        return source == Source.NEAR && (direct || rowTiles > 2) ? Source.PACK_NEAR : source;
    }

    /** Whether this input is packed without being staged. */
    boolean isDirect(FloatRegion x) {
        return pointwise && x.array() != null;
    }

    /** Where the values of a coordinate stand in the stage of a pointwise correlation. */
    private int coordAt(int c) {
        return correlation.channels().coordSlot(c) * blockColumns;
    }

    private void generate(int coord, Workspace workspace, int at) {
        int points = correlation.grid().points();
        int width = correlation.grid().width();
        ColumnBlock block = workspace.block;
        boolean same = coordRows.isSameInAllRows(coord);
        int model = -1;
        for (int i = 0; i < block.columns; ) {
            int q = block.from + i;
            int image = q / points;
            int row = (q - image * points) / width;
            int column = q - image * points - row * width;
            int run = Math.min(block.columns - i, width - column);
            if (model >= 0) {
                System.arraycopy(workspace.stage, at + model, workspace.stage, at + i, run);
            } else {
                coordRows.fill(coord, image, row, column, 1, run, workspace.stage, at + i);
                // Runs that follow a whole row begin where it began, and are no longer.
                model = same && run == width ? i : -1;
            }
            i += run;
        }
    }
}

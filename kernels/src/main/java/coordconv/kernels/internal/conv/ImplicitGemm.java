package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.Blocking;
import coordconv.kernels.internal.gemm.CacheSizes;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.RowTiles;
import coordconv.kernels.internal.gemm.TileKernel.Finish;
import coordconv.kernels.internal.gemm.TileKernel.Source;
import coordconv.kernels.internal.gemm.TileKernels;
import coordconv.kernels.internal.gemm.TileOperands;
import java.util.Arrays;

/**
 * One correlation as a blocked matrix product, im2col fused into the packing of B:
 * {@code out[M, N * points] = weights[M, K] * patches[K, N * points]}.
 *
 * <p>The loops are those of the BLIS framework (Van Zee and van de Geijn, 2015), numbered as there: 5
 * over NC columns, 4 over KC depths (stage and pack B), 3 over MC rows, 2 over NR columns, 1 over MR
 * rows (micro-kernel, which finishes the results in the last depth block). Tiles of unfinished sums stay
 * in scratch, so the output is written once, whatever memory it lies in.
 *
 * <p>Immutable; any number of threads may run disjoint parts.
 */
public final class ImplicitGemm {
    /** From as many tiles on, half of the last one is less than a percent of all. */
    private static final int NARROW_FROM = 64;

    private final Correlation correlation;
    private final Blocking blocking;
    private final RowTiles rowTiles;
    private final TileKernels kernels;
    private final float slope;
    private final int nr;
    private final int channelsPerBlock;
    private final Patches patches;
    private final Epilogue epilogue;
    private final boolean add;
    private final int tilesPerPass;
    /** Whether one pass of loop 3 takes all rows. */
    private final boolean onePass;
    /** Whether sums are kept from one depth block to the next. */
    private final boolean keepSums;
    /** Bias of all depth blocks but the last. */
    private final float[] noBias;
    /** Columns of a tile that a narrow kernel computes, or 0 where it is not worth its compilation. */
    private final int narrowColumns;

    /**
     * Plans a correlation.
     *
     * @param correlation what to compute
     * @param kernels on which width
     * @param caches cache sizes
     * @param slope factor of the activation on negative results, 1 for none
     * @param add whether results are added to the output
     */
    public ImplicitGemm(Correlation correlation, KernelSet kernels, CacheSizes caches, float slope, boolean add) {
        this.correlation = correlation;
        nr = kernels.nr();
        blocking = Blocking.choose(kernels, caches, correlation.output().rows(), correlation.columns(),
                correlation.depth(), correlation.grid().taps(), PlanePatches.areFor(correlation, kernels),
                stagedFloats(correlation, kernels));
        keepSums = blocking.kc() < correlation.depth();
        narrowColumns = correlation.columns() < NARROW_FROM * nr ? kernels.lanes() : 0;
        channelsPerBlock = blocking.kc() / correlation.grid().taps();
        rowTiles = RowTiles.of(correlation.output().rows(), kernels.maxRows());
        onePass = blocking.mc() >= rowTiles.rows();
        tilesPerPass = onePass ? rowTiles.count() : Math.max(1, blocking.mc() / rowTiles.size(0));
        this.slope = slope;
        this.kernels = new TileKernels(kernels, Finish.of(slope));
        patches = new Patches(correlation, kernels, blocking.nc(), channelsPerBlock);
        this.add = add;
        noBias = new float[keepSums ? correlation.biasAt() + correlation.output().rows() : 0];
        epilogue = new Epilogue(correlation, kernels, slope, add);
    }

    /** Floats of a channel that are staged for each column, about: stride 2 stages four times as many as there are columns. */
    private static int stagedFloats(Correlation correlation, KernelSet kernels) {
        Correlation.Grid grid = correlation.grid();
        return correlation.isPointwise() || PlanePatches.areFor(correlation, kernels) ? 0
                : Math.min(grid.taps(), grid.strideH() * grid.strideW());
    }

    /** {@return the block sizes} */
    public Blocking blocking() {
        return blocking;
    }

    /** {@return floats of the packed weights} */
    public int packedLength() {
        return Math.multiplyExact(correlation.output().rows(), correlation.depth());
    }

    /** Packs weights into {@code panels} from {@code at} on. */
    public void packWeights(FloatRegion weights, float[] panels, int at) {
        PackedA.pack(correlation, rowTiles, channelsPerBlock, weights, panels, at);
    }

    /** {@return NR-wide tiles of columns} */
    public int columnTiles() {
        return (correlation.columns() + nr - 1) / nr;
    }

    /** {@return tiles of rows} */
    public int rowTiles() {
        return rowTiles.count();
    }

    /** {@return bytes of scratch that one thread uses} */
    public long workspaceBytes() {
        return Float.BYTES * ((long) patches.stageFloats() + panelFloats() + sumFloats()) + patches.tableBytes();
    }

    private int panelFloats() {
        return Math.multiplyExact(blocking.kc(), onePass ? nr : blocking.nc());
    }

    private int sumFloats() {
        return keepSums ? Math.multiplyExact(blocking.nc(), rowTiles.rows()) : Math.multiplyExact(rowTiles.rows(), nr);
    }

    /**
     * Computes a rectangle of the output.
     *
     * @param x input
     * @param a packed weights
     * @param aAt offset of this correlation's
     * @param bias bias of all output channels of the convolution
     * @param y output
     * @param fromTile first column tile
     * @param toTile column tile after the last
     * @param fromRowTile first row tile
     * @param toRowTile row tile after the last
     */
    public void run(FloatRegion x, float[] a, int aAt, float[] bias, FloatRegion y,
                    int fromTile, int toTile, int fromRowTile, int toRowTile) {
        Workspace workspace = Workspace.borrow();
        try {
            patches.reserve(workspace);
            workspace.reservePanels(panelFloats());
            workspace.reserveSums(sumFloats());
            TileOperands t = workspace.tile;
            t.a = a;
            t.sums = workspace.sums;
            t.slope = slope;
            int last = Math.min(correlation.columns(), toTile * nr);
            PatchSource patchSource = patches.of(x);
            int end;
            for (int q = fromTile * nr; q < last; q = end) {
                end = patches.blockEnd(q, patchSource.limit(q, last));
                patchSource.layOut(q, end, workspace);
                depths(patchSource, x, aAt, bias, y, fromRowTile, toRowTile, workspace);
            }
        } finally {
            workspace.giveBack();
        }
    }

    /** Loop 4. */
    private void depths(PatchSource patchSource, FloatRegion x, int aAt, float[] bias, FloatRegion y,
                        int fromRowTile, int toRowTile, Workspace workspace) {
        int total = correlation.channels().total();
        int taps = correlation.grid().taps();
        for (int c = 0; c < total; c += channelsPerBlock) {
            int to = Math.min(total, c + channelsPerBlock);
            int kc = (to - c) * taps;
            workspace.target.panels(workspace.panels, kc, nr);
            workspace.tile.bias = to == total ? bias : noBias;
            patchSource.stage(x, c, to, workspace);
            rows(patchSource, x, c, to, aAt + c * taps * rowTiles.rows(), kc, y, fromRowTile, toRowTile, workspace);
        }
    }

    /**
     * Loops 3, 2 and 1. Where one pass takes all rows, each B panel is packed as it is first used and
     * never leaves the first-level cache; else the panels of the block are packed once for all passes.
     */
    private void rows(PatchSource patchSource, FloatRegion x, int c, int to, int aAt, int kc, FloatRegion y,
                      int fromRowTile, int toRowTile, Workspace workspace) {
        int columns = workspace.block.columns;
        TileOperands t = workspace.tile;
        t.kc = kc;
        t.panel = workspace.panels;
        t.panelAt = 0;
        boolean first = c == 0;
        boolean last = to == correlation.channels().total();
        if (!onePass) {
            patchSource.pack(x, c, to, 0, columns, workspace);
        }
        for (int ic = fromRowTile; ic < toRowTile; ic += tilesPerPass) {
            int ie = Math.min(toRowTile, ic + tilesPerPass);
            for (int j = 0; j < columns; j += nr) {
                Source source = Source.PANEL;
                if (onePass) {
                    source = patchSource.offer(x, c, to, j, ie - ic, workspace);
                } else {
                    t.panelAt = j * kc;
                }
                panel(source, first, last, aAt, y, j, ic, ie, workspace);
            }
        }
    }

    /**
     * Loop 1: one B panel under all A panels of a pass. The kernels of the last depth block finish the results,
     * in the output itself if whole vectors of it lie in rows; all others leave sums in scratch.
     */
    private void panel(Source source, boolean first, boolean last, int aAt, FloatRegion y,
                       int j, int fromRowTile, int toRowTile, Workspace workspace) {
        TileOperands t = workspace.tile;
        int q = workspace.block.from + j;
        int columns = Math.min(nr, workspace.block.columns - j);
        int sums = keepSums ? j * rowTiles.rows() : 0;
        int firstRow = rowTiles.start(fromRowTile);
        int rows = rowTiles.start(toRowTile) - firstRow;
        boolean finish = last && !add;
        boolean direct = finish && epilogue.point(t, q, columns, y);
        if (first && keepSums) {
            // Rather than kernels of the first block's own, which would have to be compiled.
            Arrays.fill(t.sums, sums + firstRow * nr, sums + (firstRow + rows) * nr, 0);
        }
        if (!direct) {
            t.y = t.sums;
            t.yPitch = nr;
            t.yNext = nr / 2;
        }
        int outAt = direct ? t.yAt : sums;
        boolean narrow = columns <= narrowColumns;
        Source from = source;
        int end;
        for (int tile = fromRowTile; tile < toRowTile; tile = end) {
            int m = rowTiles.start(tile);
            // The first tile packs for all below it.
            end = from.packs() ? tile + 1 : Math.min(toRowTile, rowTiles.endOfEqual(tile));
            t.tiles = end - tile;
            t.aAt = aAt + m * t.kc;
            t.sumsAt = sums + m * nr;
            t.yAt = outAt + m * t.yPitch;
            t.biasAt = correlation.biasAt() + m;
            kernels.of(rowTiles.size(tile), narrow, from, keepSums, finish).run(t);
            from = source.packs() ? Source.PANEL : source;
        }
        if (last && !direct) {
            epilogue.store(t.sums, sums + firstRow * nr, rows, firstRow, q, columns, y, workspace);
        }
    }
}

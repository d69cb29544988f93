package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.algorithm.CoordTable;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.TileKernel;
import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import java.util.Arrays;

/**
 * Loops 3 to 1 of the blocked product: a block of B, NC columns and KC deep, under all panels of A. Loop 3 runs over MC
 * rows, loop 2 over NR columns, and loop 1 over MR rows, inside the micro-kernel for tiles of equal height.
 *
 * <p>The sums of unfinished depth blocks stay in scratch; the micro-kernels of the last one finish the results, in the
 * output itself where a tile lies in it in one piece. So the output is written once, whatever memory it lies in.
 */
public final class MacroKernel {
    private final Blocking blocking;
    private final RowTiles rowTiles;
    private final KernelTable kernels;
    private final OutputView output;
    private final int nr;
    private final int biasAt;
    private final float alpha;
    private final boolean add;
    /** Row tiles of one pass of loop 3. */
    private final int tilesPerPass;
    /** Whether one pass of loop 3 takes all rows. */
    private final boolean onePass;
    /** Whether sums are kept from one depth block to the next. */
    private final boolean keepsSums;
    /** What is added to the product from the start, or null. */
    private final CoordTable start;
    /** Columns up to which the last tile has a kernel of its own, or 0. */
    private final int oneVectorColumns;
    /** Bias of all depth blocks but the last. */
    private final float[] noBias;

    /**
     * Plans the loops.
     *
     * @param correlation shape of the product
     * @param blocking its block sizes
     * @param machine kernels and tuning
     * @param activation of the results
     * @param alpha its parameter
     * @param add whether results are added to the output
     * @param start what is added to the product from the start, or null
     */
    public MacroKernel(Correlation correlation, Blocking blocking, Machine machine, Activation activation, float alpha, boolean add,
                       CoordTable start) {
        this.start = start;
        this.blocking = blocking;
        this.alpha = alpha;
        this.add = add;
        nr = machine.kernels().nr();
        biasAt = correlation.biasAt();
        rowTiles = RowTiles.of(correlation.output().rows(), machine.kernels().maxRows(), machine.tuning());
        kernels = new KernelTable(machine.kernels(), ALayout.PANEL, activation);
        machine.kernels().prepareTiles();
        output = new OutputView(correlation, machine, activation, alpha, add);
        keepsSums = blocking.kc() < correlation.depth();
        onePass = blocking.mc() >= rowTiles.rows();
        tilesPerPass = onePass ? rowTiles.count() : Math.max(1, blocking.mc() / rowTiles.size(0));
        boolean fewTiles = correlation.columns() < machine.tuning().minTilesForFullLast() * nr;
        oneVectorColumns = fewTiles ? machine.kernels().lanes() : 0;
        noBias = new float[keepsSums ? biasAt + rowTiles.rows() : 0];
    }

    /** {@return the tiles that A is packed for} */
    public RowTiles rowTiles() {
        return rowTiles;
    }

    /** {@return floats of B panels that one thread needs} */
    public int panelFloats() {
        return Math.multiplyExact(blocking.kc(), onePass ? nr : blocking.nc());
    }

    /** {@return floats of sums that one thread needs} */
    public int sumFloats() {
        return Math.multiplyExact(rowTiles.rows(), keepsSums ? blocking.nc() : nr);
    }

    /**
     * Multiplies one block: the channels of {@code b} that were loaded, under a range of row tiles.
     *
     * @param b the block of B
     * @param x input
     * @param from first joined channel of the block
     * @param to joined channel after the last
     * @param kc depth of the block
     * @param firstBlock whether this is the first depth block
     * @param lastBlock whether this is the last depth block
     * @param a packed weights
     * @param aAt offset of the panels of this depth block
     * @param starts what is added from the start, or null
     * @param bias bias of all output channels of the convolution
     * @param y output
     * @param fromRowTile first row tile
     * @param toRowTile row tile after the last
     * @param workspace scratch
     */
    public void run(BMatrix b, Floats x, int from, int to, int kc, boolean firstBlock, boolean lastBlock,
                    float[] a, int aAt, float[] starts, float[] bias, Floats y, int fromRowTile, int toRowTile, Workspace workspace) {
        int columns = workspace.block.columns;
        workspace.target.bindPanels(workspace.panels, kc, nr);
        workspace.b.bindPanel(workspace.panels, 0);
        if (!onePass) {
            b.pack(x, from, to, 0, columns, workspace);
        }
        for (int ic = fromRowTile; ic < toRowTile; ic += tilesPerPass) {
            int ie = Math.min(toRowTile, ic + tilesPerPass);
            for (int j = 0; j < columns; j += nr) {
                BAccess access = BAccess.PANEL;
                if (onePass) {
                    // Packed just before it is read, a panel never leaves the first-level cache.
                    access = b.prepareTile(x, from, to, j, Math.min(columns, j + nr), ie - ic, workspace);
                } else {
                    workspace.b.bindPanel(workspace.panels, j * kc);
                }
                column(access, kc, firstBlock, lastBlock, a, aAt, starts, bias, y, j, ic, ie, workspace);
            }
        }
    }

    /** Loop 1: the column of tiles under one B panel. */
    private void column(BAccess access, int kc, boolean firstBlock, boolean lastBlock, float[] a, int aAt, float[] starts,
                        float[] bias, Floats y, int j, int fromRowTile, int toRowTile, Workspace workspace) {
        CView c = workspace.c;
        int q = workspace.block.from + j;
        int columns = Math.min(nr, workspace.block.columns - j);
        int firstRow = rowTiles.start(fromRowTile);
        int rows = rowTiles.start(toRowTile) - firstRow;
        int sumsAt = (keepsSums ? j * rowTiles.rows() : 0) + firstRow * nr;
        boolean begins = firstBlock && start != null;
        if (firstBlock && keepsSums && !begins) {
            // A kernel of the first block's own would save this, and would have to be compiled.
            Arrays.fill(workspace.sums, sumsAt, sumsAt + rows * nr, 0);
        }
        boolean finish = lastBlock && !add;
        boolean direct = finish && output.bind(c, q, columns, firstRow, y);
        if (!direct) {
            c.bindResults(workspace.sums, sumsAt, nr, nr / 2);
        }
        int yAt = c.yAt;
        c.alpha = alpha;
        boolean oneVector = columns <= oneVectorColumns;
        BAccess next = access;
        int end;
        for (int tile = fromRowTile; tile < toRowTile; tile = end) {
            int m = rowTiles.start(tile);
            // The first tile packs for all below it.
            end = next.packs() ? tile + 1 : Math.min(toRowTile, rowTiles.endOfEqual(tile));
            workspace.a.bind(a, aAt + m * kc);
            if (begins) {
                c.bindSums(starts, start.offsetOf(m, q), start.rowStride());
            } else {
                c.bindSums(workspace.sums, sumsAt + (m - firstRow) * nr, nr);
            }
            c.yAt = yAt + (m - firstRow) * c.yRowStride;
            c.bindBias(lastBlock ? bias : noBias, biasAt + m);
            TileKernel kernel = kernels.of(rowTiles.size(tile), oneVector, next, keepsSums || begins, finish);
            kernel.run(end - tile, kc, workspace.a, workspace.b, c);
            next = access.packs() ? BAccess.PANEL : access;
        }
        if (lastBlock && !direct) {
            output.store(workspace.sums, sumsAt, rows, firstRow, q, columns, y, workspace);
        }
    }
}

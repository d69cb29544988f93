package coordconv.kernels.internal.winograd;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.CoordTable;
import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.gemm.BlockMap;
import coordconv.kernels.internal.gemm.KernelTable;
import coordconv.kernels.internal.gemm.OutputView;
import coordconv.kernels.internal.gemm.RowTiles;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.im2col.HaloMatrix;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.InputTransform;
import coordconv.kernels.internal.simd.InputTransform.Access;
import coordconv.kernels.internal.simd.OutputTransform;
import coordconv.kernels.internal.simd.TileKernel;
import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import java.util.List;

/**
 * A 3 x 3 correlation of stride 1 by minimal filtering F(m x m, 3 x 3) (Winograd 1980; Lavin and Gray, "Fast algorithms
 * for convolutional neural networks", 2016): tiles of m x m outputs by {@code (m + 2)^2} multiplications a pair of
 * channels in place of {@code 9 m^2}, which is 2.25 times fewer for m = 2, and 4 times for m = 4:
 *
 * <pre>{@code
 * U = G g G^T          once a set of weights
 * V = B^T d B          of each tile of each input channel
 * M[k] = U[k] * V[k]   a matrix product over the input channels for each of the (m + 2)^2 elements k
 * y = A^T M A          of each tile of each output channel
 * }</pre>
 *
 * <p>V and M of a block of tiles stay in the second-level cache from one stage to the next. The micro-kernels of the
 * products are those of im2col. The elements of a tile, with the padding of the image and coordinates, come through the
 * halo buffer of a correlation with {@code (m + 2)^2} taps and stride m.
 *
 * <p><b>Error.</b> With u = 2^-24 and {@code gamma_n = n u / (1 - n u)}, for C input channels
 *
 * <pre>{@code
 * |error of y| <= gamma_(C + 25) * |A|^T (sum over c of (|G| |g_c| |G|^T) . (|B|^T |d_c| |B|)) |A| + gamma_3 * (|bias| + ...)
 * }</pre>
 *
 * <p>element by element, where the dots behind the bias are what a start table and an output that is added to hold. For
 * each product counts how often a path from it to the result is rounded: 8 times in V (two passes, of a multiplication by
 * a rounded point and two additions each at the most), twice for U (rounded once, and in double precision before), C + 2
 * times in the sum (and those of depth blocks), 10 times in the output transform (two passes of an addition, a
 * multiplication by a rounded power of a point and two more additions), and 3 times for the bias, a start and an addition
 * to the output. The transforms add terms whose magnitudes are those of the matrices, so that nothing but the matrices
 * of absolute values enters. All of a tile enters: a large input costs its neighbours in the tile precision.
 *
 * <p>An infinity or a NaN in the input may turn all outputs of the tiles that read it into NaN; other tiles are not
 * touched. One in the weights may turn its whole output channel into NaN.
 *
 * <p>m = 2 is exact on integers whose sums stay below 2^22: its transforms add and subtract, and halve the weights twice.
 *
 * <p>The order of operations for an output depends neither on the partition nor on memory or layout.
 */
public final class WinogradConvolution implements Algorithm {
    /** A cache line after the header of an array that begins with a page: vectors that cross lines are twice as slow. */
    private static final int ALIGNED = 12;
    /** Floats of a cache line. */
    private static final int LINE = 16;
    /** Output channels transformed before their results are stored: they stay in the first-level cache. */
    private static final int STORED_CHANNELS = 16;

    private final Correlation correlation;
    /** What the coordinates add, or null where they are channels like the features. */
    private final CoordTable coordTable;
    private final Correlation tiles;
    private final WinogradBlocking blocking;
    private final FilterTransform filter;
    private final HaloMatrix halo;
    private final RowTiles rowTiles;
    private final KernelTable kernels;
    private final OutputView output;
    private final InputTransform[] inputTransforms = new InputTransform[Access.values().length];
    private final OutputTransform outputTransform;
    private final int size;
    private final int points;
    private final int packedAt;
    private final int nr;
    private final int lanes;
    private final int depth;
    private final float alpha;
    /** Tiles up to which the last panel has a kernel of its own, or 0. */
    private final int oneVectorTiles;
    private final float[] noBias;
    private final int passRows;
    private final int inputStride;
    private final int productStride;
    private final int resultsAt;
    private final int inputAt;
    private final int productsAt;

    /**
     * Plans a correlation.
     *
     * @param joined what to compute; {@link #serves} holds
     * @param size m: 2 or 4
     * @param machine kernels, caches, tuning
     * @param activation of the results
     * @param alpha its parameter
     * @param add whether results are added to the output
     * @param packedAt offset of its weights in those of the pass
     * @param coordTable what the coordinates add, which leave the product then, or null; by rows
     */
    public WinogradConvolution(Correlation joined, int size, Machine machine, Activation activation, float alpha, boolean add, int packedAt,
                               CoordTable coordTable) {
        this.size = size;
        this.coordTable = coordTable;
        this.alpha = alpha;
        this.packedAt = packedAt;
        nr = machine.kernels().nr();
        lanes = machine.kernels().lanes();
        correlation = coordTable == null ? joined : joined.withoutCoords();
        tiles = TileGrid.of(correlation, size);
        points = tiles.grid().taps();
        depth = correlation.channels().total();
        rowTiles = RowTiles.of(correlation.output().rows(), machine.kernels().maxRows(), machine.tuning());
        blocking = WinogradBlocking.choose(machine, tiles, rowTiles);
        filter = new FilterTransform(correlation, size);
        halo = new HaloMatrix(tiles, machine, blocking.haloTiles(), blocking.loadChannels());
        kernels = new KernelTable(machine.kernels(), ALayout.PANEL, Activation.IDENTITY);
        output = new OutputView(correlation, machine, activation, alpha, add);
        boolean finished = !add && coordTable == null;
        for (Access access : Access.values()) {
            inputTransforms[access.ordinal()] = machine.kernels().inputTransform(new InputTransform.Shape(size, access));
        }
        outputTransform = machine.kernels().outputTransform(
                new OutputTransform.Shape(size, finished ? activation : Activation.IDENTITY));
        boolean fewTiles = tiles.columns() < machine.tuning().minTilesForFullLast() * nr;
        oneVectorTiles = fewTiles ? lanes : 0;
        noBias = new float[rowTiles.rows()];
        passRows = Math.min(rowTiles.rows(), blocking.rowTiles() * rowTiles.size(0));
        inputStride = oddLines(Math.multiplyExact(blocking.panels() * nr, depth));
        productStride = oddLines(Math.multiplyExact(blocking.panels() * nr, passRows));
        resultsAt = ALIGNED + points * lanes;
        inputAt = resultsAt + STORED_CHANNELS * size * size * nr;
        productsAt = Math.addExact(inputAt, Math.multiplyExact(points, inputStride));
    }

    /** Rounded up to an odd number of cache lines, so that the elements of a tile do not share a cache set. */
    private static int oddLines(int floats) {
        return Math.addExact(floats, LINE - 1) / LINE * LINE | LINE;
    }

    /** {@return whether a correlation has the nine taps of a 3 x 3 kernel and stride 1} */
    public static boolean serves(Correlation correlation) {
        return TileGrid.serves(correlation);
    }

    @Override
    public String describe() {
        return "Winograd F(" + size + "x" + size + ",3x3), " + blocking
                + (coordTable == null ? "" : ", coordinates in closed form");
    }

    @Override
    public int packedLength() {
        return Math.multiplyExact(points, Math.multiplyExact(rowTiles.rows(), depth));
    }

    /** For each element, for each depth block, panels as {@code PackedA} has them. */
    @Override
    public void packWeights(Floats weights, PackedFloats into) {
        float[] packed = into.array();
        int rows = rowTiles.rows();
        double[] scratch = filter.scratch();
        for (int tile = 0; tile < rowTiles.count(); tile++) {
            int height = rowTiles.size(tile);
            for (int c = 0; c < depth; c++) {
                int block = c / blocking.kc() * blocking.kc();
                int kc = Math.min(blocking.kc(), depth - block);
                int at = packedAt + block * rows + rowTiles.start(tile) * kc + (c - block) * height;
                for (int r = 0; r < height; r++) {
                    filter.apply(weights, rowTiles.start(tile) + r, c, scratch, packed, at + r, rows * depth);
                }
            }
        }
    }

    @Override
    public Object packing() {
        return List.of(WinogradConvolution.class, size, packedAt, correlation.weights(), filter.tapPlaces(), depth,
                blocking.kc(), rowTiles.rows(), rowTiles.count());
    }

    @Override
    public CoordTable coordTable() {
        return coordTable;
    }

    /** {@return panels of NR tiles} */
    @Override
    public int gridColumns() {
        return (tiles.columns() + nr - 1) / nr;
    }

    @Override
    public int gridRows() {
        return rowTiles.count();
    }

    @Override
    public long multiplyAdds(int fromPanel, int toPanel, int fromRow, int toRow) {
        return packedFloats(fromPanel, toPanel, fromRow, toRow) * (rowTiles.start(toRow) - rowTiles.start(fromRow));
    }

    @Override
    public long weightFloats(int fromRow, int toRow) {
        return (long) (rowTiles.start(toRow) - rowTiles.start(fromRow)) * points * depth;
    }

    /** The transformed inputs. */
    @Override
    public long packedFloats(int fromPanel, int toPanel, int fromRow, int toRow) {
        return (long) (toPanel - fromPanel) * nr * points * depth;
    }

    @Override
    public long workspaceBytes() {
        return (long) Float.BYTES * Math.addExact(halo.haloFloats(), panelFloats()) + halo.tableBytes();
    }

    /** Scratch of the transforms, results to be stored, transformed inputs, products. */
    private int panelFloats() {
        return Math.addExact(productsAt, Math.multiplyExact(points, productStride));
    }

    @Override
    public void run(Operands operands, int fromPanel, int toPanel, int fromRow, int toRow) {
        Workspace workspace = Workspace.borrow();
        try {
            workspace.reserveHalo(halo.haloFloats());
            halo.reserve(workspace);
            workspace.reservePanels(panelFloats());
            int last = Math.min(tiles.columns(), toPanel * nr);
            int end;
            for (int q = fromPanel * nr; q < last; q = end) {
                end = halo.blockLimit(q, Math.min(last, q + blocking.panels() * nr));
                halo.beginBlock(q, end, workspace);
                transformInput(operands.x, workspace);
                for (int row = fromRow; row < toRow; row += blocking.rowTiles()) {
                    int to = Math.min(toRow, row + blocking.rowTiles());
                    multiply(operands.packed.array(), row, to, workspace);
                    transformOutput(operands, row, to, workspace);
                }
            }
        } finally {
            workspace.giveBack();
        }
    }

    private void transformInput(Floats x, Workspace workspace) {
        BlockMap block = workspace.block;
        for (int c = 0; c < depth; c += blocking.loadChannels()) {
            int to = Math.min(depth, c + blocking.loadChannels());
            halo.load(x, c, to, workspace);
            for (int j = 0; j < block.columns; j += nr) {
                int vectors = isOneVector(block.columns - j) ? 1 : nr / lanes;
                inputTransforms[access(block, j, vectors).ordinal()].run(workspace.halo, 0, halo.plane(), to - c, halo.tapAt(),
                        block.columnAt, j, vectors, workspace.panels, inputAt + j * depth + c * nr, nr, inputStride, ALIGNED);
            }
        }
    }

    private boolean isOneVector(int columns) {
        return columns <= oneVectorTiles;
    }

    private Access access(BlockMap block, int j, int vectors) {
        boolean contiguous = true;
        for (int v = 0; v < vectors; v++) {
            int first = j + v * lanes;
            int span = block.columnAt[first + lanes - 1] - block.columnAt[first];
            if (span >= 2 * lanes) {
                return Access.GATHER;
            }
            contiguous &= first + lanes <= block.columns && span == lanes - 1;
        }
        return contiguous ? Access.CONTIGUOUS : Access.TWO_VECTOR_SHUFFLE;
    }

    private void multiply(float[] packed, int fromTile, int toTile, Workspace workspace) {
        int rows = rowTiles.rows();
        for (int k = 0; k < points; k++) {
            for (int d = 0; d < depth; d += blocking.kc()) {
                int kc = Math.min(blocking.kc(), depth - d);
                int aAt = packedAt + k * rows * depth + d * rows;
                for (int j = 0; j < workspace.block.columns; j += nr) {
                    workspace.b.bindPanel(workspace.panels, inputAt + k * inputStride + j * depth + d * nr);
                    multiplyPanel(packed, aAt, kc, d > 0, isOneVector(workspace.block.columns - j),
                            productsAt + k * productStride + j * passRows, fromTile, toTile, workspace);
                }
            }
        }
    }

    private void multiplyPanel(float[] packed, int aAt, int kc, boolean accumulate, boolean oneVector, int productAt,
                               int fromTile, int toTile, Workspace workspace) {
        CView c = workspace.c;
        int firstRow = rowTiles.start(fromTile);
        int end;
        for (int tile = fromTile; tile < toTile; tile = end) {
            end = Math.min(toTile, rowTiles.endOfEqual(tile));
            int m = rowTiles.start(tile);
            int at = productAt + (m - firstRow) * nr;
            workspace.a.bind(packed, aAt + m * kc);
            c.bindSums(workspace.panels, at, nr);
            c.bindResults(workspace.panels, at, nr, nr / 2);
            c.bindBias(noBias, 0);
            TileKernel kernel = kernels.of(rowTiles.size(tile), oneVector, BAccess.PANEL, accumulate, false);
            kernel.run(end - tile, kc, workspace.a, workspace.b, c);
        }
    }

    private void transformOutput(Operands operands, int fromTile, int toTile, Workspace workspace) {
        int firstRow = rowTiles.start(fromTile);
        int rows = rowTiles.start(toTile) - firstRow;
        for (int j = 0; j < workspace.block.columns; j += nr) {
            int columns = Math.min(nr, workspace.block.columns - j);
            int vectors = (columns + lanes - 1) / lanes;
            for (int r = 0; r < rows; r += STORED_CHANNELS) {
                int some = Math.min(STORED_CHANNELS, rows - r);
                int m = firstRow + r;
                outputTransform.run(workspace.panels, productsAt + j * passRows + r * nr, nr, productStride, some, vectors,
                        operands.bias, correlation.biasAt() + m, alpha, resultsAt, ALIGNED);
                store(operands, m, some, workspace.block.from + j, columns, vectors * lanes, workspace);
            }
        }
    }

    /** Stores results row by row of each run of neighbouring tiles. */
    private void store(Operands operands, int m, int channels, int q, int count, int tilesTransformed, Workspace workspace) {
        Correlation.Grid grid = correlation.grid();
        int width = tiles.grid().width();
        int run;
        for (int done = 0; done < count; done += run) {
            int image = (q + done) / tiles.grid().points();
            int point = (q + done) % tiles.grid().points();
            int row = point / width * size;
            int column = point % width * size;
            run = Math.min(count - done, width - point % width);
            int columns = Math.min(run * size, grid.width() - column);
            int height = Math.min(size, grid.height() - row);
            for (int i = 0; i < height; i++) {
                int at = resultsAt + (i * tilesTransformed + done) * size;
                int channelStride = size * size * tilesTransformed;
                if (coordTable != null) {
                    int pixel = image * grid.points() + (row + i) * grid.width() + column;
                    output.start(operands.coordTables, coordTable.offsetOf(m, pixel), coordTable.rowStride(),
                            workspace.panels, at, channelStride, channels, columns);
                }
                output.storeRow(workspace.panels, at, channelStride, channels, m, image, row + i, column, columns,
                        operands.y, workspace);
            }
        }
    }
}

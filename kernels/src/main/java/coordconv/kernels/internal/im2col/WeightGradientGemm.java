package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.gemm.BMatrix;
import coordconv.kernels.internal.gemm.KernelTable;
import coordconv.kernels.internal.gemm.RowTiles;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.parallel.Pool;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.TileKernel;
import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;

/**
 * The gradient to the weights of one correlation, transposed: {@code dw[K, M] = patches[K, columns] *
 * dy[M, columns]^T}.
 *
 * <p>The depth of this product is the columns of the forward one. The patches are A here: they are packed into rows, from
 * which the micro-kernel broadcasts; only the other factor, as a rule the smaller one, is transposed. Every
 * element is summed over the columns in one fixed order, so the partition among threads (by channels and rows) never
 * shows in the result.
 */
public final class WeightGradientGemm implements Work {
    private final Correlation correlation;
    private final Correlation.Image image;
    private final Correlation.Channels rows;
    /** Scratch for the coordinates, or null where they are channels like the features. */
    private final Pool<CoordWeightGradient> coordGradients;
    private final TransposedPanelPacker transposed;
    private final PatchMatrix patches;
    private final KernelTable kernels;
    private final int maxRows;
    private final int nr;
    private final int depth;
    private final int channelsPerBlock;
    private final int channelsPerBand;
    private final float[] noBias;
    private final boolean add;

    /**
     * Plans a gradient.
     *
     * @param joined the forward correlation
     * @param image where the transposed factor lies
     * @param rows its channels
     * @param machine kernels, caches, tuning
     * @param add whether the gradient is added to the destination
     * @param coordsInClosedForm whether the coordinates leave the product
     */
    public WeightGradientGemm(Correlation joined, Correlation.Image image, Correlation.Channels rows,
                              Machine machine, boolean add, boolean coordsInClosedForm) {
        this(joined, image, rows, machine, add, coordsInClosedForm, null);
    }

    /**
     * Plans a gradient over patches of another kind.
     *
     * @param correlation the forward correlation
     * @param source of its patches
     * @param image where the transposed factor lies
     * @param rows its channels
     * @param machine kernels, caches, tuning
     * @param add whether the gradient is added to the destination
     */
    public WeightGradientGemm(Correlation correlation, PatchMatrix.Source source, Correlation.Image image,
                              Correlation.Channels rows, Machine machine, boolean add) {
        this(correlation, image, rows, machine, add, false, source);
    }

    private WeightGradientGemm(Correlation joined, Correlation.Image image, Correlation.Channels rows,
                               Machine machine, boolean add, boolean coordsInClosedForm, PatchMatrix.Source source) {
        correlation = coordsInClosedForm ? joined.withoutCoords() : joined;
        this.image = image;
        this.rows = rows;
        this.add = add;
        nr = machine.kernels().nr();
        maxRows = machine.kernels().maxRows();
        depth = machine.tuning().weightGradientDepth();
        transposed = new TransposedPanelPacker(image, rows, machine);
        kernels = new KernelTable(machine.kernels(), ALayout.ROWS, Activation.IDENTITY);
        int taps = correlation.grid().taps();
        int total = correlation.channels().total();
        channelsPerBlock = Math.min(total, Math.max(1, machine.tuning().weightGradientRows() / taps));
        // The sums of a band take half of the second-level cache; a band is packed once for all rows.
        long bandRows = machine.caches().l2() / 2 / Float.BYTES / nr / gridRows();
        channelsPerBand = (int) Math.clamp(bandRows / taps / channelsPerBlock * channelsPerBlock, channelsPerBlock, total);
        patches = source == null ? new PatchMatrix(correlation, machine, depth, channelsPerBlock)
                : new PatchMatrix(source, machine, depth, channelsPerBlock);
        noBias = new float[channelsPerBlock * taps];
        coordGradients = coordsInClosedForm ? new Pool<>(2, () -> new CoordWeightGradient(joined, machine.kernels().loops(), nr)) : null;
    }

    @Override
    public long workspaceBytes() {
        return Float.BYTES * ((long) patches.haloFloats() + patchFloats() + panelFloats() + sumFloats())
                + patches.tableBytes();
    }

    /** {@return channels of the input; all coordinates in closed form count as one behind the others} */
    @Override
    public int gridColumns() {
        return correlation.channels().total() + (coordGradients == null ? 0 : 1);
    }

    /** {@return NR-wide panels of the transposed factor} */
    @Override
    public int gridRows() {
        return (transposed.channels() + nr - 1) / nr;
    }

    /** The sums of coordinates count as one tap. */
    @Override
    public long multiplyAdds(int fromChannel, int toChannel, int fromPanel, int toPanel) {
        return (long) correlation.columns() * rowsOf(fromChannel, toChannel) * (toPanel - fromPanel) * nr;
    }

    /** The patches of the channels, and the panels. */
    @Override
    public long packedFloats(int fromChannel, int toChannel, int fromPanel, int toPanel) {
        int patchRows = rowsOf(fromChannel, Math.min(toChannel, correlation.channels().total()));
        return (long) correlation.columns() * (patchRows + (toPanel - fromPanel) * nr);
    }

    private int rowsOf(int fromChannel, int toChannel) {
        int total = correlation.channels().total();
        int channels = Math.max(0, Math.min(toChannel, total) - fromChannel);
        return channels * correlation.grid().taps() + (toChannel > total ? 1 : 0);
    }

    private int patchFloats() {
        return Math.multiplyExact(channelsPerBlock * correlation.grid().taps(), KernelSet.A_ROW_STRIDE);
    }

    private int panelFloats() {
        return Math.multiplyExact(gridRows() * nr, depth);
    }

    private int sumFloats() {
        return Math.multiplyExact(channelsPerBand * correlation.grid().taps(), gridRows() * nr);
    }

    @Override
    public void run(Operands operands, int fromChannel, int toChannel, int fromPanel, int toPanel) {
        Workspace workspace = Workspace.borrow();
        try {
            workspace.operands = operands;
            patches.reserve(workspace);
            workspace.reservePanels(patchFloats());
            workspace.reserveTransposed(panelFloats());
            workspace.reserveSums(sumFloats());
            int end = Math.min(toChannel, correlation.channels().total());
            for (int c = fromChannel; c < end; c += channelsPerBand) {
                boolean last = c + channelsPerBand >= end;
                runBand(operands, c, Math.min(end, c + channelsPerBand), fromPanel, toPanel, last && end < toChannel, workspace);
            }
            if (fromChannel >= end && end < toChannel) {
                runBand(operands, end, end, fromPanel, toPanel, true, workspace);
            }
        } finally {
            workspace.giveBack();
        }
    }

    private void runBand(Operands operands, int fromChannel, int toChannel, int fromPanel, int toPanel,
                         boolean withCoords, Workspace workspace) {
        CoordWeightGradient coordGradient = withCoords ? coordGradients.borrow() : null;
        if (withCoords) {
            coordGradient.begin(toPanel - fromPanel);
        }
        int taps = correlation.grid().taps();
        int bandRows = (toChannel - fromChannel) * taps;
        int last = correlation.columns();
        BMatrix patchRows = patches.of(operands.x);
        int end;
        for (int q = 0; q < last; q = end) {
            // Blocks are the order of summation here: the same whatever memory the input lies in.
            end = patches.blockEnd(q, patches.commonBlockLimit(q, last));
            patchRows.beginBlock(q, end, workspace);
            for (int panel = fromPanel; panel < toPanel; panel++) {
                transposed.pack(operands.y, panel * nr, q, end, workspace.transposed, panel * nr * depth, workspace);
                if (withCoords) {
                    coordGradient.add(panel - fromPanel, q, end, workspace.transposed, panel * nr * depth);
                }
            }
            if (withCoords) {
                coordGradient.endBlock(q, end, toPanel - fromPanel);
            }
            for (int c = fromChannel; c < toChannel; c += channelsPerBlock) {
                int to = Math.min(toChannel, c + channelsPerBlock);
                workspace.target.bindRows(workspace.panels, nr, KernelSet.A_ROW_STRIDE);
                patchRows.load(operands.x, c, to, workspace);
                patchRows.pack(operands.x, c, to, 0, end - q, workspace);
                multiply(end - q, q > 0, (c - fromChannel) * taps, (to - c) * taps, bandRows, fromPanel, toPanel, workspace);
            }
        }
        store(operands.gradient, fromChannel, bandRows, fromPanel, toPanel, workspace);
        if (withCoords) {
            int lastRow = Math.min(transposed.channels(), toPanel * nr);
            for (int m = fromPanel * nr; m < lastRow; m++) {
                int channelAt = rows.feature(m) * image.channelStride();
                coordGradient.store(m / nr - fromPanel, m % nr, m, operands.y, channelAt, image, operands.gradient, add);
            }
            coordGradients.giveBack(coordGradient);
        }
    }

    private void multiply(int kc, boolean accumulate, int firstRow, int rows, int bandRows,
                          int fromPanel, int toPanel, Workspace workspace) {
        CView c = workspace.c;
        int tiles = (rows + maxRows - 1) / maxRows;
        for (int panel = fromPanel; panel < toPanel; panel++) {
            workspace.b.bindPanel(workspace.transposed, panel * nr * depth);
            for (int tile = 0; tile < tiles; tile++) {
                int m = RowTiles.start(tile, rows, tiles);
                int size = RowTiles.start(tile + 1, rows, tiles) - m;
                int sumsAt = (panel * bandRows + firstRow + m) * nr;
                workspace.a.bind(workspace.panels, m * KernelSet.A_ROW_STRIDE);
                c.bindSums(workspace.sums, sumsAt, nr);
                c.bindResults(workspace.sums, sumsAt, nr, nr / 2);
                c.bindBias(noBias, 0);
                TileKernel kernel = kernels.of(size, false, BAccess.PANEL, accumulate, false);
                kernel.run(1, kc, workspace.a, workspace.b, c);
            }
        }
    }

    private void store(Floats dw, int fromChannel, int bandRows, int fromPanel, int toPanel, Workspace workspace) {
        Correlation.Weights view = correlation.weights();
        int taps = view.tapAt().length;
        int end = Math.min(transposed.channels(), toPanel * nr);
        for (int m = fromPanel * nr; m < end; m++) {
            int sums = (m / nr * bandRows) * nr + m % nr;
            int row = view.base() + m * view.rowStride() + fromChannel * view.channelStride();
            if (dw.array() != null) {
                storeRow(workspace.sums, sums, dw.array(), dw.arrayOffset() + row, bandRows / taps);
            } else {
                storeSegmentRow(workspace.sums, sums, dw, row, bandRows);
            }
        }
    }

    private void storeRow(float[] sums, int at, float[] dw, int to, int channels) {
        Correlation.Weights view = correlation.weights();
        int taps = view.tapAt().length;
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < taps; t++) {
                int i = to + c * view.channelStride() + view.tapAt()[t];
                float sum = sums[at + (c * taps + t) * nr];
                dw[i] = add ? dw[i] + sum : sum;
            }
        }
    }

    private void storeSegmentRow(float[] sums, int at, Floats dw, int to, int bandRows) {
        Correlation.Weights view = correlation.weights();
        int taps = view.tapAt().length;
        for (int k = 0; k < bandRows; k++) {
            long i = (long) (to + k / taps * view.channelStride() + view.tapAt()[k % taps]) * Float.BYTES;
            float sum = sums[at + k * nr];
            dw.segment().set(dw.layout(), i, add ? dw.segment().get(dw.layout(), i) + sum : sum);
        }
    }
}

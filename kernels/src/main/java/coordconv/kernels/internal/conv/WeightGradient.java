package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.CacheSizes;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.MicroKernel;
import coordconv.kernels.internal.gemm.RowTiles;

/**
 * The gradient to the weights of one correlation, transposed: {@code dw[K, M] = patches[K, columns] *
 * rowSide[M, columns]^T}.
 *
 * <p>The depth of this product is the columns of the forward one. Patches are packed row-major by the
 * same loops as B panels are, and the micro-kernel broadcasts from those rows; only the row side, as a
 * rule the smaller factor, is transposed. Every element is summed over the columns in one fixed order, so
 * the split over threads (by channels and rows) never shows in the result.
 */
public final class WeightGradient {
    /** Columns of a depth block; the row-major patch rows are {@link KernelSet#PATCH_PITCH} apart. */
    private static final int DEPTH = 256;
    /** k rows packed at a time: with 272 floats each they stay inside a second-level cache. */
    private static final int PATCH_ROWS = 256;

    private final Correlation correlation;
    private final RowSide rowSide;
    private final Patches patches;
    private final MicroKernel[] microKernels;
    private final int maxRows;
    private final int nr;
    private final int channelsPerBlock;
    private final int channelsPerBand;
    private final boolean add;

    /**
     * Plans a gradient.
     *
     * @param correlation the forward correlation
     * @param image where the row side lies
     * @param rows what its rows are
     * @param kernels on which width
     * @param caches cache sizes
     * @param add whether the gradient is added to the destination
     */
    public WeightGradient(Correlation correlation, Correlation.Image image, Correlation.Channels rows,
                          KernelSet kernels, CacheSizes caches, boolean add) {
        this.correlation = correlation;
        this.add = add;
        nr = kernels.nr();
        maxRows = kernels.maxRows();
        rowSide = new RowSide(image, rows, kernels.loops(), nr);
        microKernels = new MicroKernel[maxRows + 1];
        int taps = correlation.grid().taps();
        int total = correlation.channels().total();
        channelsPerBlock = Math.min(total, Math.max(1, PATCH_ROWS / taps));
        // The sums of a band take half of the second-level cache; a band is packed once for all rows.
        long bandRows = caches.l2() / 2 / Float.BYTES / nr / rowTiles();
        channelsPerBand = (int) Math.clamp(bandRows / taps / channelsPerBlock * channelsPerBlock, channelsPerBlock, total);
        patches = new Patches(correlation, kernels, DEPTH, channelsPerBlock);
        for (int r = 1; r <= maxRows; r++) {
            // A part may begin anywhere, so that any remainder may turn up.
            microKernels[r] = kernels.strided(r);
        }
    }

    /** {@return bytes of scratch that one thread uses} */
    public long workspaceBytes() {
        return Float.BYTES * ((long) patches.stageFloats() + patchFloats() + panelFloats() + sumFloats()) + patches.tableBytes();
    }

    /** {@return joined channels, the first way to split the work} */
    public int channels() {
        return correlation.channels().total();
    }

    /** {@return NR-wide tiles of the row side, the second way} */
    public int rowTiles() {
        return (rowSide.rows() + nr - 1) / nr;
    }

    private int patchFloats() {
        return Math.multiplyExact(channelsPerBlock * correlation.grid().taps(), KernelSet.PATCH_PITCH);
    }

    private int panelFloats() {
        return Math.multiplyExact(rowTiles() * nr, DEPTH);
    }

    private int sumFloats() {
        return Math.multiplyExact(channelsPerBand * correlation.grid().taps(), rowTiles() * nr);
    }

    /**
     * Computes the gradient of a range of channels and rows.
     *
     * @param x input of the correlation
     * @param y row side
     * @param dw destination, laid out as the correlation's weights are
     * @param fromChannel first joined channel
     * @param toChannel joined channel after the last
     * @param fromTile first tile of the row side
     * @param toTile tile after the last
     */
    public void run(FloatRegion x, FloatRegion y, FloatRegion dw, int fromChannel, int toChannel, int fromTile, int toTile) {
        Workspace workspace = Workspace.borrow();
        try {
            patches.reserve(workspace);
            workspace.reservePanels(patchFloats());
            workspace.reserveTransposed(panelFloats());
            workspace.reserveSums(sumFloats());
            for (int c = fromChannel; c < toChannel; c += channelsPerBand) {
                band(x, y, dw, c, Math.min(toChannel, c + channelsPerBand), fromTile, toTile, workspace);
            }
        } finally {
            workspace.giveBack();
        }
    }

    private void band(FloatRegion x, FloatRegion y, FloatRegion dw, int fromChannel, int toChannel,
                      int fromTile, int toTile, Workspace workspace) {
        int taps = correlation.grid().taps();
        int bandRows = (toChannel - fromChannel) * taps;
        int last = correlation.columns();
        PatchSource source = patches.of(x);
        int end;
        for (int q = 0; q < last; q = end) {
            // Blocks are the order of summation here: the same whatever memory the input lies in.
            end = patches.blockEnd(q, patches.commonLimit(q, last));
            source.layOut(q, end, workspace);
            for (int tile = fromTile; tile < toTile; tile++) {
                rowSide.pack(y, tile * nr, q, end, workspace.transposed, tile * nr * DEPTH, workspace);
            }
            for (int c = fromChannel; c < toChannel; c += channelsPerBlock) {
                int to = Math.min(toChannel, c + channelsPerBlock);
                workspace.target.rows(workspace.panels, nr, KernelSet.PATCH_PITCH);
                source.stage(x, c, to, workspace);
                source.pack(x, c, to, 0, end - q, workspace);
                multiply(end - q, q > 0, (c - fromChannel) * taps, (to - c) * taps, bandRows, fromTile, toTile, workspace);
            }
        }
        store(dw, fromChannel, bandRows, fromTile, toTile, workspace);
    }

    private void multiply(int depth, boolean accumulate, int firstRow, int rows, int bandRows,
                          int fromTile, int toTile, Workspace workspace) {
        int tiles = (rows + maxRows - 1) / maxRows;
        for (int j = fromTile; j < toTile; j++) {
            for (int tile = 0; tile < tiles; tile++) {
                int k = RowTiles.start(tile, rows, tiles);
                int size = RowTiles.start(tile + 1, rows, tiles) - k;
                microKernels[size].run(depth, workspace.panels, k * KernelSet.PATCH_PITCH,
                        workspace.transposed, j * nr * DEPTH,
                        workspace.sums, (j * bandRows + firstRow + k) * nr, nr, accumulate);
            }
        }
    }

    private void store(FloatRegion dw, int fromChannel, int bandRows, int fromTile, int toTile, Workspace workspace) {
        Correlation.Weights view = correlation.weights();
        int taps = view.tapAt().length;
        int end = Math.min(rowSide.rows(), toTile * nr);
        for (int m = fromTile * nr; m < end; m++) {
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

    private void storeSegmentRow(float[] sums, int at, FloatRegion dw, int to, int bandRows) {
        Correlation.Weights view = correlation.weights();
        int taps = view.tapAt().length;
        for (int k = 0; k < bandRows; k++) {
            long i = (long) (to + k / taps * view.channelStride() + view.tapAt()[k % taps]) * Float.BYTES;
            float sum = sums[at + k * nr];
            dw.segment().set(dw.layout(), i, add ? dw.segment().get(dw.layout(), i) + sum : sum);
        }
    }
}

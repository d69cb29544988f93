package coordconv.kernels.internal.pixels;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.CoordTable;
import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * A correlation whose output has its channels side by side: register tiles of pixels x output channels. An element of a patch is
 * broadcast, so patches are read where they lie and never packed. Weights are packed once, in panels of a few vectors of output
 * channels, the taps in the order of the input. The grid of independent cells is tiles of pixels x panels.
 */
public final class PixelConvolution implements Algorithm {
    /** Input channels, planes of their own, that are interleaved as they are copied; more would cost more than they save. */
    private static final int MOST_PLANES = 4;
    /** Cycles that adding the partial sums of a result takes, with what comes before and after. */
    private static final int SUM_COST = 30;
    /** Cycles of a pixel's multiply-add with one vector of weights, of which loads are the limit. */
    private static final double ONE_VECTOR_COST = 0.8;
    /** Floats of the widest vector, of which at least half have to be outputs. Plain Java counts more lanes, but needs none full. */
    private static final int MOST_LANES = 16;

    private final Correlation correlation;
    private final KernelSet kernels;
    private final PixelBlocks blocks;
    private final Patches patches;
    private final PixelResults results;
    private final int alignedAt;
    private final CoordTable table;
    private final boolean add;
    private final Activation activation;
    private final float alpha;
    private final int depth;
    private final int outputs;
    /** Whether each output channel is a panel, for which patches are multiplied in vectors. */
    private final boolean dots;
    private final int panelWidth;
    private final int panels;
    /** Of the last panel or the others, for the first piece of a patch or not, and for the last piece or not. */
    private final PixelKernel[] made = new PixelKernel[8];
    /** The bias of all pieces but the first. */
    private final float[] none;

    /**
     * Plans a correlation.
     *
     * @param correlation one for which {@link #serves} holds
     * @param machine kernels and caches
     * @param activation of the results
     * @param alpha its parameter
     * @param add whether results are added to the output; not with a table
     * @param alignedAt offset of its weights in the aligned ones of the pass, a multiple of a cache line
     * @param table what the coordinates add, by pixels; null for a correlation without
     */
    public PixelConvolution(Correlation correlation, Machine machine, Activation activation, float alpha, boolean add, int alignedAt, CoordTable table) {
        this.correlation = table == null ? correlation : correlation.withoutCoords();
        this.activation = activation;
        this.alpha = alpha;
        this.add = add;
        this.alignedAt = alignedAt;
        this.table = table;
        kernels = machine.kernels();
        blocks = blocks(this.correlation, machine);
        dots = dots(this.correlation);
        panelWidth = dots ? 1 : panelWidth(kernels);
        patches = new Patches(this.correlation, blocks, longestRun(panelWidth),
                mostDepths(this.correlation.depth(), panelWidth, machine.caches().l2()));
        depth = this.correlation.depth();
        outputs = correlation.output().rows();
        panels = (outputs + panelWidth - 1) / panelWidth;
        none = new float[panelWidth];
        results = new PixelResults(this.correlation, blocks.pixels(), panelWidth);
        askForKernels();
    }

    /**
     * Whether few output channels over a deep patch are cheaper one by one than as the lanes of a vector, where each element of a
     * patch costs a multiply-add, however few lanes are used.
     */
    private static boolean dots(Correlation correlation) {
        int depth = correlation.depth();
        return correlation.output().rows() * (depth / PixelKernel.PARTIAL_SUMS + SUM_COST) < depth * ONE_VECTOR_COST;
    }

    private static PixelBlocks blocks(Correlation correlation, Machine machine) {
        return new PixelBlocks(correlation, machine.caches().l2());
    }

    /** A window holds the weights of a run, which vectors of more than 512 bits make longer. */
    private static int longestRun(int width) {
        return Math.min(PixelKernel.LONGEST_RUN, PackedFloats.WINDOW_BYTES / Float.BYTES / width);
    }

    /** Weights of a panel that take half of the second level stay there with what a block touches; larger ones are cut. */
    private static int mostDepths(int depth, int width, long l2) {
        long bytes = (long) Float.BYTES * depth * width;
        return bytes <= l2 / 2 ? depth : (int) Math.max(1, l2 / 4 / Float.BYTES / width);
    }

    /**
     * {@return whether a correlation without coordinates can be computed so}
     *
     * @param correlation the correlation
     * @param machine kernels and caches
     */
    public static boolean serves(Correlation correlation, Machine machine) {
        int rows = correlation.output().rows();
        boolean pixelsOut = correlation.output().rowStride() == 1 || rows == 1;
        // Few output channels leave lanes idle, which still costs less than to gather pixels into planes.
        boolean pixelsIn = correlation.input().channelStride() == 1
                || correlation.channels().features() <= MOST_PLANES && 2 * rows >= Math.min(machine.kernels().lanes(), MOST_LANES);
        return pixelsOut && pixelsIn && correlation.depth() > 0 && blocks(correlation, machine).fit();
    }

    /** {@return output channels of a panel: so many floats may be read behind a table by pixels} */
    public static int panelWidth(KernelSet kernels) {
        return kernels.pixelVectors() * kernels.lanes();
    }

    @Override
    public String describe() {
        return "pixels, tiles of " + PixelKernel.PIXELS + " x " + (dots ? "1, patches in vectors" : width(0))
                + (table == null ? "" : ", coordinates in closed form");
    }

    @Override
    public int gridColumns() {
        return blocks.tiles();
    }

    @Override
    public int gridRows() {
        return panels;
    }

    @Override
    public long multiplyAdds(int fromTile, int toTile, int fromPanel, int toPanel) {
        return (long) (toTile - fromTile) * PixelKernel.PIXELS * weightFloats(fromPanel, toPanel);
    }

    /** The inputs of the pixels, each of which a block copies once. */
    @Override
    public long packedFloats(int fromTile, int toTile, int fromPanel, int toPanel) {
        Correlation.Grid grid = correlation.grid();
        return (long) (toTile - fromTile) * PixelKernel.PIXELS * grid.strideH() * grid.strideW() * correlation.channels().features();
    }

    @Override
    public long weightFloats(int fromPanel, int toPanel) {
        int missing = toPanel == panels ? panelWidth - width(panels - 1) : 0;
        return ((long) (toPanel - fromPanel) * panelWidth - missing) * depth;
    }

    @Override
    public int packedLength() {
        return 0;
    }

    @Override
    public int alignedLength() {
        int floats = Math.toIntExact(weightFloats(0, panels));
        int line = PackedFloats.CACHE_LINE / Float.BYTES;
        return Math.addExact(floats, line - 1) / line * line;
    }

    /** Vectors of output channels of a panel; 0 for one output channel by itself. */
    private int vectors(int panel) {
        return dots ? 0 : (Math.min(panelWidth, outputs - panel * panelWidth) + kernels.lanes() - 1) / kernels.lanes();
    }

    /** Output channels of a panel, with those that fill its last vector. */
    private int width(int panel) {
        return dots ? 1 : vectors(panel) * kernels.lanes();
    }

    @Override
    public void packWeights(Floats weights, PackedFloats packed) {
        Workspace workspace = Workspace.borrow();
        try {
            workspace.reserveRow(panelWidth);
            int at = alignedAt;
            for (int panel = 0; panel < panels; panel++) {
                packPanel(weights, panel, workspace.row, packed.aligned(), at);
                at += width(panel) * depth;
            }
        } finally {
            workspace.giveBack();
        }
    }

    private void packPanel(Floats weights, int panel, float[] row, MemorySegment packed, int panelAt) {
        Correlation.Weights view = correlation.weights();
        int width = width(panel);
        int first = panel * panelWidth;
        int channels = Math.min(width, outputs - first);
        Arrays.fill(row, channels, width, 0);
        long at = panelAt;
        for (int t : patches.order()) {
            for (int c = 0; c < correlation.channels().features(); c++) {
                long from = (long) view.base() + (long) c * view.channelStride() + view.tapAt()[t] + (long) first * view.rowStride();
                gather(weights, from, view.rowStride(), row, channels);
                MemorySegment.copy(row, 0, packed, ValueLayout.JAVA_FLOAT, Float.BYTES * at, width);
                at += width;
            }
        }
    }

    /** In a method of its own, which is compiled after some hundred calls: a loop has to run sixty thousand times. */
    private static void gather(Floats from, long at, long stride, float[] row, int count) {
        for (int o = 0; o < count; o++) {
            row[o] = from.get(at + o * stride);
        }
    }

    @Override
    public Object packing() {
        return List.of(PixelConvolution.class, alignedAt, outputs, panelWidth, kernels.lanes(), correlation.channels().features(),
                patches.orderedTaps(), correlation.weights());
    }

    @Override
    public CoordTable coordTable() {
        return table;
    }

    @Override
    public long workspaceBytes() {
        // A copy of the input, results, a bias, weights that are no segment; three places of each pixel.
        return Float.BYTES * ((long) blocks.floats() + results.scratchFloats() + panelWidth
                        + (long) patches.depths().floats() * panelWidth)
                + 3L * Integer.BYTES * results.pixels();
    }

    @Override
    public void run(Operands operands, int fromTile, int toTile, int fromPanel, int toPanel) {
        Workspace workspace = Workspace.borrow();
        try {
            workspace.reservePixels(results.pixels());
            for (int tile = fromTile; tile < toTile;) {
                int end = blocks.endOfBlock(tile, toTile);
                int from = blocks.firstPixel(tile);
                int to = blocks.endPixel(end);
                patches.bind(operands.x, from, to, workspace);
                results.list(operands.y, from, to, workspace);
                listStart(from, to, workspace);
                for (int panel = fromPanel; panel < toPanel; panel++) {
                    runPanel(operands, panel, end - tile, to - from, workspace);
                }
                tile = end;
            }
        } finally {
            workspace.giveBack();
        }
    }

    /** Lists what the sums of the pixels begin with. */
    private void listStart(int from, int to, Workspace workspace) {
        if (table != null) {
            for (int q = from; q < to; q++) {
                workspace.startAt[q - from] = table.offsetOf(0, q);
            }
            PixelResults.repeatLast(workspace.startAt, to - from);
        }
    }

    private void runPanel(Operands operands, int panel, int tiles, int pixels, Workspace workspace) {
        int width = width(panel);
        int first = panel * panelWidth;
        int channels = Math.min(width, outputs - first);
        PixelView view = workspace.pixels;
        Floats y = operands.y;
        boolean inPlace = channels == width && y.array() != null;
        results.bind(inPlace, y, first, workspace);
        if (add) {
            if (!inPlace) {
                results.load(y, first, channels, pixels, workspace.sums, workspace);
            }
            view.bindStart(view.y, view.yAt, view.yColumn);
        } else if (table != null) {
            view.bindStart(operands.coordTables, workspace.startAt, first);
        }
        bindBias(operands, first, channels, width, workspace);
        view.alpha = alpha;
        Depths depths = patches.depths();
        for (int piece = 0; piece < depths.pieces(); piece++) {
            patches.bindPiece(operands.x, piece, workspace);
            PixelKernel kernel = kernel(panel, piece);
            int weightsAt = alignedAt + first * depth + piece * depths.floats() * width;
            if (kernel.readsAligned()) {
                view.bindWeights(operands.packed.aligned(), weightsAt);
            } else {
                view.bindWeights(workspace.weightsOf(operands.packed.aligned(), weightsAt, depths.floats() * width), 0);
            }
            kernel.run(tiles, view);
            // The next piece adds to the sums of this one.
            view.bindStart(view.y, view.yAt, view.yColumn);
            view.bindBias(none, 0);
        }
        if (!inPlace) {
            results.store(workspace.sums, first, channels, pixels, y, workspace);
        }
    }

    /** That of a panel which is not full is copied, since a vector of it would end outside; results of the lanes behind it are dropped. */
    private void bindBias(Operands operands, int first, int channels, int width, Workspace workspace) {
        int at = correlation.biasAt() + first;
        if (channels == width) {
            workspace.pixels.bindBias(operands.bias, at);
            return;
        }
        workspace.reserveRow(panelWidth);
        System.arraycopy(operands.bias, at, workspace.row, 0, channels);
        workspace.pixels.bindBias(workspace.row, 0);
    }

    /** Their compilation in the background begins with the plan, not with its first call. */
    private void askForKernels() {
        for (int panel = Math.max(0, panels - 2); panel < panels; panel++) {
            for (int piece = 0; piece < patches.depths().pieces(); piece++) {
                kernel(panel, piece);
            }
        }
    }

    private PixelKernel kernel(int panel, int piece) {
        boolean firstPiece = piece == 0;
        boolean lastPiece = piece == patches.depths().pieces() - 1;
        int index = (panel == panels - 1 ? 4 : 0) + (firstPiece ? 2 : 0) + (lastPiece ? 1 : 0);
        PixelKernel kernel = made[index];
        if (kernel == null) {
            // Two threads may both make it, which does no harm: a kernel has no state.
            kernel = kernels.pixels(new PixelKernel.Shape(vectors(panel), add || table != null || !firstPiece,
                    lastPiece ? activation : Activation.IDENTITY));
            if (!kernel.isStandIn()) {
                made[index] = kernel;
            }
        }
        return kernel;
    }
}

package coordconv.kernels.internal.pixels;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PixelView;
import java.util.List;

/**
 * Groups of one channel in and one out, of tensors whose channels lie side by side: channels in vectors, taps read where they lie,
 * nothing transposed. The grid of independent cells is that of tiles of pixels, in one row.
 */
public final class DepthwiseConvolution implements Algorithm {
    /** A block's copy of the input has few halo rows if it has many rows; the second-level cache bounds it first. */
    private static final int MOST_TILES = 256;
    /** Channels that are enough for any vector. */
    private static final int MOST_LANES = 16;

    private final List<Correlation.Weights> weights;
    /** All groups as one. */
    private final Correlation all;
    private final KernelSet kernels;
    private final PixelBlocks blocks;
    private final Patches patches;
    private final PixelResults results;
    private final boolean add;
    private final Activation activation;
    private final float alpha;
    private final int packedAt;
    private final int channels;
    private DepthwiseKernel made;

    /**
     * Plans the groups.
     *
     * @param groups one correlation a group, for all of which {@link #serves} holds
     * @param machine kernels and caches
     * @param activation of the results
     * @param alpha its parameter
     * @param add whether results are added to the output
     * @param packedAt offset of its weights in those of the pass
     */
    public DepthwiseConvolution(List<Correlation> groups, Machine machine, Activation activation, float alpha, boolean add, int packedAt) {
        this.activation = activation;
        this.alpha = alpha;
        this.add = add;
        this.packedAt = packedAt;
        kernels = machine.kernels();
        weights = groups.stream().map(Correlation::weights).toList();
        channels = groups.size();
        all = together(groups);
        blocks = blocks(all, machine);
        patches = new Patches(all, blocks, 0, Integer.MAX_VALUE);
        results = new PixelResults(all, blocks.pixels(), channels);
    }

    private static Correlation together(List<Correlation> groups) {
        Correlation first = groups.getFirst();
        Correlation.Output output = first.output();
        return new Correlation(first.input(),
                new Correlation.Channels(groups.size(), first.channels().firstFeature(), Coords.NONE, 0, 0), first.grid(),
                new Correlation.Output(groups.size(), output.base(), output.batchStride(), 1, output.gridRowStride(),
                        output.gridColumnStride()), first.weights(), first.biasAt());
    }

    private static PixelBlocks blocks(Correlation all, Machine machine) {
        return new PixelBlocks(all, machine.caches().l2(), MOST_TILES, Integer.MAX_VALUE);
    }

    /**
     * {@return whether groups can be computed so}
     *
     * @param groups groups that differ in their channels alone
     * @param machine kernels and caches
     */
    public static boolean serves(List<Correlation> groups, Machine machine) {
        Correlation first = groups.getFirst();
        if (groups.size() < Math.min(machine.kernels().lanes(), MOST_LANES) || first.depth() == 0 || first.input().channelStride() != 1) {
            return false;
        }
        for (int g = 0; g < groups.size(); g++) {
            Correlation group = groups.get(g);
            Correlation.Channels summed = group.channels();
            if (summed.features() != 1 || summed.coordCount() > 0 || summed.firstFeature() != first.channels().firstFeature() + g
                    || group.output().rows() != 1 || group.output().base() != first.output().base() + g
                    || group.biasAt() != first.biasAt() + g) {
                return false;
            }
        }
        return blocks(together(groups), machine).fit();
    }

    @Override
    public String describe() {
        return "depthwise, " + channels + " channels of pixels";
    }

    @Override
    public int gridColumns() {
        return blocks.tiles();
    }

    @Override
    public int gridRows() {
        return 1;
    }

    @Override
    public int packedLength() {
        return Math.multiplyExact(channels, all.grid().taps());
    }

    @Override
    public void packWeights(Floats source, PackedFloats into) {
        float[] packed = into.array();
        int at = packedAt;
        for (int t : patches.order()) {
            for (Correlation.Weights view : weights) {
                packed[at++] = source.get((long) view.base() + view.tapAt()[t]);
            }
        }
    }

    @Override
    public Object packing() {
        return List.of(DepthwiseConvolution.class, packedAt, patches.orderedTaps(), weights);
    }

    @Override
    public long workspaceBytes() {
        // A copy of the input, results and what they are added to; three places of each pixel.
        return Float.BYTES * (blocks.floats() + 2L * results.scratchFloats()) + 3L * Integer.BYTES * results.pixels();
    }

    @Override
    public void run(Operands operands, int fromTile, int toTile, int fromRow, int toRow) {
        Workspace workspace = Workspace.borrow();
        try {
            workspace.reservePixels(results.pixels());
            for (int tile = fromTile; tile < toTile;) {
                int end = blocks.endOfBlock(tile, toTile);
                int from = blocks.firstPixel(tile);
                int to = blocks.endPixel(end);
                patches.bind(operands.x, from, to, workspace);
                results.list(operands.y, from, to, workspace);
                runBlock(operands, to - from, workspace);
                tile = end;
            }
        } finally {
            workspace.giveBack();
        }
    }

    private void runBlock(Operands operands, int pixels, Workspace workspace) {
        PixelView view = workspace.pixels;
        Floats y = operands.y;
        boolean inPlace = y.array() != null;
        patches.bindPiece(operands.x, 0, workspace);
        view.bindWeights(operands.packed.array(), packedAt);
        view.bindBias(operands.bias, all.biasAt());
        results.bind(inPlace, y, 0, workspace);
        if (add) {
            // Apart from the results, some of which the kernel computes twice.
            workspace.reservePanels(results.scratchFloats());
            results.load(y, 0, channels, pixels, workspace.panels, workspace);
            view.bindStart(workspace.panels, results.scratchAt(), 0);
        }
        view.alpha = alpha;
        kernel().run(pixels, channels, view);
        if (!inPlace) {
            results.store(workspace.sums, 0, channels, pixels, y, workspace);
        }
    }

    private DepthwiseKernel kernel() {
        DepthwiseKernel kernel = made;
        if (kernel == null) {
            // Two threads may both ask for it, which does no harm: a kernel has no state.
            kernel = kernels.depthwise(new DepthwiseKernel.Shape(all.grid().taps() == DepthwiseKernel.NINE, add,
                    activation));
            if (!kernel.isStandIn()) {
                made = kernel;
            }
        }
        return kernel;
    }
}

package coordconv.kernels.internal.deformable;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.gemm.BMatrix;
import coordconv.kernels.internal.gemm.Blocking;
import coordconv.kernels.internal.gemm.MacroKernel;
import coordconv.kernels.internal.gemm.RowTiles;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.im2col.PatchMatrix;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.shape.Lowering;
import coordconv.kernels.internal.simd.Activation;
import java.util.List;

/**
 * The gradient of the samples of a block of channels, {@code W^T * dy}, a block of columns at a time: a 1x1 correlation of dy
 * whose output channels are (tap, channel), written with the channels of a column side by side.
 */
final class SampleGradient {
    private final ChannelBlock block;
    private final Correlation correlation;
    private final MacroKernel macroKernel;
    private final PatchMatrix patches;
    private final Correlation.Weights weights;
    private final int blockColumns;
    private final int depthPerBlock;
    private final int taps;
    private final int packedAt;
    private final float[] noBias;

    /**
     * Plans the products.
     *
     * @param shape the convolution
     * @param lowering of it
     * @param block channels
     * @param machine kernels, caches, tuning
     * @param blockColumns columns of a block at the most
     * @param packedAt offset of the packed weights
     */
    SampleGradient(ConvShape shape, Lowering lowering, ChannelBlock block, Machine machine, int blockColumns,
                   int packedAt) {
        this.block = block;
        this.blockColumns = blockColumns;
        this.packedAt = packedAt;
        taps = shape.taps();
        weights = lowering.backwardWeights(block.group()).weights();
        Correlation.Channels produced = lowering.outputChannels(block.group());
        Correlation.Image dy = lowering.output();
        int rows = block.count() * taps;
        correlation = new Correlation(dy, new Correlation.Channels(produced.features(), produced.firstFeature(), Coords.NONE, 0, 0),
                new Correlation.Grid(dy.height(), dy.width(), 1, 1, new int[1], new int[1]),
                new Correlation.Output(rows, 0, dy.height() * dy.width() * rows, 1, dy.width() * rows, rows),
                weights, 0);
        Blocking chosen = Blocking.choose(machine, rows, correlation.columns(), correlation.depth(), 1, false, 0);
        Blocking blocking = new Blocking(chosen.kc(), chosen.mc(), blockColumns);
        depthPerBlock = blocking.kc();
        macroKernel = new MacroKernel(correlation, blocking, machine, Activation.IDENTITY, 1, false, null);
        patches = new PatchMatrix(correlation, machine, blockColumns, depthPerBlock);
        noBias = new float[rows];
    }

    /** {@return the channels} */
    ChannelBlock block() {
        return block;
    }

    /** {@return floats of a column: taps times channels} */
    int rows() {
        return correlation.output().rows();
    }

    /** {@return floats of the packed weights} */
    int packedLength() {
        return Math.multiplyExact(rows(), correlation.depth());
    }

    /** {@return bytes of scratch that one thread needs for any of some products} */
    static long workspaceBytes(List<SampleGradient> all) {
        return all.stream().mapToLong(SampleGradient::workspaceBytes).max().orElse(0);
    }

    private long workspaceBytes() {
        return Float.BYTES * ((long) patches.haloFloats() + macroKernel.panelFloats() + macroKernel.sumFloats())
                + patches.tableBytes();
    }

    /** Packs weights: as {@code PackedA} does, but for rows that are no multiple of a stride apart. */
    void packWeights(Floats source, float[] packed) {
        RowTiles tiles = macroKernel.rowTiles();
        int depth = correlation.depth();
        for (int first = 0; first < depth; first += depthPerBlock) {
            int kc = Math.min(depthPerBlock, depth - first);
            for (int tile = 0; tile < tiles.count(); tile++) {
                int size = tiles.size(tile);
                int to = packedAt + first * rows() + tiles.start(tile) * kc;
                for (int k = 0; k < kc; k++) {
                    int output = weights.base() + (first + k) * weights.rowStride();
                    for (int r = 0; r < size; r++) {
                        int row = tiles.start(tile) + r;
                        int channel = block.from() + row % block.count();
                        packed[to + k * size + r] =
                                source.get(output + channel * weights.channelStride() + weights.tapAt()[row / block.count()]);
                    }
                }
            }
        }
    }

    void reserve(Workspace workspace) {
        patches.reserve(workspace);
        workspace.reservePanels(macroKernel.panelFloats());
        workspace.reserveSums(macroKernel.sumFloats());
    }

    /** {@return end of the block of columns that starts at q} */
    int blockEnd(int q, int last) {
        return patches.blockEnd(q, patches.commonBlockLimit(q, last));
    }

    /** Computes columns {@code q} to {@code end - 1}, the first of which goes to the start of the columns. */
    void run(Operands operands, int q, int end, GradientScratch scratch, Workspace workspace) {
        BMatrix b = patches.of(operands.y);
        b.beginBlock(q, end, workspace);
        // What is written are the columns of this block alone.
        workspace.block.from = 0;
        int depth = correlation.depth();
        for (int c = 0; c < depth; c += depthPerBlock) {
            int to = Math.min(depth, c + depthPerBlock);
            b.load(operands.y, c, to, workspace);
            macroKernel.run(b, operands.y, c, to, to - c, c == 0, to == depth, operands.packed.array(), packedAt + c * rows(), null, noBias,
                    scratch.view, 0, macroKernel.rowTiles().count(), workspace);
        }
    }
}

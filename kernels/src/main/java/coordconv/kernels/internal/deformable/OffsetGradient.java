package coordconv.kernels.internal.deformable;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.parallel.Pool;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.shape.Deformation;
import coordconv.kernels.internal.shape.Lowering;
import coordconv.kernels.internal.simd.SampleLoops;
import coordconv.kernels.internal.simd.SampleTable;
import java.util.Arrays;
import java.util.List;

/**
 * The gradient to offsets and mask. With {@code D_ij} the sum over the channels of the gradient of a sample times its
 * pixel ij, that of the mask is {@code up * (left * D_00 + right * D_01) + down * (left * D_10 + right * D_11)}, that of the offset
 * along the height {@code mask * (left * (D_10 - D_00) + right * (D_11 - D_01))}, and along the width alike. A cell is a tile
 * of columns; the channels are summed in one order.
 */
final class OffsetGradient implements Work {
    private final Deformation deformation;
    private final List<SampleGradient> blocks;
    private final SampleLocator locator;
    private final PixelStage stage;
    private final SampleLoops loops;
    private final Correlation.Image offsets;
    private final Correlation.Image masks;
    private final Pool<GradientScratch> scratch;
    private final long scratchBytes;
    private final int taps;
    private final int points;
    private final int columns;
    private final int nr;
    private final int lanes;
    private final int blockColumns;
    private final int stageFloats;
    private final boolean add;

    OffsetGradient(ConvShape shape, Deformation deformation, Lowering lowering, List<SampleGradient> blocks, int blockColumns,
                   Pool<GradientScratch> scratch, long scratchBytes, Machine machine, boolean add) {
        this.deformation = deformation;
        this.blocks = List.copyOf(blocks);
        this.blockColumns = blockColumns;
        this.scratch = scratch;
        this.scratchBytes = scratchBytes;
        this.add = add;
        loops = machine.kernels().sampleLoops();
        nr = machine.kernels().nr();
        lanes = machine.kernels().lanes();
        taps = shape.taps();
        Correlation forward = lowering.backwardWeights(0);
        points = forward.grid().points();
        columns = forward.columns();
        locator = new SampleLocator(shape, deformation, forward, machine);
        stage = new PixelStage(lowering.input(), machine);
        offsets = deformation.offsets(shape);
        masks = deformation.mask(shape);
        int most = blocks.stream().mapToInt(gradient -> gradient.block().count()).max().orElseThrow();
        stageFloats = stage.floats(locator.maxPixels(blockColumns), most);
    }

    @Override
    public int gridColumns() {
        return (columns + nr - 1) / nr;
    }

    @Override
    public int gridRows() {
        return 1;
    }

    @Override
    public long workspaceBytes() {
        return SampleGradient.workspaceBytes(blocks) + scratchBytes + locator.tableBytes(blockColumns) + (long) Float.BYTES * stageFloats;
    }

    @Override
    public void run(Operands operands, int fromColumn, int toColumn, int fromRow, int toRow) {
        Workspace product = Workspace.borrow();
        Workspace pixels = Workspace.borrow();
        GradientScratch sums = scratch.borrow();
        try {
            locator.reserve(blockColumns, pixels);
            pixels.samples.reserveTile(4 * lanes);
            int last = Math.min(columns, toColumn * nr);
            int end;
            for (int q = fromColumn * nr; q < last; q = end) {
                end = blocks.getFirst().blockEnd(q, last);
                runBlock(operands, q, end, sums, product, pixels);
                store(operands, q, end, sums.sums, pixels.samples);
            }
        } finally {
            scratch.giveBack(sums);
            pixels.giveBack();
            product.giveBack();
        }
    }

    private void runBlock(Operands operands, int q, int end, GradientScratch sums, Workspace product, Workspace pixels) {
        locator.locate(operands, q, end, pixels);
        Arrays.fill(sums.sums, 0);
        for (int i = 0; i < blocks.size(); i++) {
            SampleGradient gradient = blocks.get(i);
            ChannelBlock block = gradient.block();
            int channels = block.count();
            gradient.reserve(product);
            gradient.run(operands, q, end, sums, product);
            stage.load(operands.x, block.channels(), block.from(), block.to(), pixels);
            for (int t = 0; t < taps; t++) {
                int entry = locator.entry(block.deformableGroup(), t, pixels.samples);
                loops.dots(sums.columns, t * channels, gradient.rows(), pixels.halo, 0, channels, locator.rowPixels() * channels,
                        pixels.samples, entry, end - q, channels, sums.sums, 4 * entry, pixels.samples.tile);
            }
        }
    }

    private void store(Operands operands, int q, int end, double[] sums, SampleTable samples) {
        for (int r = 0; r < locator.tableRows(); r++) {
            int vertical = deformation.columnFirst() ? 2 * r + 1 : 2 * r;
            int horizontal = 4 * r + 1 - vertical;
            for (int i = 0; i < end - q; i++) {
                int e = r * samples.columns + i;
                int n = (q + i) / points;
                int point = q + i - n * points;
                double d00 = sums[4 * e];
                double d01 = sums[4 * e + 1];
                double d10 = sums[4 * e + 2];
                double d11 = sums[4 * e + 3];
                double left = samples.left[e];
                double right = samples.right[e];
                double up = samples.up[e];
                double down = samples.down[e];
                boolean inside = samples.at[e] >= 0;
                // A sample outside is a constant: even an infinite mask takes no gradient to its offset.
                double mask = inside ? samples.mask[e] : 0;
                put(operands.gradient, offsets, n, vertical, point, mask * (left * (d10 - d00) + right * (d11 - d01)));
                put(operands.gradient, offsets, n, horizontal, point, mask * (up * (d01 - d00) + down * (d11 - d10)));
                if (deformation.masked()) {
                    put(operands.maskGradient, masks, n, r, point, up * (left * d00 + right * d01) + down * (left * d10 + right * d11));
                }
            }
        }
    }

    private void put(Floats to, Correlation.Image image, int n, int channel, int point, double value) {
        int at = n * image.batchStride() + channel * image.channelStride() + point * image.columnStride();
        to.set(at, (float) (add ? to.get(at) + value : value));
    }
}

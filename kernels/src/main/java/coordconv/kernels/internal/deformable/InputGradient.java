package coordconv.kernels.internal.deformable;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.gemm.OutputView;
import coordconv.kernels.internal.gemm.Transposition;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.parallel.Pool;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.shape.Deformation;
import coordconv.kernels.internal.shape.Lowering;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.SampleLoops;
import java.util.Arrays;
import java.util.List;

/**
 * The gradient to the features: the gradient of each sample, scattered to its four pixels with the bilinear weights. A cell
 * is a block of channels of one image, whose pixels nobody else adds to: the order of summation is that of the columns,
 * whatever the number of threads.
 */
final class InputGradient implements Work {
    private final List<SampleGradient> blocks;
    private final OutputView[] views;
    private final SampleLocator locator;
    private final SampleLoops loops;
    private final Transposition transposition;
    private final Correlation.Image input;
    private final Pool<GradientScratch> scratch;
    private final long scratchBytes;
    private final int taps;
    private final int points;
    private final int blockColumns;
    private final int stageFloats;

    InputGradient(ConvShape shape, Deformation deformation, Lowering lowering, List<SampleGradient> all, int blockColumns,
                  Pool<GradientScratch> scratch, long scratchBytes, Machine machine, boolean add) {
        this.blockColumns = blockColumns;
        this.scratch = scratch;
        this.scratchBytes = scratchBytes;
        blocks = all.stream().filter(gradient -> gradient.block().features() > 0).toList();
        input = lowering.input();
        loops = machine.kernels().sampleLoops();
        transposition = new Transposition(machine);
        taps = shape.taps();
        Correlation forward = lowering.backwardWeights(0);
        points = forward.grid().points();
        locator = new SampleLocator(shape, deformation, forward, machine);
        views = new OutputView[blocks.size()];
        int most = 0;
        for (int i = 0; i < views.length; i++) {
            ChannelBlock block = blocks.get(i).block();
            int feature = block.channels().feature(block.firstFeature());
            views[i] = new OutputView(new Correlation(input, block.channels(),
                    new Correlation.Grid(input.height(), input.width(), 1, 1, new int[1], new int[1]),
                    new Correlation.Output(block.features(), feature * input.channelStride(), input.batchStride(),
                            input.channelStride(), input.rowStride(), input.columnStride()),
                    forward.weights(), 0), machine, Activation.IDENTITY, 1, add);
            most = Math.max(most, block.count());
        }
        stageFloats = Math.multiplyExact(locator.imagePixels(), most);
    }

    @Override
    public int gridColumns() {
        return input.batch();
    }

    @Override
    public int gridRows() {
        return blocks.size();
    }

    @Override
    public long workspaceBytes() {
        return SampleGradient.workspaceBytes(blocks) + scratchBytes + locator.tableBytes(blockColumns) + (long) Float.BYTES * stageFloats;
    }

    @Override
    public void run(Operands operands, int fromImage, int toImage, int fromBlock, int toBlock) {
        Workspace product = Workspace.borrow();
        Workspace stage = Workspace.borrow();
        GradientScratch columns = scratch.borrow();
        try {
            locator.reserve(blockColumns, stage);
            stage.reserveHalo(stageFloats);
            stage.haloOwner = 0;
            for (int i = fromBlock; i < toBlock; i++) {
                blocks.get(i).reserve(product);
                for (int n = fromImage; n < toImage; n++) {
                    runImage(operands, n, blocks.get(i), columns, product, stage);
                    store(operands, n, i, stage);
                }
            }
        } finally {
            scratch.giveBack(columns);
            stage.giveBack();
            product.giveBack();
        }
    }

    private void runImage(Operands operands, int image, SampleGradient gradient, GradientScratch columns,
                          Workspace product, Workspace stage) {
        int channels = gradient.block().count();
        Arrays.fill(stage.halo, 0, locator.imagePixels() * channels, 0);
        int last = (image + 1) * points;
        int end;
        for (int q = image * points; q < last; q = end) {
            end = gradient.blockEnd(q, last);
            locator.locateInWholeImage(operands, q, end, stage);
            gradient.run(operands, q, end, columns, product);
            for (int t = 0; t < taps; t++) {
                loops.scatter(columns.columns, t * channels, gradient.rows(), stage.samples,
                        locator.entry(gradient.block().deformableGroup(), t, stage.samples), end - q, channels,
                        stage.halo, 0, channels, locator.rowPixels() * channels);
            }
        }
    }

    private void store(Operands operands, int image, int index, Workspace stage) {
        ChannelBlock block = blocks.get(index).block();
        int channels = block.count();
        int width = input.width();
        stage.reserveSums(block.features() * width);
        for (int row = 0; row < input.height(); row++) {
            int pixel = (row + 1) * locator.rowPixels() + 1;
            transposition.copy(stage.halo, pixel * channels + block.firstFeature() - block.from(), channels, width, block.features(),
                    stage.sums, 0, width, stage);
            views[index].storeRow(stage.sums, 0, width, block.features(), 0, image, row, 0, width, operands.gradient, stage);
        }
    }
}

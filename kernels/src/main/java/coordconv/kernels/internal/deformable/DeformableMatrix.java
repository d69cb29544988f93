package coordconv.kernels.internal.deformable;

import coordconv.kernels.internal.gemm.BMatrix;
import coordconv.kernels.internal.gemm.PanelTarget;
import coordconv.kernels.internal.gemm.Transposition;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.shape.Deformation;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.SampleLoops;
import coordconv.kernels.internal.simd.SampleTable;

/**
 * Patches sampled at offsets: positions and weights are computed once a block, and used for all channels of a deformable
 * group. The channels of a tile are sampled pixel by pixel and transposed into its panel.
 */
final class DeformableMatrix implements BMatrix {
    private final Correlation.Channels channels;
    private final SampleLocator locator;
    private final PixelStage stage;
    private final SampleLoops loops;
    private final Transposition transposition;
    private final int blockColumns;
    private final int channelsPerBlock;
    private final int taps;
    private final int lanes;
    private final int nr;
    /** Joined channel of the convolution that channel 0 of the correlation is. */
    private final int firstJoined;
    private final int channelsOfDeformableGroup;

    DeformableMatrix(ConvShape shape, Deformation deformation, Correlation correlation, int firstJoined, Machine machine,
                     int blockColumns, int channelsPerBlock) {
        this.firstJoined = firstJoined;
        this.blockColumns = blockColumns;
        this.channelsPerBlock = channelsPerBlock;
        channels = correlation.channels();
        taps = correlation.grid().taps();
        KernelSet kernels = machine.kernels();
        locator = new SampleLocator(shape, deformation, correlation, machine);
        stage = new PixelStage(correlation.input(), machine);
        loops = kernels.sampleLoops();
        transposition = new Transposition(machine);
        lanes = kernels.lanes();
        nr = kernels.nr();
        channelsOfDeformableGroup = deformation.channelsOfGroup(shape);
    }

    /** None in advance: the stage grows with the rows that the offsets reach. */
    @Override
    public int haloFloats() {
        return 0;
    }

    /** The table of samples and, at the most, a stage of whole images. */
    @Override
    public long tableBytes() {
        return locator.tableBytes(blockColumns) + (long) Float.BYTES * tileFloats()
                + (long) Float.BYTES * stage.floats(locator.maxPixels(blockColumns), channelsPerBlock);
    }

    private int tileRowFloats() {
        return (channelsPerBlock + lanes - 1) / lanes * lanes;
    }

    private int tileFloats() {
        return Math.multiplyExact(nr, tileRowFloats() + lanes);
    }

    @Override
    public void reserve(Workspace workspace) {
        locator.reserve(blockColumns, workspace);
        workspace.samples.reserveTile(tileFloats());
    }

    @Override
    public void beginBlock(int q, int end, Workspace workspace) {
        workspace.block.from = q;
        workspace.block.columns = end - q;
        locator.locate(workspace.operands, q, end, workspace);
    }

    @Override
    public void load(Floats x, int from, int to, Workspace workspace) {
        stage.load(x, channels, from, to, workspace);
    }

    @Override
    public void pack(Floats x, int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        for (int j = fromColumn; j < toColumn; j += nr) {
            int columns = Math.min(nr, toColumn - j);
            int at = workspace.target.at(j - fromColumn, nr, 0);
            int end;
            for (int c = from; c < to; c = end) {
                int group = (firstJoined + c) / channelsOfDeformableGroup;
                end = Math.min(to, (group + 1) * channelsOfDeformableGroup - firstJoined);
                packGroup(group, c - from, end - c, to - from, j, columns, at, workspace);
            }
        }
    }

    /**
     * Packs channels of one deformable group: {@code count} of them from {@code first} on, of those loaded. Whole squares of
     * vectors are transposed, whatever lies behind the last column; the channels behind the last whole vector by way of
     * scratch, since other depths lie behind them.
     */
    private void packGroup(int group, int first, int count, int loaded, int j, int columns, int at, Workspace workspace) {
        SampleTable samples = workspace.samples;
        PanelTarget target = workspace.target;
        int tileRow = (count + lanes - 1) / lanes * lanes;
        int whole = count / lanes * lanes;
        int depthStride = taps * target.rowStride();
        for (int t = 0; t < taps; t++) {
            loops.sample(workspace.halo, first, loaded, locator.rowPixels() * loaded, samples, locator.entry(group, t, samples) + j,
                    columns, count, samples.tile, 0, tileRow);
            int to = at + (first * taps + t) * target.rowStride();
            transposition.copy(samples.tile, 0, tileRow, nr, whole, target.array(), to, depthStride, workspace);
            if (whole < count) {
                int scratch = nr * tileRow;
                transposition.copy(samples.tile, whole, tileRow, nr, lanes, samples.tile, scratch, nr, workspace);
                for (int c = whole; c < count; c++) {
                    System.arraycopy(samples.tile, scratch + (c - whole) * nr, target.array(), to + c * depthStride, columns);
                }
            }
        }
    }
}

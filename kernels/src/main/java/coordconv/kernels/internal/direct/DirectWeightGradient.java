package coordconv.kernels.internal.direct;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.parallel.Pool;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.SegmentLoops;
import coordconv.kernels.internal.simd.TapLoops;
import java.util.Arrays;
import java.util.List;

/** The gradient to the weights of {@link DirectConvolution}: dot products of the output gradient and what each tap sees. */
public final class DirectWeightGradient implements Work {
    private static final int SCRATCH = 64;

    private final List<Correlation> groups;
    private final Correlation.Image image;
    private final List<Correlation.Channels> rows;
    private final ChannelStrips strips;
    private final TapLoops loops;
    private final SegmentLoops segmentLoops;
    private final boolean add;
    private final int taps;
    private final int m;
    private final Pool<double[]> sums;

    /**
     * Plans the gradient.
     *
     * @param groups one correlation a group, for all of which {@link DirectConvolution#serves} holds
     * @param image where the output gradient lies
     * @param rows its channels of each group
     * @param machine kernels and caches
     * @param add whether the gradient is added to the destination
     */
    public DirectWeightGradient(List<Correlation> groups, Correlation.Image image, List<Correlation.Channels> rows,
                                Machine machine, boolean add) {
        this.groups = List.copyOf(groups);
        this.image = image;
        this.rows = List.copyOf(rows);
        this.add = add;
        strips = new ChannelStrips(groups, machine);
        loops = machine.kernels().tapLoops();
        segmentLoops = machine.kernels().segmentLoops();
        taps = groups.getFirst().depth();
        m = rows.getFirst().features();
        int length = Math.multiplyExact(groups.size(), m * taps);
        sums = new Pool<>(2, () -> new double[length]);
    }

    @Override
    public int gridColumns() {
        return groups.size();
    }

    @Override
    public int gridRows() {
        return 1;
    }

    @Override
    public long multiplyAdds(int fromGroup, int toGroup, int fromRow, int toRow) {
        return (long) (toGroup - fromGroup) * image.batch() * groups.getFirst().grid().points() * m * taps;
    }

    @Override
    public long workspaceBytes() {
        return strips.workspaceBytes() + (long) Float.BYTES * rowFloats() + (long) Double.BYTES * groups.size() * m * taps;
    }

    private int rowFloats() {
        return strips.stripRows() * groups.getFirst().grid().width();
    }

    @Override
    public void run(Operands operands, int fromGroup, int toGroup, int fromRow, int toRow) {
        Workspace workspace = Workspace.borrow();
        double[] sum = sums.borrow();
        try {
            strips.reserve(workspace);
            workspace.reserveSums(rowFloats());
            workspace.reserveRow(SCRATCH);
            Arrays.fill(sum, fromGroup * m * taps, toGroup * m * taps, 0);
            int height = groups.getFirst().grid().height();
            for (int n = 0; n < image.batch(); n++) {
                for (int row = 0; row < height; row += strips.stripRows()) {
                    runStrip(operands, fromGroup, toGroup, n, row, Math.min(strips.stripRows(), height - row), sum, workspace);
                }
            }
            store(operands.gradient, fromGroup, toGroup, sum);
        } finally {
            sums.giveBack(sum);
            workspace.giveBack();
        }
    }

    private void runStrip(Operands operands, int fromGroup, int toGroup, int n, int row, int count, double[] sum,
                          Workspace workspace) {
        int width = groups.getFirst().grid().width();
        strips.begin(n, row, count, workspace);
        for (int g = fromGroup; g < toGroup; g += strips.groupsPerLoad()) {
            int end = Math.min(toGroup, g + strips.groupsPerLoad());
            strips.load(operands.x, g, end, workspace);
            for (int i = g * m; i < end * m; i++) {
                int feature = rows.get(i / m).feature(i % m);
                int at = n * image.batchStride() + feature * image.channelStride() + row * image.rowStride();
                float[] dy = operands.y.array();
                int dyAt = operands.y.arrayOffset() + at;
                if (dy == null || image.columnStride() != 1) {
                    dy = workspace.sums;
                    dyAt = 0;
                    copy(operands.y, at, count * width, dy);
                }
                loops.dotTaps(workspace.halo, strips.groupAt(i / m - g), strips.rowStride(), strips.tapAt(), taps,
                        dy, dyAt, width, count, width, sum, i * taps, workspace.row);
            }
        }
    }

    private void copy(Floats dy, int at, int count, float[] to) {
        if (dy.array() == null) {
            segmentLoops.read(dy, at, 0, image.columnStride(), to, 0, 1, count);
        } else {
            PackLoops.copyStrided(dy.array(), dy.arrayOffset() + at, image.columnStride(), to, 0, count);
        }
    }

    private void store(Floats dw, int fromGroup, int toGroup, double[] sum) {
        for (int i = fromGroup * m; i < toGroup * m; i++) {
            Correlation.Weights view = groups.get(i / m).weights();
            int tapsOfChannel = view.tapAt().length;
            for (int t = 0; t < taps; t++) {
                int at = view.base() + i % m * view.rowStride()
                        + t / tapsOfChannel * view.channelStride() + view.tapAt()[t % tapsOfChannel];
                double gradient = sum[i * taps + t];
                dw.set(at, (float) (add ? dw.get(at) + gradient : gradient));
            }
        }
    }
}

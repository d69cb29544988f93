package coordconv.kernels.internal.direct;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.gemm.OutputView;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.TapLoops;
import java.util.List;

/**
 * Groups whose channels are too few for a matrix product, such as the depthwise layers of MobileNet: outputs in vectors,
 * taps in registers, no im2col. The grid of independent cells is groups x images.
 */
public final class DirectConvolution implements Algorithm {
    /** Channels of a group, in and out: more make a matrix product worth its packing. */
    public static final int MAX_CHANNELS = 4;

    private final List<Correlation> groups;
    private final OutputView[] outputs;
    private final ChannelStrips strips;
    /** Null where outputs are computed row by row whatever the memory. */
    private final FlatPlanes planes;
    private final TapLoops loops;
    private final Activation activation;
    private final float alpha;
    private final boolean add;
    private final int packedAt;
    private final int taps;
    private final int chunk;

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
    public DirectConvolution(List<Correlation> groups, Machine machine, Activation activation, float alpha, boolean add, int packedAt) {
        this.groups = List.copyOf(groups);
        this.alpha = alpha;
        this.add = add;
        this.packedAt = packedAt;
        strips = new ChannelStrips(groups, machine);
        planes = add ? null : FlatPlanes.of(groups, machine);
        loops = machine.kernels().tapLoops();
        this.activation = add ? Activation.IDENTITY : activation;
        taps = groups.getFirst().depth();
        chunk = machine.kernels().nr() * machine.kernels().maxRows();
        outputs = new OutputView[groups.size()];
        for (int g = 0; g < outputs.length; g++) {
            outputs[g] = new OutputView(groups.get(g), machine, activation, alpha, add);
        }
    }

    /** {@return whether the correlations are groups of few channels, without coordinates} */
    public static boolean serves(List<Correlation> groups) {
        int features = groups.getFirst().channels().features();
        int rows = groups.getFirst().output().rows();
        for (Correlation group : groups) {
            boolean alike = group.channels().features() == features && group.output().rows() == rows;
            if (!alike || group.channels().coordCount() > 0) {
                return false;
            }
        }
        return groups.size() > 1 && features <= MAX_CHANNELS && rows <= MAX_CHANNELS && rows > 0
                && groups.getFirst().depth() > 0;
    }

    @Override
    public String describe() {
        return "direct, " + groups.size() + " groups in strips of " + strips.stripRows() + " rows"
                + (planes == null ? "" : ", planes in one piece");
    }

    @Override
    public int gridColumns() {
        return groups.size();
    }

    @Override
    public int gridRows() {
        return groups.getFirst().input().batch();
    }

    @Override
    public long multiplyAdds(int fromGroup, int toGroup, int fromImage, int toImage) {
        return (long) (toGroup - fromGroup) * (toImage - fromImage) * groups.getFirst().grid().points() * rows() * taps;
    }

    @Override
    public int packedLength() {
        return Math.multiplyExact(groups.size(), Math.multiplyExact(rows(), taps));
    }

    private int rows() {
        return groups.getFirst().output().rows();
    }

    @Override
    public void packWeights(Floats weights, PackedFloats into) {
        float[] packed = into.array();
        int at = packedAt;
        for (int g = 0; g < groups.size(); g++) {
            Correlation.Weights view = groups.get(g).weights();
            int tapsOfChannel = view.tapAt().length;
            for (int m = 0; m < rows(); m++) {
                for (int t = 0; t < taps; t++) {
                    packed[at++] = weights.get(view.base() + (long) m * view.rowStride()
                            + t / tapsOfChannel * view.channelStride() + view.tapAt()[t % tapsOfChannel]);
                }
            }
        }
    }

    @Override
    public Object packing() {
        return List.of(DirectConvolution.class, packedAt, rows(), taps, groups.stream().map(Correlation::weights).toList());
    }

    @Override
    public long workspaceBytes() {
        long copies = planes == null ? 0 : (long) Float.BYTES * planes.copyFloats();
        return Math.max(strips.workspaceBytes(), copies) + (long) Float.BYTES * sumFloats();
    }

    private int sumFloats() {
        int strip = strips.stripRows() * groups.getFirst().grid().width();
        return planes == null ? strip : Math.max(strip, planes.sumFloats());
    }

    @Override
    public void run(Operands operands, int fromGroup, int toGroup, int fromImage, int toImage) {
        Workspace workspace = Workspace.borrow();
        try {
            workspace.reserveSums(sumFloats());
            if (planes != null && operands.x.array() != null && operands.y.array() != null) {
                for (int image = fromImage; image < toImage; image++) {
                    planes.run(operands, packedAt, fromGroup, toGroup, image, activation, alpha, workspace);
                }
                return;
            }
            strips.reserve(workspace);
            int height = groups.getFirst().grid().height();
            for (int image = fromImage; image < toImage; image++) {
                for (int row = 0; row < height; row += strips.stripRows()) {
                    runStrip(operands, fromGroup, toGroup, image, row, Math.min(strips.stripRows(), height - row), workspace);
                }
            }
        } finally {
            workspace.giveBack();
        }
    }

    private void runStrip(Operands operands, int fromGroup, int toGroup, int image, int row, int rows, Workspace workspace) {
        strips.begin(image, row, rows, workspace);
        for (int g = fromGroup; g < toGroup; g += strips.groupsPerLoad()) {
            int end = Math.min(toGroup, g + strips.groupsPerLoad());
            strips.load(operands.x, g, end, workspace);
            for (int group = g; group < end; group++) {
                for (int m = 0; m < rows(); m++) {
                    sumPlane(operands, group, m, strips.groupAt(group - g), image, row, rows, workspace);
                }
            }
        }
    }

    private void sumPlane(Operands operands, int group, int m, int haloAt, int image, int row, int rows, Workspace workspace) {
        Correlation correlation = groups.get(group);
        Correlation.Output output = correlation.output();
        int width = correlation.grid().width();
        int weightsAt = packedAt + (group * rows() + m) * taps;
        float bias = operands.bias[correlation.biasAt() + m];
        Floats y = operands.y;
        if (y.array() != null && output.gridColumnStride() == 1 && !add) {
            int at = y.arrayOffset() + output.base() + image * output.batchStride() + m * output.rowStride()
                    + row * output.gridRowStride();
            loops.sumTaps(workspace.halo, haloAt, strips.rowStride(), strips.tapAt(), taps, operands.packed.array(), weightsAt, bias,
                    y.array(), at, output.gridRowStride(), rows, width, activation, alpha);
            return;
        }
        loops.sumTaps(workspace.halo, haloAt, strips.rowStride(), strips.tapAt(), taps, operands.packed.array(), weightsAt, bias,
                workspace.sums, 0, width, rows, width, activation, alpha);
        int q = image * correlation.grid().points() + row * width;
        for (int j = 0; j < rows * width; j += chunk) {
            outputs[group].store(workspace.sums, j, 1, m, q + j, Math.min(chunk, rows * width - j), y, workspace);
        }
    }
}

package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PackLoops;

/** The gradient to the bias: {@code db[c] (+)= sum over images and pixels of dy[n, c, pixel]}, in double precision. */
final class BiasGradient implements Work {
    private final KernelSet kernels;
    private final Correlation.Image image;
    private final int channels;
    private final boolean add;
    private final int chunk;

    /**
     * Plans the sums.
     *
     * @param image where the gradient of the output lies
     * @param channels its channels
     * @param machine how memory that is no array is read, and in what chunks
     * @param add whether the sums are added to the destination
     */
    BiasGradient(Correlation.Image image, int channels, Machine machine, boolean add) {
        this.image = image;
        kernels = machine.kernels();
        chunk = machine.tuning().biasGradientChunk();
        this.channels = channels;
        this.add = add;
    }

    @Override
    public int gridColumns() {
        return channels;
    }

    @Override
    public int gridRows() {
        return 1;
    }

    @Override
    public long workspaceBytes() {
        return (long) Float.BYTES * chunk;
    }

    @Override
    public void run(Operands operands, int fromChannel, int toChannel, int fromRow, int toRow) {
        Workspace workspace = Workspace.borrow();
        try {
            for (int c = fromChannel; c < toChannel; c++) {
                double sum = add ? operands.gradient.get(c) : 0;
                for (int n = 0; n < image.batch(); n++) {
                    sum += sumPlane(operands.y, n * image.batchStride() + c * image.channelStride(), workspace);
                }
                operands.gradient.set(c, (float) sum);
            }
        } finally {
            workspace.giveBack();
        }
    }

    /** In chunks whatever the memory, so that the order of summation is the same. */
    private double sumPlane(Floats dy, int from, Workspace workspace) {
        int points = image.height() * image.width();
        int step = image.columnStride();
        double sum = 0;
        for (int i = 0; i < points; i += chunk) {
            int count = Math.min(chunk, points - i);
            int at = from + i * step;
            if (dy.array() != null && step == 1) {
                sum += sum(dy.array(), dy.arrayOffset() + at, count);
            } else {
                workspace.reserveRow(chunk);
                read(dy, at, step, count, workspace.row);
                sum += sum(workspace.row, 0, count);
            }
        }
        return sum;
    }

    private void read(Floats dy, int at, int step, int count, float[] row) {
        if (dy.array() == null) {
            kernels.segmentLoops().read(dy, at, 0, step, row, 0, 1, count);
        } else {
            PackLoops.copyStrided(dy.array(), dy.arrayOffset() + at, step, row, 0, count);
        }
    }

    /**
     * Eight sums, so that one addition need not wait for the last. Not in vectors: C2 of JDK 25 boxes the
     * {@code DoubleVector} sums of such a loop wherever it compiles it without a profile of their class.
     */
    private static double sum(float[] values, int from, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int end = from + count;
        int i = from;
        for (; i <= end - 8; i += 8) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
            e += values[i + 4];
            f += values[i + 5];
            g += values[i + 6];
            h += values[i + 7];
        }
        for (; i < end; i++) {
            a += values[i];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }
}

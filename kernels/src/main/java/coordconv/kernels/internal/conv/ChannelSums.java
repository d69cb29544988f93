package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.Pool;
import coordconv.kernels.internal.pack.PackLoops;
import coordconv.kernels.internal.pack.SegmentLoops;
import java.util.function.IntConsumer;

/** The gradient to the bias: {@code db[c] (+)= sum over images and pixels of dy[n, c, pixel]}, in double precision. */
public final class ChannelSums {
    /** Floats added up at a time. */
    private static final int PIECE = 4096;

    private final Pool<Call> calls = new Pool<>(2, Call::new);
    private final SegmentLoops segmentLoops;
    private final Correlation.Image image;
    private final int channels;
    private final boolean add;

    /**
     * Plans the sums.
     *
     * @param image where the gradient of the output lies
     * @param channels its channels
     * @param kernels how memory that is no array is read
     * @param add whether the sums are added to the destination
     */
    public ChannelSums(Correlation.Image image, int channels, KernelSet kernels, boolean add) {
        this.image = image;
        segmentLoops = kernels.segmentLoops();
        this.channels = channels;
        this.add = add;
    }

    /** Computes every sum. */
    public void run(FloatRegion dy, FloatRegion db, Parallelism parallelism) {
        Call call = calls.borrow();
        call.dy = dy;
        call.db = db;
        try {
            parallelism.run(channels, call);
        } finally {
            call.dy = null;
            call.db = null;
            calls.giveBack(call);
        }
    }

    private final class Call implements IntConsumer {
        private FloatRegion dy;
        private FloatRegion db;

        @Override
        public void accept(int c) {
            Workspace workspace = Workspace.borrow();
            try {
                double sum = add ? db.get(c) : 0;
                for (int n = 0; n < image.batch(); n++) {
                    sum += plane(dy, n * image.batchStride() + c * image.channelStride(), workspace);
                }
                db.set(c, (float) sum);
            } finally {
                workspace.giveBack();
            }
        }
    }

    /** In pieces, so that a plane that does not lie in an array in one piece is added up in the same order. */
    private double plane(FloatRegion dy, int from, Workspace workspace) {
        int points = image.height() * image.width();
        int step = image.columnStride();
        double sum = 0;
        for (int i = 0; i < points; i += PIECE) {
            int count = Math.min(PIECE, points - i);
            int at = from + i * step;
            if (dy.array() != null && step == 1) {
                sum += sum(dy.array(), dy.arrayOffset() + at, count);
            } else {
                workspace.reserveRow(PIECE);
                read(dy, at, step, count, workspace.row);
                sum += sum(workspace.row, 0, count);
            }
        }
        return sum;
    }

    private void read(FloatRegion dy, int at, int step, int count, float[] row) {
        if (dy.array() == null) {
            segmentLoops.read(dy, at, 0, step, row, 0, 1, count);
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

package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.internal.gemm.Pool;
import java.util.function.IntConsumer;

/** The gradient to the bias: {@code db[c] (+)= sum over images and pixels of dy[n, c, pixel]}, in double precision. */
public final class ChannelSums {
    private final Pool<Call> calls = new Pool<>(2, Call::new);
    private final Correlation.Image image;
    private final int channels;
    private final boolean add;

    /**
     * Plans the sums.
     *
     * @param image where the gradient of the output lies
     * @param channels its channels
     * @param add whether the sums are added to the destination
     */
    public ChannelSums(Correlation.Image image, int channels, boolean add) {
        this.image = image;
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
            double sum = add ? db.get(c) : 0;
            int points = image.height() * image.width();
            int step = image.columnStride();
            for (int n = 0; n < image.batch(); n++) {
                int from = n * image.batchStride() + c * image.channelStride();
                sum += dy.array() != null ? sum(dy.array(), dy.arrayOffset() + from, points, step) : sum(dy, from, points, step);
            }
            db.set(c, (float) sum);
        }
    }

    /** Four sums, so that one addition need not wait for the last. */
    private static double sum(float[] values, int from, int count, int step) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int at = from;
        int i = 0;
        for (; i <= count - 4; i += 4) {
            a += values[at];
            b += values[at + step];
            c += values[at + 2 * step];
            d += values[at + 3 * step];
            at += 4 * step;
        }
        for (; i < count; i++) {
            a += values[at];
            at += step;
        }
        return a + b + (c + d);
    }

    private static double sum(FloatRegion values, int from, int count, int step) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values.get((long) from + (long) i * step);
        }
        return sum;
    }
}

package coordconv.layers;

import java.util.Arrays;

/** Times of a layer's passes, in memory made beforehand; those beyond it are not kept. */
final class LayerClock {
    private final long[] nanos;
    private int count;

    LayerClock(int passes) {
        nanos = new long[passes];
    }

    void add(long elapsed) {
        if (count < nanos.length) {
            nanos[count++] = elapsed;
        }
    }

    /** {@return whether there was a pass} */
    boolean ran() {
        return count > 0;
    }

    /** {@return the median of the passes in milliseconds} */
    double milliseconds() {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return (sorted[(count - 1) / 2] + sorted[count / 2]) * 0.5e-6;
    }
}

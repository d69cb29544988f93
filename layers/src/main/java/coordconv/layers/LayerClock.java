package coordconv.layers;

import java.util.Arrays;

/** Times of a layer in passes of its network, in which it may run several times; in memory made beforehand. */
final class LayerClock {
    private final long[] nanos;
    private int count;
    private int runs;

    LayerClock(int passes) {
        nanos = new long[passes];
    }

    /** Adds a run of the layer to the pass. */
    void add(long elapsed) {
        nanos[count] += elapsed;
        runs++;
    }

    void endPass() {
        count++;
    }

    /** {@return how often the layer ran in a pass} */
    int runs() {
        return runs / Math.max(1, count);
    }

    /** {@return the median of the passes in milliseconds} */
    double milliseconds() {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return (sorted[(count - 1) / 2] + sorted[count / 2]) * 0.5e-6;
    }
}

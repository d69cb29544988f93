package coordconv.layers.internal;

import coordconv.kernels.Parallelism;
import java.util.function.IntConsumer;

/**
 * A loop over independent items, such as planes, cut into ranges for the threads of an execution. It is made once,
 * so that a run allocates nothing; what a range computes must not depend on where it was cut.
 */
public final class Ranges {
    /** Elements below which a second thread costs more than it saves: waking it takes as long as touching so many. */
    private static final int LEAST_ELEMENTS = 1 << 15;

    private final Parallelism parallelism;
    private final int items;
    private final int parts;
    private final Body body;
    private final IntConsumer part;

    /** What is done to a range of the items. */
    @FunctionalInterface
    public interface Body {
        /**
         * Works on some items.
         *
         * @param part which range it is, for scratch of its own
         * @param from first item
         * @param to end of the items
         */
        void run(int part, int from, int to);
    }

    /**
     * A loop.
     *
     * @param parallelism threads
     * @param items how many there are
     * @param elements floats that are read or written for an item, which decides about the use of threads
     * @param body the work
     */
    public Ranges(Parallelism parallelism, int items, long elements, Body body) {
        this.parallelism = parallelism;
        this.items = items;
        this.body = body;
        long worthwhile = Math.max(1, items * elements / LEAST_ELEMENTS);
        parts = (int) Math.min(Math.min(parallelism.threads(), items), worthwhile);
        part = index -> body.run(index, edge(index), edge(index + 1));
    }

    private int edge(int index) {
        return (int) ((long) items * index / parts);
    }

    /** {@return how many ranges there are} */
    public int parts() {
        return parts;
    }

    /** Works on all items and returns when they are done. */
    public void run() {
        if (parts == 1) {
            body.run(0, 0, items);
        } else {
            parallelism.run(parts, part);
        }
    }
}

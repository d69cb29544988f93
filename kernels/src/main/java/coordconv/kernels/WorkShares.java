package coordconv.kernels;

import coordconv.kernels.internal.engine.Pass;

/**
 * How evenly a pass divides among threads, found by counting: nothing runs, and the threads need not exist. Parts are
 * claimed one after another, each by the thread that is free first, as if all multiply-adds took equally long.
 *
 * @param parts independent parts that a call is cut into
 * @param imbalance multiply-adds of the thread that has most, over the mean of all threads, idle ones included: 1 is even, and
 *     {@code threads / imbalance} is the most that so many threads can gain
 * @param packedTwice of the floats of patches and panels that are packed, transformed or read through a padded copy, the share
 *     that another part makes ready as well, 0 to 1
 */
public record WorkShares(int parts, double imbalance, double packedTwice) {
    private static final int MOST_THREADS = 1024;

    static WorkShares of(Pass pass, int threads) {
        Arguments.check(threads >= 1 && threads <= MOST_THREADS, "threads", threads, "1 to " + MOST_THREADS);
        var shares = pass.shares(threads);
        return new WorkShares(shares.parts(), shares.imbalance(), shares.packedTwice());
    }
}

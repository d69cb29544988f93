package coordconv.kernels.internal.engine;

/**
 * How a call divides among threads.
 *
 * @param parts number of parts
 * @param imbalance multiply-adds of the thread that has most, over the mean of all threads
 * @param packedTwice share of what is packed that another part packs as well
 */
public record Shares(int parts, double imbalance, double packedTwice) {}

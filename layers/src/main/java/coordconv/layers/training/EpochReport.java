package coordconv.layers.training;

/**
 * What one epoch of training gave.
 *
 * @param epoch its number, from 1
 * @param steps steps done in all
 * @param loss mean loss of its batches, each taken before its step and counted by its samples
 * @param metric mean of the metric over its samples, each taken before its step; NaN without a metric
 */
public record EpochReport(int epoch, long steps, double loss, double metric) {
}

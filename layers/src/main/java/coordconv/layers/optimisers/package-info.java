/** Optimisers, decay, learning-rate schedules and gradient clipping. */
package coordconv.layers.optimisers;

/** Normalisation over batches, groups, layers and neighbouring channels, and dropout. */
package coordconv.layers.normalisation;

/** Batch normalisation and dropout: layers that behave differently in training. */
package coordconv.layers.normalisation;

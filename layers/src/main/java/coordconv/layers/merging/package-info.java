/** Layers with several inputs, and functions of two tensors of which one may be constant. */
package coordconv.layers.merging;

/** Pooling over windows, over whole images and over axes. */
package coordconv.layers.pooling;

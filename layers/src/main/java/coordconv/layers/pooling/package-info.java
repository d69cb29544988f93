/** Pooling over windows and over whole images. */
package coordconv.layers.pooling;

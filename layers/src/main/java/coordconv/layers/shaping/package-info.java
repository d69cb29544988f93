/** Layers that only rearrange or repeat. */
package coordconv.layers.shaping;

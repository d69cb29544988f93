/** Layers that rearrange, repeat, cut, pad and resize. */
package coordconv.layers.shaping;

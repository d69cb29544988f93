/** Layers that run on a convolution plan: ordinary, transposed and fully connected, with coordinates and without. */
package coordconv.layers.convolution;

/**
 * Layers that run on a convolution plan: ordinary, transposed and fully connected, with coordinates and without.
 *
 * {@snippet lang=java :
 * ConvSpec spec = ConvSpec.of(16, 32, 3).withPadding(1).withStride(2);
 * Layer plain = new Conv2d(spec);
 * Layer seesColumnAndRow = new CoordConv2d(spec);             // 18 channels to its weights
 * Layer up = new ConvTranspose2d(ConvSpec.of(32, 16, 2).withStride(2));
 * }
 */
package coordconv.layers.convolution;

/**
 * Layers that rearrange, repeat, cut, pad and resize.
 *
 * {@snippet lang=java :
 * Layer twice = new Resize(ResizeSpec.byScales(ResizeSpec.Mode.LINEAR, 2, 2));
 * Layer border = Pad.images(Pad.Mode.REFLECT, 1, 1, 1, 1);
 * Layer flat = new Flatten();                                 // [N, C, H, W] to [N, C * H * W]
 * }
 */
package coordconv.layers.shaping;

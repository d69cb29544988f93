/**
 * Losses with their gradients.
 *
 * {@snippet lang=java :
 * Loss loss = new PixelCrossEntropy().ignoring(255);          // logits [N, C, H, W], classes [N, 1, H, W]
 * Tensor gradient = Tensor.zeros(logits.shape());
 * double mean = loss.evaluate(logits, classes, gradient);
 * }
 */
package coordconv.layers.losses;

/**
 * Pooling over windows, over whole images and over axes.
 *
 * {@snippet lang=java :
 * Layer halved = new MaxPool2d(PoolSpec.of(2, 2));             // windows of 2 x 2, stride 2
 * Layer whole = new Reduce(Reduction.MEAN, false, 2, 3);      // [N, C, H, W] to [N, C]
 * }
 */
package coordconv.layers.pooling;

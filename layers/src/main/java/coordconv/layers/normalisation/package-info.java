/**
 * Normalisation over batches, groups, layers and neighbouring channels, and dropout.
 *
 * {@snippet lang=java :
 * Layer batch = new BatchNorm2d(16);                          // 16 channels
 * Layer groups = new GroupNorm(4, 16);                        // 4 groups of 4 channels
 * Layer dropout = new Dropout(0.1);                           // drops a tenth, in training
 * }
 */
package coordconv.layers.normalisation;

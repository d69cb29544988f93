/** The mini-batch loop: data, metrics, progress, checkpoints. */
package coordconv.layers.training;

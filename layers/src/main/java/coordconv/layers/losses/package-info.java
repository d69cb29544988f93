/** Losses with their gradients. */
package coordconv.layers.losses;

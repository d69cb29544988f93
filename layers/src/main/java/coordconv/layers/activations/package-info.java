/** Element-wise functions as layers, and softmax over pixels. */
package coordconv.layers.activations;

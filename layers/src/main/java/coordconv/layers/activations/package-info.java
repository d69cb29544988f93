/** Functions of each element as layers, and softmax. */
package coordconv.layers.activations;

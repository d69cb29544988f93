/**
 * Functions of each element as layers, and softmax.
 *
 * {@snippet lang=java :
 * Layer relu = new ReLU();
 * Layer swish = Unary.silu();
 * Layer probabilities = new Softmax(1);                       // over the channels
 * }
 */
package coordconv.layers.activations;

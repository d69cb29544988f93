/** Shapes, tensors, parameters, the layer contract, containers and summaries. */
package coordconv.layers;

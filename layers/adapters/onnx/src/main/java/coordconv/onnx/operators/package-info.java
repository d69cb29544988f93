/** Layers that only models of other people need: parts of the ONNX operators that the layers have no name for. */
package coordconv.onnx.operators;

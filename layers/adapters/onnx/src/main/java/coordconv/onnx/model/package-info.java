/**
 * ONNX models as such: making graphs of operators, and the exception that refuses a model.
 *
 * {@snippet lang=java :
 * OnnxGraph graph = new OnnxGraph("example");
 * graph.output(graph.node("Relu", graph.input("x", OnnxGraph.ANY, 3)).to("y"), OnnxGraph.ANY, 3);
 * Files.write(Path.of("relu.onnx"), graph.toBytes());
 * }
 */
package coordconv.onnx.model;

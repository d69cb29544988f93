/**
 * Networks of our layers as ONNX models, and ONNX models as networks of our layers.
 *
 * {@snippet lang=java :
 * OnnxExport.write(network, Shape.of(1, 3, 32, 32), Path.of("network.onnx"));
 * OnnxNetwork read = OnnxImport.read(Path.of("network.onnx"));
 * read.network().configure(read.input().withBatch(8), Execution.INFERENCE);
 * }
 */
package coordconv.onnx;

/** What becomes of each of our layers: a registry by class, and one exporter for each family. */
package coordconv.onnx.export;

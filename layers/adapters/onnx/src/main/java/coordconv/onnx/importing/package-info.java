/** What becomes of each ONNX operator: a registry by name, one converter for each family, constants folded. */
package coordconv.onnx.importing;

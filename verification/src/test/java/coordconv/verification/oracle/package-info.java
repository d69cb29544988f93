/** ONNX Runtime, an engine that nobody here wrote, on the same inputs. */
package coordconv.verification.oracle;

/** Whole networks, exported and run by ONNX Runtime, step by step against the double reference. */
package coordconv.verification.onnx;

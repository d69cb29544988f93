/** Transposed convolution: the reference against ONNX Runtime, the plan against the reference. */
package coordconv.verification.transpose;

/** Networks of our layers as ONNX models, and ONNX models as networks of our layers. */
package coordconv.onnx;

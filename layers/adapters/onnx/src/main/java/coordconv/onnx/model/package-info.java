/** ONNX models as such: making graphs of operators, and the exception that refuses a model. */
package coordconv.onnx.model;

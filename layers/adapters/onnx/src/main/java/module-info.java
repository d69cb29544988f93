/**
 * Networks of our layers as ONNX models, and ONNX models as networks of our layers.
 */
module coordconv.onnx {
    requires transitive coordconv.layers;
    requires org.tribuo.util.onnx;
    requires com.google.protobuf;

    exports coordconv.onnx;
    exports coordconv.onnx.model;
}

package coordconv.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime, an engine that nobody here wrote, on a model of one input. */
public final class OnnxRuntime {
    private OnnxRuntime() {}

    /**
     * Runs a model.
     *
     * @param model its bytes, with one output
     * @param x the input
     * @param shape of the input
     * @return the output
     */
    public static float[] run(byte[] model, float[] x, int... shape) {
        return outputs(model, x, shape).values().iterator().next();
    }

    /**
     * Runs a model and shows every step. Each value that somebody may look at is computed as the model says:
     * no operators are fused across it.
     *
     * @param model its bytes
     * @param x the input
     * @param wanted names of values
     * @param shape of the input
     * @return what those values were
     */
    public static Map<String, float[]> steps(byte[] model, float[] x, Set<String> wanted, int... shape) {
        try {
            ModelProto.Builder shown = ModelProto.parseFrom(model).toBuilder();
            shown.getGraphBuilder().clearOutput();
            for (NodeProto node : shown.getGraph().getNodeList()) {
                if (wanted.contains(node.getOutput(0))) {
                    shown.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName(node.getOutput(0))
                            .setType(TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder()
                                    .setElemType(DataType.FLOAT.getNumber()))));
                }
            }
            return outputs(shown.build().toByteArray(), x, shape);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, float[]> outputs(byte[] model, float[] x, int... shape) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(model, options);
                    OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x),
                            Arrays.stream(shape).asLongStream().toArray());
                    OrtSession.Result result = session.run(Map.of(session.getInputNames().iterator().next(), input))) {
                Map<String, float[]> outputs = new LinkedHashMap<>();
                for (Map.Entry<String, OnnxValue> each : result) {
                    FloatBuffer y = ((OnnxTensor) each.getValue()).getFloatBuffer();
                    float[] floats = new float[y.remaining()];
                    y.get(floats);
                    outputs.put(each.getKey(), floats);
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new AssertionError("ONNX Runtime refused the model", e);
        }
    }
}

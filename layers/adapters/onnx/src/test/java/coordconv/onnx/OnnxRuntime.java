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
import coordconv.layers.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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

    /**
     * A model that gives every value besides its outputs, but for those of operators that an engine may fuse with the next,
     * and those that only bring constants beside features.
     *
     * @param model a model
     * @return the same with more outputs
     */
    public static ModelProto showing(ModelProto model) {
        Map<String, List<NodeProto>> readers = new HashMap<>();
        model.getGraph().getNodeList().forEach(node -> node.getInputList().forEach(read ->
                readers.computeIfAbsent(read, absent -> new ArrayList<>()).add(node)));
        Set<String> fused = Set.of("BatchNormalization", "Relu", "LeakyRelu", "Mul", "Add", "Sum");
        Set<String> sums = Set.of("Add", "Sum");
        Set<String> plain = Set.of("ConstantOfShape", "Unsqueeze", "Reshape", "Dropout", "Transpose", "InstanceNormalization", "Expand", "Identity", "Shape",
                "Gather", "Constant");
        ModelProto.Builder shown = model.toBuilder();
        List<String> given = model.getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
        for (NodeProto node : model.getGraph().getNodeList()) {
            String value = node.getOutput(0);
            List<NodeProto> next = readers.getOrDefault(value, List.of());
            // A sum is made where one of its terms lies, unless that term has to be given as it was.
            boolean added = next.stream().anyMatch(reader -> sums.contains(reader.getOpType()));
            boolean open = next.isEmpty() || added || next.size() == 1 && fused.contains(next.getFirst().getOpType());
            boolean joins = node.getOpType().equals("Concat") && node.getName().endsWith("/joined");
            if (!open && !joins && !given.contains(value) && !plain.contains(node.getOpType())) {
                shown.getGraphBuilder().addOutput(Models.unshaped(value));
            }
        }
        return shown.build();
    }

    /**
     * Runs a model of several inputs and outputs.
     *
     * @param model its bytes
     * @param inputs by name
     * @return the outputs by name
     */
    public static Map<String, float[]> run(byte[] model, Map<String, Tensor> inputs) {
        return run(options -> OrtEnvironment.getEnvironment().createSession(model, options), inputs);
    }

    /**
     * Runs a model whose constants may lie in other files.
     *
     * @param model the file
     * @param inputs by name
     * @return the outputs by name
     */
    public static Map<String, float[]> run(Path model, Map<String, Tensor> inputs) {
        return run(options -> OrtEnvironment.getEnvironment().createSession(model.toString(), options), inputs);
    }

    /** Opens a model. */
    @FunctionalInterface
    private interface Opening {
        OrtSession open(OrtSession.SessionOptions options) throws OrtException;
    }

    private static Map<String, float[]> run(Opening opening, Map<String, Tensor> inputs) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = opening.open(options)) {
                Map<String, OnnxTensor> given = new LinkedHashMap<>();
                for (String name : session.getInputNames()) {
                    Tensor x = inputs.get(name);
                    given.put(name, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.wrap(x.data()),
                            Arrays.stream(x.shape().toArray()).asLongStream().toArray()));
                }
                try (OrtSession.Result result = session.run(given)) {
                    return floats(result);
                } finally {
                    given.values().forEach(OnnxTensor::close);
                }
            }
        } catch (OrtException e) {
            throw new AssertionError("ONNX Runtime refused the model", e);
        }
    }

    private static Map<String, float[]> floats(OrtSession.Result result) {
        Map<String, float[]> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> each : result) {
            FloatBuffer y = ((OnnxTensor) each.getValue()).getFloatBuffer();
            float[] floats = new float[y.remaining()];
            y.get(floats);
            outputs.put(each.getKey(), floats);
        }
        return outputs;
    }

    private static Map<String, float[]> outputs(byte[] model, float[] x, int... shape) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(model, options);
                    OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x),
                            Arrays.stream(shape).asLongStream().toArray());
                    OrtSession.Result result = session.run(Map.of(session.getInputNames().iterator().next(), input))) {
                return floats(result);
            }
        } catch (OrtException e) {
            throw new AssertionError("ONNX Runtime refused the model", e);
        }
    }
}

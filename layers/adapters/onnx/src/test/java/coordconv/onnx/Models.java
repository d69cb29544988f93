package coordconv.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import coordconv.layers.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Models written by hand, field by field, as other exporters write them: input "x", output "y". */
final class Models {
    final GraphProto.Builder graph = GraphProto.newBuilder().setName("main_graph");
    private int operatorSet = 17;
    private int values;

    /** A model; an extent of 0 is left open. */
    static Models of(int... input) {
        Models model = new Models();
        model.graph.addInput(info("x", input));
        model.graph.addOutput(ValueInfoProto.newBuilder().setName("y"));
        return model;
    }

    static ValueInfoProto info(String name, int... extents) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int extent : extents) {
            shape.addDim(extent == 0 ? Dimension.newBuilder().setDimParam("open") : Dimension.newBuilder().setDimValue(extent));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber()).setShape(shape))).build();
    }

    static ValueInfoProto unshaped(String name) {
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber()))).build();
    }

    Models operatorSet(int version) {
        operatorSet = version;
        return this;
    }

    /** Floats in the typed field, not as raw bytes. */
    static TensorProto tensor(String name, float[] floats, int... extents) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT.getNumber());
        for (int extent : extents) {
            tensor.addDims(extent);
        }
        for (float value : floats) {
            tensor.addFloatData(value);
        }
        return tensor.build();
    }

    static TensorProto integers(String name, long... integers) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.INT64.getNumber())
                .addDims(integers.length);
        for (long value : integers) {
            tensor.addInt64Data(value);
        }
        return tensor.build();
    }

    static TensorProto scalar(long integer) {
        return integers("", integer).toBuilder().clearDims().build();
    }

    /** Integers from -2 to 2: sums of their products are exact in any order. */
    static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = random.nextInt(5) - 2;
        }
        return floats;
    }

    String initializer(String name, float[] floats, int... extents) {
        graph.addInitializer(tensor(name, floats, extents));
        return name;
    }

    String weights(String name, int... extents) {
        int count = 1;
        for (int extent : extents) {
            count *= extent;
        }
        return initializer(name, random(count, name.hashCode()), extents);
    }

    /** A node of the operator Constant. */
    String constant(TensorProto value) {
        return node("Constant", List.of(), value(value));
    }

    static AttributeProto value(TensorProto tensor) {
        return AttributeProto.newBuilder().setName("value").setType(AttributeType.TENSOR).setT(tensor).build();
    }

    String node(String operator, List<String> inputs, AttributeProto... attributes) {
        return named(operator, "/" + operator + "_" + values, inputs, "v" + values++, attributes);
    }

    String last(String operator, List<String> inputs, AttributeProto... attributes) {
        return named(operator, operator, inputs, "y", attributes);
    }

    String named(String operator, String name, List<String> inputs, String output, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder().setOpType(operator).setName(name).addAllInput(inputs).addOutput(output)
                .addAllAttribute(List.of(attributes)));
        return output;
    }

    static AttributeProto ints(String name, long... integers) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
        for (long integer : integers) {
            attribute.addInts(integer);
        }
        return attribute.build();
    }

    static AttributeProto integer(String name, long integer) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(integer).build();
    }

    static AttributeProto number(String name, float number) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOAT).setF(number).build();
    }

    static AttributeProto numbers(String name, float... numbers) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOATS);
        for (float number : numbers) {
            attribute.addFloats(number);
        }
        return attribute.build();
    }

    static AttributeProto text(String name, String text) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(text)).build();
    }

    ModelProto.Builder model() {
        return ModelProto.newBuilder().setIrVersion(8).setProducerName("pytorch").setProducerVersion("2.7.1")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(operatorSet)).setGraph(graph);
    }

    byte[] toBytes() {
        return model().build().toByteArray();
    }

    OnnxNetwork read(Path folder) throws IOException {
        return OnnxImport.read(write(folder));
    }

    OnnxNetwork read(Path folder, Shape input) throws IOException {
        return OnnxImport.read(write(folder), input);
    }

    private Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("model.onnx"), toBytes());
    }
}

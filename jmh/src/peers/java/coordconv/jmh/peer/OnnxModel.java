package coordconv.jmh.peer;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import coordconv.kernels.ConvGeometry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The ONNX models that the comparison runs: Conv, Concat then Conv, or Concat alone; input x, output y. */
final class OnnxModel {
    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;

    private final Workload workload;
    private final ConvGeometry g;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("convolution");

    private OnnxModel(Workload workload) {
        this.workload = workload;
        g = workload.geometry();
    }

    /**
     * Builds a model.
     *
     * @param workload sizes, weights and coordinates
     * @param operation {@link Operation#FORWARD} or {@link Operation#CONCAT}
     * @return the serialized model
     */
    static byte[] of(Workload workload, Operation operation) {
        return new OnnxModel(workload).build(operation);
    }

    /** {@return shape of the output y} */
    static long[] outputShape(ConvGeometry g, Operation operation) {
        return operation == Operation.CONCAT
                ? new long[] {g.batch(), g.joinedChannels(), g.height(), g.width()}
                : new long[] {g.batch(), g.outChannels(), g.outHeight(), g.outWidth()};
    }

    private byte[] build(Operation operation) {
        graph.addInput(value("x", g.batch(), g.channels(), g.height(), g.width()));
        graph.addOutput(value("y", outputShape(g, operation)));
        String joined = "x";
        if (workload.hasCoordinates()) {
            joined = operation == Operation.CONCAT ? "y" : "joined";
            graph.addInitializer(tensor("coordinates", workload.coordinateTensor(),
                    g.batch(), g.coords().count(), g.height(), g.width()));
            NodeProto.Builder concat = NodeProto.newBuilder().setOpType("Concat").setName("concat").addOutput(joined)
                    .addAttribute(AttributeProto.newBuilder().setName("axis")
                            .setType(AttributeProto.AttributeType.INT).setI(1));
            if (workload.coordinatesFirst()) {
                concat.addInput("coordinates").addInput("x");
            } else {
                concat.addInput("x").addInput("coordinates");
            }
            graph.addNode(concat);
        }
        if (operation == Operation.FORWARD) {
            addConvolution(joined);
        }
        return ModelProto.newBuilder().setIrVersion(IR_VERSION).setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .build().toByteArray();
    }

    private void addConvolution(String input) {
        graph.addInitializer(tensor("weights", workload.weights(),
                g.outChannels(), g.joinedChannels() / g.groups(), g.kernelHeight(), g.kernelWidth()));
        graph.addNode(NodeProto.newBuilder().setOpType("Conv").setName("conv")
                .addInput(input).addInput("weights").addOutput("y")
                .addAttribute(integers("kernel_shape", g.kernelHeight(), g.kernelWidth()))
                .addAttribute(integers("strides", g.strideHeight(), g.strideWidth()))
                .addAttribute(integers("dilations", g.dilationHeight(), g.dilationWidth()))
                .addAttribute(AttributeProto.newBuilder().setName("group")
                        .setType(AttributeProto.AttributeType.INT).setI(g.groups()))
                .addAttribute(integers("pads", g.padTop(), g.padLeft(), g.padBottom(), g.padRight())));
    }

    private static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name)
                .setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    private static TensorProto tensor(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber()).setRawData(ByteString.copyFrom(bytes));
        for (long size : shape) {
            tensor.addDims(size);
        }
        return tensor.build();
    }

    private static ValueInfoProto value(String name, long... shape) {
        TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
        for (long size : shape) {
            sizes.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber()).setShape(sizes))).build();
    }
}

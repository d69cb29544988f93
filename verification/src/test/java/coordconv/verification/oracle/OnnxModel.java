package coordconv.verification.oracle;

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
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.verification.reference.CoordinateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** ONNX models of Concat with the coordinate tensor followed by Conv or ConvTranspose, as exporters write them. */
final class OnnxModel {
    private static final int OPSET = 13;
    private static final int IR_VERSION = 7;

    private OnnxModel() {}

    /**
     * CoordConv with input "x" [N, C, H, W] and output "y" [N, O, OH, OW].
     *
     * @param g geometry
     * @param weights weights
     * @param bias bias, or null
     * @return the model's bytes
     */
    static byte[] conv(ConvGeometry g, float[] weights, float[] bias) {
        GraphProto.Builder graph = joined(g.coords(), g.batch(), g.channels(), g.height(), g.width());
        layer(graph, "Conv", g, weights, g.joinedChannels() / g.groups(), bias);
        return model(graph, shape(g.batch(), g.outChannels(), g.outHeight(), g.outWidth()));
    }

    /**
     * Transposed convolution with coordinates: input "x" [N, O - coords, OH, OW], output "y" [N, C, H, W].
     *
     * @param adjoint the ordinary convolution it is the adjoint of
     * @param coords coordinates of its input
     * @param weights weights
     * @param bias bias [C], or null
     * @return the model's bytes
     */
    static byte[] convTranspose(ConvGeometry adjoint, CoordChannels coords, float[] weights, float[] bias) {
        GraphProto.Builder graph = joined(coords, adjoint.batch(), adjoint.outChannels() - coords.count(),
                adjoint.outHeight(), adjoint.outWidth());
        NodeProto.Builder node = layer(graph, "ConvTranspose", adjoint, weights,
                adjoint.channels() / adjoint.groups(), bias);
        // The rows and columns that no window of the adjoint reaches.
        int rows = (adjoint.height() + adjoint.padTop() + adjoint.padBottom()
                - (adjoint.kernelHeight() - 1) * adjoint.dilationHeight() - 1) % adjoint.strideHeight();
        int columns = (adjoint.width() + adjoint.padLeft() + adjoint.padRight()
                - (adjoint.kernelWidth() - 1) * adjoint.dilationWidth() - 1) % adjoint.strideWidth();
        node.addAttribute(ints("output_padding", rows, columns));
        return model(graph, shape(adjoint.batch(), adjoint.channels(), adjoint.height(), adjoint.width()));
    }

    private static byte[] model(GraphProto.Builder graph, ValueInfoProto.Builder output) {
        graph.addOutput(output.setName("y"));
        return ModelProto.newBuilder().setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph).build().toByteArray();
    }

    /** A graph with input "x" and the joined tensor under the name "joined". */
    private static GraphProto.Builder joined(CoordChannels coords, int n, int c, int h, int w) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("coordconv").addInput(shape(n, c, h, w).setName("x"));
        if (coords.count() == 0) {
            graph.addNode(NodeProto.newBuilder().setOpType("Identity").addInput("x").addOutput("joined"));
            return graph;
        }
        graph.addInitializer(tensor("coords", CoordinateTensor.of(coords, n, h, w), n, coords.count(), h, w));
        boolean before = coords.placement() == Placement.BEFORE;
        graph.addNode(NodeProto.newBuilder().setOpType("Concat").addInput(before ? "coords" : "x")
                .addInput(before ? "x" : "coords").addOutput("joined").addAttribute(
                        AttributeProto.newBuilder().setName("axis").setType(AttributeProto.AttributeType.INT).setI(1)));
        return graph;
    }

    private static NodeProto.Builder layer(GraphProto.Builder graph, String operator, ConvGeometry g,
            float[] weights, int channelsPerGroup, float[] bias) {
        graph.addInitializer(tensor("w", weights, g.outChannels(), channelsPerGroup, g.kernelHeight(), g.kernelWidth()));
        NodeProto.Builder node = graph.addNodeBuilder().setOpType(operator).addInput("joined").addInput("w").addOutput("y");
        if (bias != null) {
            graph.addInitializer(tensor("b", bias, bias.length));
            node.addInput("b");
        }
        return node.addAttribute(ints("kernel_shape", g.kernelHeight(), g.kernelWidth()))
                .addAttribute(ints("strides", g.strideHeight(), g.strideWidth()))
                .addAttribute(ints("dilations", g.dilationHeight(), g.dilationWidth()))
                .addAttribute(ints("pads", g.padTop(), g.padLeft(), g.padBottom(), g.padRight()))
                .addAttribute(AttributeProto.newBuilder().setName("group")
                        .setType(AttributeProto.AttributeType.INT).setI(g.groups()));
    }

    private static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name)
                .setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    private static ValueInfoProto.Builder shape(int... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int dim : dims) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        return ValueInfoProto.newBuilder().setType(TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT.getNumber()).setShape(shape)));
    }

    private static TensorProto tensor(String name, float[] values, int... dims) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber()).setRawData(ByteString.copyFrom(raw));
        for (int dim : dims) {
            tensor.addDims(dim);
        }
        return tensor.build();
    }
}

package coordconv.onnx.model;

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A graph of ONNX operators in the making: inputs, constants, nodes in the order they run, outputs.
 *
 * <p>Values are float32 tensors and are referred to by name. The graph does not know the operators: a
 * node that ONNX does not define is found by whoever runs the model.
 */
public final class OnnxGraph {
    /** The version of the ONNX operator set that nodes are written in, unless a layer needs a newer one. */
    public static final int OPSET = 17;
    /** The version of the file format; it belongs to operator sets 15 to 18, and newer ones may be named in it. */
    public static final int IR_VERSION = 8;
    /** An extent of an input or output that is left open: the batch, under the symbolic name N. */
    public static final int ANY = -1;

    /** Protobuf writes messages of less than 2 GiB; a little is left for everything but the constants. */
    private static final long MOST_BYTES = Integer.MAX_VALUE - (64L << 20);

    private final GraphProto.Builder graph;
    private final Set<String> values = new HashSet<>();
    private final int operatorSet;
    private long constantBytes;

    /**
     * An empty graph.
     *
     * @param name its name in the model
     */
    public OnnxGraph(String name) {
        this(name, OPSET);
    }

    /**
     * An empty graph in an operator set.
     *
     * @param name its name in the model
     * @param operatorSet the version that nodes are written in
     */
    public OnnxGraph(String name, int operatorSet) {
        graph = GraphProto.newBuilder().setName(name);
        this.operatorSet = operatorSet;
    }

    /** {@return the version of the operator set that nodes are written in} */
    public int operatorSet() {
        return operatorSet;
    }

    /**
     * Declares an input of the model.
     *
     * @param name of the value
     * @param extents its shape; {@link #ANY} for an open one
     * @return the name
     */
    public String input(String name, int... extents) {
        graph.addInput(info(fresh(name), extents));
        return name;
    }

    /**
     * Declares that a value is an output of the model.
     *
     * @param name of a value that a node computes
     * @param extents its shape; {@link #ANY} for an open one
     */
    public void output(String name, int... extents) {
        graph.addOutput(info(name, extents));
    }

    /**
     * Adds a constant of floats.
     *
     * @param name of the value, not in use yet
     * @param floats its elements in row-major order
     * @param extents its shape
     * @return the name
     * @throws IllegalArgumentException if the name is taken, the numbers of elements differ, or the constants
     *     together no longer fit a model file (2 GiB)
     */
    public String constant(String name, float[] floats, int... extents) {
        ByteBuffer raw = raw(name, floats.length, Float.BYTES);
        raw.asFloatBuffer().put(floats);
        return constant(name, DataType.FLOAT, raw, floats.length, extents);
    }

    /**
     * Adds a constant list of integers, as shapes and axes are given.
     *
     * @param name of the value, not in use yet
     * @param integers its elements
     * @return the name
     */
    public String integers(String name, long... integers) {
        ByteBuffer raw = raw(name, integers.length, Long.BYTES);
        raw.asLongBuffer().put(integers);
        return constant(name, DataType.INT64, raw, integers.length, integers.length);
    }

    private ByteBuffer raw(String name, int elements, int size) {
        constantBytes += (long) elements * size;
        if (constantBytes > MOST_BYTES) {
            throw new IllegalArgumentException("constants up to " + name + ": given " + constantBytes
                    + " bytes, needed at most " + MOST_BYTES + ": a model file holds less than 2 GiB");
        }
        return ByteBuffer.allocate(elements * size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private String constant(String name, DataType type, ByteBuffer raw, int elements, int... extents) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(fresh(name)).setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(raw));
        long needed = 1;
        for (int extent : extents) {
            tensor.addDims(extent);
            needed *= extent;
        }
        if (needed != elements) {
            throw new IllegalArgumentException("constant " + name + ": given " + elements + " elements, needed " + needed);
        }
        graph.addInitializer(tensor);
        return name;
    }

    /**
     * Appends a node.
     *
     * @param operator ONNX operator, such as {@code Conv}
     * @param inputs names of the values it takes, in order
     * @return the node, to be given attributes and its output
     */
    public Node node(String operator, String... inputs) {
        return new Node(graph.addNodeBuilder().setOpType(operator).addAllInput(List.of(inputs)));
    }

    private String fresh(String name) {
        if (name.isEmpty() || !values.add(name)) {
            throw new IllegalArgumentException("value name: given \"" + name + "\", needed one that is not in use yet");
        }
        return name;
    }

    /** {@return the bytes of an .onnx file} */
    public byte[] toBytes() {
        return ModelProto.newBuilder().setIrVersion(IR_VERSION).setProducerName("coordconv")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(operatorSet))
                .setGraph(graph).build().toByteArray();
    }

    private static ValueInfoProto info(String name, int... extents) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int extent : extents) {
            shape.addDim(extent == ANY ? Dimension.newBuilder().setDimParam("N") : Dimension.newBuilder().setDimValue(extent));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber()).setShape(shape))).build();
    }

    /** One node in the making. */
    public final class Node {
        private final NodeProto.Builder node;

        private Node(NodeProto.Builder node) {
            this.node = node;
        }

        /**
         * Adds an attribute that is a list of integers.
         *
         * @param name of the attribute
         * @param integers its value
         * @return this
         */
        public Node with(String name, int... integers) {
            AttributeProto.Builder attribute = node.addAttributeBuilder().setName(name).setType(AttributeType.INTS);
            for (int integer : integers) {
                attribute.addInts(integer);
            }
            return this;
        }

        /**
         * Adds an attribute that is one integer.
         *
         * @param name of the attribute
         * @param integer its value
         * @return this
         */
        public Node withInteger(String name, int integer) {
            node.addAttributeBuilder().setName(name).setType(AttributeType.INT).setI(integer);
            return this;
        }

        /**
         * Adds an attribute that is one float.
         *
         * @param name of the attribute
         * @param number its value
         * @return this
         */
        public Node withFloat(String name, float number) {
            node.addAttributeBuilder().setName(name).setType(AttributeType.FLOAT).setF(number);
            return this;
        }

        /**
         * Adds an attribute that is a text.
         *
         * @param name of the attribute
         * @param text its value
         * @return this
         */
        public Node withText(String name, String text) {
            node.addAttributeBuilder().setName(name).setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
            return this;
        }

        /**
         * Names the output, and the node after it.
         *
         * @param name of the value, not in use yet
         * @return the name
         */
        public String to(String name) {
            return to(name, name);
        }

        /**
         * Names the node and its output.
         *
         * @param nodeName name of the node
         * @param name of the value, not in use yet
         * @return the name of the value
         */
        public String to(String nodeName, String name) {
            node.setName(nodeName).addOutput(fresh(name));
            return name;
        }
    }
}

package coordconv.onnx.bounds;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.InvalidProtocolBufferException;
import coordconv.layers.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An ONNX model run in double precision, with a bound of what float may change of every element: a third opinion where two
 * engines differ, and a bound that is derived where they must agree.
 *
 * <p>Source of the operators: the ONNX specification. Bounds are those of Higham, "Accuracy and Stability of Numerical
 * Algorithms", carried from node to node.
 */
public final class BoundedModel {
    private final ModelProto model;
    private final Map<String, Bounded> constants = new HashMap<>();
    private final Map<String, Bounded> values = new HashMap<>();
    private boolean bounding = true;
    private boolean tiled;

    private BoundedModel(ModelProto model) {
        this.model = model;
        model.getGraph().getInitializerList().forEach(tensor -> constants.put(tensor.getName(), constant(tensor)));
    }

    /**
     * A model.
     *
     * @param bytes of its file
     * @return the model, to be run any number of times
     */
    public static BoundedModel of(byte[] bytes) {
        try {
            return new BoundedModel(ModelProto.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** {@return this model, with bounds for convolutions by minimal filtering too, which hold tile by tile} */
    public BoundedModel withTiles() {
        tiled = true;
        return this;
    }

    private void start(Map<String, Tensor> inputs) {
        values.clear();
        values.putAll(constants);
        inputs.forEach((name, x) -> values.put(name, Bounded.exact(x.data(), x.shape().toArray())));
    }

    /**
     * How far an engine's results are from those in double.
     *
     * @param share the largest error over its bound; at most 1 where nothing is wrong
     * @param where the element of that error, and its numbers
     * @param bounded elements that had a bound
     */
    public record Distance(double share, String where, long bounded) {}

    /**
     * Holds an engine's results against the model in double. Each value is taken over as the engine has it before the nodes
     * behind it are run, so that every node answers for its own roundings alone.
     *
     * @param inputs by name
     * @param results what the engine gives for any values of the model, by name; all outputs among them
     * @return the distance
     */
    public Distance distance(Map<String, Tensor> inputs, Map<String, float[]> results) {
        start(inputs);
        return distance(results);
    }

    /**
     * Runs a model in double.
     *
     * @param inputs by name
     * @param output name of the value that is wanted
     * @return its elements
     */
    public double[] run(Map<String, Tensor> inputs, String output) {
        start(inputs);
        bounding = false;
        distance(Map.of(), output);
        bounding = true;
        return values.get(output).value();
    }

    private Distance distance(Map<String, float[]> results, String... kept) {
        double share = 0;
        String where = "nowhere";
        long bounded = 0;
        Map<String, Integer> left = new HashMap<>();
        model.getGraph().getNodeList().forEach(node -> node.getInputList().forEach(name -> left.merge(name, 1, Integer::sum)));
        List.of(kept).forEach(name -> left.merge(name, 1, Integer::sum));
        for (NodeProto node : model.getGraph().getNodeList()) {
            Bounded y;
            try {
                y = run(node);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(node.getOpType() + " " + node.getName(), e);
            }
            String name = node.getOutput(0);
            float[] given = results.get(name);
            if (given != null) {
                if (given.length != y.size()) {
                    return new Distance(Double.POSITIVE_INFINITY, name + " has " + given.length + " elements, not " + y.size(), 0);
                }
                for (int i = 0; i < given.length; i++) {
                    double each = share(given[i], y.value()[i], y.error()[i]);
                    bounded += y.error()[i] < Double.POSITIVE_INFINITY ? 1 : 0;
                    if (!(each <= share)) {
                        share = each;
                        where = node.getOpType() + " " + name + ", element " + i + ": " + given[i] + ", in double " + y.value()[i]
                                + ", bound " + y.error()[i];
                    }
                }
                y = Bounded.exact(given, y.shape());
            }
            values.put(name, y);
            for (String read : node.getInputList()) {
                if (left.merge(read, -1, Integer::sum) == 0) {
                    values.remove(read);
                }
            }
        }
        return new Distance(share, where, bounded);
    }

    private static double share(double given, double value, double error) {
        if (given == value || Double.isNaN(given) && Double.isNaN(value) || error == Double.POSITIVE_INFINITY && !Double.isNaN(given)) {
            return 0;
        }
        double share = Math.abs(given - value) / error;
        return Double.isNaN(share) ? Double.POSITIVE_INFINITY : share;
    }

    private static Bounded constant(TensorProto tensor) {
        int[] shape = tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
        int count = Bounded.count(shape.length == 0 || IntStream.of(shape).allMatch(n -> n > 0) ? shape : new int[] {1});
        if (IntStream.of(shape).anyMatch(n -> n == 0)) {
            return new Bounded(shape, new double[0], new double[0], 0);
        }
        double[] elements = new double[count];
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        boolean isRaw = tensor.hasRawData();
        switch (DataType.forNumber(tensor.getDataType())) {
            case FLOAT -> Arrays.setAll(elements, i -> isRaw ? raw.getFloat() : tensor.getFloatData(i));
            case INT64 -> Arrays.setAll(elements, i -> isRaw ? raw.getLong() : tensor.getInt64Data(i));
            default -> throw new IllegalArgumentException(tensor.getName() + ": " + tensor.getDataType());
        }
        return Bounded.exact(elements, shape);
    }

    private Bounded run(NodeProto node) {
        Attributes at = new Attributes(node);
        List<String> names = node.getInputList();
        Bounded[] in = new Bounded[names.size()];
        Arrays.setAll(in, i -> names.get(i).isEmpty() ? null : values.get(names.get(i)));
        String operator = node.getOpType();
        if (FunctionBounds.isFunction(operator)) {
            return FunctionBounds.function(operator, at, in);
        }
        return switch (operator) {
            case "Constant" -> constant(at.required("value").getT());
            case "ConstantOfShape" -> filled(at, in[0].integers());
            case "Add", "Sub", "Mul", "Div", "Pow", "PRelu" -> FunctionBounds.binary(operator, in[0], in[1]);
            case "Sum", "Min", "Max" -> Arrays.stream(in).reduce((a, b) -> FunctionBounds.binary(operator, a, b)).orElseThrow();
            case "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceSumSquare" -> FunctionBounds.reduce(operator, in[0],
                    at.integer("keepdims", 1) != 0, in.length > 1 ? in[1].integers() : at.integers("axes", all(in[0])));
            case "Softmax", "LogSoftmax" -> softmax(at, in[0], operator.equals("LogSoftmax"));
            case "Conv" -> ProductBounds.convolution(at, in[0], in[1], in.length > 2 ? in[2] : null, bounding, tiled);
            case "ConvTranspose" -> ProductBounds.transposed(at, in[0], in[1], in.length > 2 ? in[2] : null);
            case "Gemm" -> ProductBounds.matrices(at.integer("transA", 0) != 0 ? in[0].transposed(1, 0) : in[0],
                    at.integer("transB", 0) != 0 ? in[1].transposed(1, 0) : in[1], at.number("alpha", 1),
                    in.length > 2 ? in[2] : null, at.number("beta", 1));
            case "MatMul" -> ProductBounds.matrices(in[0], in[1], 1, null, 0);
            case "MaxPool", "AveragePool" -> ImageBounds.pool(at, in[0], operator.equals("AveragePool"));
            case "GlobalAveragePool" -> FunctionBounds.reduce("ReduceMean", in[0], true, 2, 3);
            case "GlobalMaxPool" -> FunctionBounds.reduce("ReduceMax", in[0], true, 2, 3);
            case "LRN" -> ImageBounds.localResponse(at, in[0]);
            case "BatchNormalization" -> ImageBounds.batchNormalisation(at, in[0], in[1], in[2], in[3], in[4]);
            case "InstanceNormalization" -> {
                int plane = in[0].size() / in[0].extent(0) / in[0].extent(1);
                int channels = in[0].extent(1);
                yield ImageBounds.moments(in[0], plane, at.number("epsilon", 1e-5), in[1], in[2], flat -> flat / plane % channels);
            }
            case "LayerNormalization" -> {
                int n = 1;
                for (int axis = in[0].axis(at.integer("axis", -1)); axis < in[0].rank(); axis++) {
                    n *= in[0].extent(axis);
                }
                int count = n;
                yield ImageBounds.moments(in[0], n, at.number("epsilon", 1e-5), in[1], in.length > 2 ? in[2] : null, flat -> flat % count);
            }
            case "Dropout" -> in[0];
            default -> shaped(operator, at, in);
        };
    }

    private Bounded shaped(String operator, Attributes at, Bounded... in) {
        return switch (operator) {
            case "Shape" -> Bounded.exact(Arrays.stream(in[0].shape()).asDoubleStream().toArray(), in[0].rank());
            case "Reshape" -> ShapeBounds.reshape(in[0], in[1].integers());
            case "Flatten" -> ShapeBounds.flatten(in[0], at.integer("axis", 1));
            case "Squeeze" -> ShapeBounds.squeeze(in[0], in.length > 1 ? in[1].integers() : at.integers("axes"));
            case "Unsqueeze" -> ShapeBounds.unsqueeze(in[0], in.length > 1 ? in[1].integers() : at.integers("axes"));
            case "Transpose" -> in[0].transposed(at.integers("perm"));
            case "Concat" -> ShapeBounds.concat(at.integer("axis", 1), in);
            case "Slice" -> ShapeBounds.slice(in[0], in[1].integers(), in[2].integers(), in[3].integers(),
                    in.length > 4 ? in[4].integers() : new int[0]);
            case "Gather" -> ShapeBounds.gather(in[0], in[0].axis(at.integer("axis", 0)), in[1]);
            case "Tile" -> ShapeBounds.tile(in[0], in[1].integers());
            case "Expand" -> in[0].broadcastTo(Bounded.broadcast(in[0].shape(), in[1].integers()));
            case "Pad" -> ShapeBounds.pad(in[0], at.text("mode", "constant"), in.length > 2 ? in[2].value()[0] : 0, in[1].integers());
            case "DepthToSpace" -> ShapeBounds.depthToSpace(in[0], at.integer("blocksize", 1), at.text("mode", "DCR").equals("DCR"));
            case "SpaceToDepth" -> ShapeBounds.spaceToDepth(in[0], at.integer("blocksize", 1));
            case "Resize" -> ShapeBounds.resize(at, in[0], in.length > 2 ? in[2] : null, in.length > 3 ? in[3] : null);
            default -> throw new IllegalArgumentException("operator " + operator);
        };
    }

    private static Bounded filled(Attributes at, int... shape) {
        Bounded value = at.has("value") ? constant(at.required("value").getT()) : Bounded.exact(new double[1], 1);
        Bounded filled = Bounded.of(shape);
        Arrays.fill(filled.value(), value.value()[0]);
        return filled;
    }

    private Bounded softmax(Attributes at, Bounded x, boolean logarithm) {
        if (operatorSet() >= 13) {
            return FunctionBounds.softmax(x, x.axis(at.integer("axis", -1)), logarithm);
        }
        Bounded rows = ShapeBounds.flatten(x, x.axis(at.integer("axis", 1)));
        return FunctionBounds.softmax(rows, 1, logarithm).reshaped(x.shape());
    }

    private long operatorSet() {
        return model.getOpsetImportList().stream().filter(set -> set.getDomain().isEmpty()).findFirst().orElseThrow().getVersion();
    }

    private static int[] all(Bounded x) {
        return IntStream.range(0, x.rank()).toArray();
    }
}

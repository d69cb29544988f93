package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.onnx.OnnxConformance.Result;
import coordconv.onnx.OnnxConformance.Verdict;
import coordconv.onnx.importing.GraphReader.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** One test in the format of the ONNX project: what its model gives here, and what it should give. */
public final class BackendTest {
    private static final double RELATIVE = 1e-3;
    private static final double ABSOLUTE = 1e-7;

    private final byte[] model;
    private final Path folder;
    private final List<ValueInfoProto> inputs;
    private final List<ValueInfoProto> outputs;

    private BackendTest(Path folder) throws IOException {
        this.folder = folder;
        model = OnnxFile.bytes(folder.resolve("model.onnx"));
        GraphProto graph = ModelFile.parse(model, MemoryBudget.ofHeap()).getGraph();
        Set<String> stored = new LinkedHashSet<>();
        graph.getInitializerList().forEach(tensor -> stored.add(tensor.getName()));
        inputs = graph.getInputList().stream().filter(input -> !stored.contains(input.getName())).toList();
        outputs = graph.getOutputList();
    }

    /**
     * Runs a test.
     *
     * @param folder with a {@code model.onnx} and its data sets
     * @return what came of it
     * @throws IOException if its files cannot be read
     */
    public static Result run(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        List<Path> sets;
        try (Stream<Path> children = Files.list(folder)) {
            sets = children.filter(child -> child.getFileName().toString().startsWith("test_data_set_")).sorted().toList();
        }
        if (sets.isEmpty()) {
            return new Result(name, Verdict.REFUSED, "data sets: given none, needed at least one test_data_set_*", 0);
        }
        Result worst = null;
        try {
            BackendTest test = new BackendTest(folder);
            for (Path set : sets) {
                Result result = test.run(name, set);
                boolean worse = worst == null || result.verdict().compareTo(worst.verdict()) > 0
                        || result.verdict() == worst.verdict() && result.worstError() > worst.worstError();
                worst = worse ? result : worst;
            }
        } catch (Refusal | IllegalArgumentException refused) {
            return new Result(name, Verdict.REFUSED, refused.getMessage(), 0);
        }
        return worst;
    }

    private Result run(String name, Path set) throws IOException {
        for (ValueInfoProto input : inputs) {
            if (!input.getType().hasTensorType()) {
                throw new Refusal("input " + Refusal.quote(input.getName()), "no tensor", "tensors");
            }
        }
        Map<String, Constant> given = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            given.put(inputs.get(i).getName(), tensor(set.resolve("input_" + i + ".pb"), inputs.get(i)));
        }
        List<Constant> expected = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            expected.add(tensor(set.resolve("output_" + i + ".pb"), outputs.get(i)));
        }
        Result best = null;
        String refusal = null;
        for (Set<String> data : ways(given)) {
            try {
                Result result = compare(name, given, data, expected);
                if (result.verdict() == Verdict.WRONG) {
                    return result;
                }
                best = best == null || result.worstError() > best.worstError() ? result : best;
            } catch (Refusal | IllegalArgumentException refused) {
                refusal = refusal == null ? refused.getMessage() : refusal;
            }
        }
        return best != null ? best : new Result(name, Verdict.REFUSED, refusal, 0);
    }

    /** The inputs that are data rather than weights, in each of the ways to read the model. */
    private static Set<Set<String>> ways(Map<String, Constant> given) {
        List<String> floats = given.entrySet().stream().filter(each -> each.getValue().isFloat()).map(Map.Entry::getKey).toList();
        Set<Set<String>> ways = new LinkedHashSet<>();
        ways.add(new LinkedHashSet<>(floats));
        ways.add(new LinkedHashSet<>(floats.subList(0, Math.min(floats.size(), 1))));
        ways.add(Set.of());
        return ways;
    }

    private Result compare(String name, Map<String, Constant> given, Set<String> data, List<Constant> expected) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Map<String, Constant> constants = new LinkedHashMap<>();
        given.forEach((input, value) -> {
            if (data.contains(input)) {
                shapes.put(input, Shape.of(value.extents()));
            } else {
                constants.put(input, value);
            }
        });
        GraphReader.Result read = GraphReader.read(model, new ExternalData(folder.toAbsolutePath()), new Inputs(null, shapes, constants));
        Map<String, Tensor> computed = compute(read, given);
        double worst = 0;
        for (int i = 0; i < outputs.size(); i++) {
            String output = outputs.get(i).getName();
            Constant known = read.constants().get(output);
            Constant wanted = expected.get(i);
            String what = "output " + Refusal.quote(output);
            int[] extents = known != null ? known.extents() : computed.get(output).shape().toArray();
            if (!Arrays.equals(extents, wanted.extents())) {
                return new Result(name, Verdict.WRONG, what + ", shape: given " + Arrays.toString(extents) + ", needed "
                        + Arrays.toString(wanted.extents()), Double.POSITIVE_INFINITY);
            }
            if (known != null ? known.type() != wanted.type() : !wanted.isFloat()) {
                return new Result(name, Verdict.WRONG, what + ", type: given " + (known != null ? known.type() : DataType.FLOAT)
                        + ", needed " + wanted.type(), Double.POSITIVE_INFINITY);
            }
            double allowed = RELATIVE + rounding(wanted.type());
            for (int k = 0; k < wanted.size(); k++) {
                double y = DataTypes.round(wanted.type(), known != null ? known.number(k) : computed.get(output).data()[k]);
                double error = error(y, wanted.number(k));
                worst = Math.max(worst, error);
                if (!(error <= allowed)) {
                    return new Result(name, Verdict.WRONG, what + ", element " + k + ": given " + y + ", needed "
                            + wanted.number(k), error);
                }
            }
        }
        String detail = data.isEmpty() ? "computed while reading" : "read with data " + String.join(", ", read.inputs().keySet());
        return new Result(name, Verdict.OK, detail, worst);
    }

    private static Map<String, Tensor> compute(GraphReader.Result read, Map<String, Constant> given) {
        Map<String, Tensor> computed = new LinkedHashMap<>();
        if (read.network() != null) {
            List<Tensor> x = new ArrayList<>();
            read.inputs().forEach((input, shape) -> x.add(Tensor.of(given.get(input).toFloats().clone(), shape)));
            read.network().configure(List.copyOf(read.inputs().values()), Execution.INFERENCE, false);
            Tensor[] y = read.network().forward(x.toArray(Tensor[]::new), Phase.INFERENCE);
            int i = 0;
            for (String output : read.outputs().keySet()) {
                computed.put(output, y[i++]);
            }
        }
        return computed;
    }

    private static double error(double y, double wanted) {
        if (Double.compare(y, wanted) == 0 || y == wanted) {
            return 0;
        }
        double error = Math.abs(y - wanted) / (Math.abs(wanted) + ABSOLUTE / RELATIVE);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    private static double rounding(DataType type) {
        return switch (type) {
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            default -> 0;
        };
    }

    private static Constant tensor(Path file, ValueInfoProto declared) throws IOException {
        try {
            TensorProto tensor = TensorProto.parseFrom(OnnxFile.bytes(file));
            int type = declared.getType().getTensorType().getElemType();
            if (type == DataType.BFLOAT16.getNumber() && tensor.getDataType() == DataType.UINT16.getNumber()) {
                // NumPy has no such type: old test data holds the bits as integers.
                tensor = tensor.toBuilder().setDataType(type).build();
            }
            Constant constant = Tensors.read(tensor, new ExternalData(null), MemoryBudget.ofHeap());
            if (constant.type().getNumber() != type) {
                throw new Refusal(file.getFileName() + ", type", constant.type(), "that of the model, " + DataTypes.known(type));
            }
            return constant;
        } catch (InvalidProtocolBufferException damaged) {
            throw new Refusal(file.getFileName() + ": given bytes that are no tensor (" + damaged.getMessage()
                    + "), needed a TensorProto message", damaged);
        }
    }
}

package coordconv.onnx;

import static coordconv.onnx.Models.integer;
import static coordconv.onnx.Models.integers;
import static coordconv.onnx.Models.ints;
import static coordconv.onnx.Models.number;
import static coordconv.onnx.Models.tensor;
import static coordconv.onnx.Models.text;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import coordconv.layers.Shape;
import coordconv.onnx.model.OnnxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be read is refused by name: the node, its operator, what was given and what is needed. */
class RefusalTest {
    @TempDir
    Path folder;

    /** A model to refuse, and what its refusal must say. */
    private record Bad(Models model, List<String> said) {
        @Override
        public String toString() {
            return said.toString();
        }
    }

    private static Bad bad(Consumer<Models> content, String... said) {
        Models model = Models.of(2, 4, 6, 6);
        content.accept(model);
        return new Bad(model, List.of(said));
    }

    private static Bad conv(Consumer<TensorProto.Builder> change, String... said) {
        return bad(model -> {
            TensorProto.Builder weight = tensor("w", Models.random(36, 1), 1, 4, 3, 3).toBuilder();
            change.accept(weight);
            model.graph.addInitializer(weight);
            model.last("Conv", List.of("x", "w"));
        }, said);
    }

    static Stream<Bad> structure() {
        return Stream.of(
                bad(m -> m.last("Tanh", List.of("x")), "node \"Tanh\" (Tanh)", "operator", "one of [Add, AveragePool"),
                bad(m -> m.graph.addNodeBuilder().setOpType("Relu").setDomain("com.microsoft").addInput("x").addOutput("y"),
                        "domain", "com.microsoft"),
                bad(m -> m.last("Conv", List.of(m.node("Relu", List.of("x")), m.node("Sigmoid", List.of("x")))),
                        "Sigmoid", "\"x\", from which the graph branches", "a chain"),
                bad(m -> m.last("Add", List.of("x", "x")), "\"x\" 2 times", "once"),
                bad(m -> m.last("Relu", List.of("nowhere")), "\"nowhere\"", "earlier node"),
                bad(m -> m.named("Relu", "r", List.of("x"), "z"), "outputs of the model", "\"y\"", "\"z\""),
                bad(m -> m.named("Relu", "r", List.of("x"), "x"), "output", "\"x\"", "not in use"),
                bad(m -> m.named("Identity", "i", List.of("x"), "y"), "nodes", "at least one layer"),
                bad(m -> m.graph.addInput(Models.info("z", 1)), "inputs of the model", "2", "exactly one"),
                bad(m -> m.graph.setInput(0, Models.info("x", 0, 4, 0, 6)), "[?, 4, ?, 6]", "argument of the import"),
                bad(m -> m.graph.setInput(0, Models.info("x", 1, 1 << 20, 1 << 20)), "2147483646 elements"),
                bad(m -> m.graph.getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder()
                        .setElemType(DataType.FLOAT16_VALUE), "input \"x\"", "FLOAT"),
                bad(m -> m.operatorSet(6).last("Relu", List.of("x")), "operator set", "6", "7 to 25"),
                bad(m -> m.graph.addSparseInitializerBuilder(), "sparse"),
                bad(m -> m.last("Flatten", List.of("x"), integer("axis", 0)), "(Flatten)", "a batch of 2 in front"),
                bad(m -> m.last("Reshape", List.of("x", m.constant(integers("", 2, -1, -1)))), "(Reshape)", "at most one -1"),
                bad(m -> m.last("Reshape", List.of("x", m.constant(integers("", 2, 7)))), "(Reshape)", "288 elements"),
                bad(m -> m.last("Reshape", List.of("x", "x")), "2 times"),
                bad(m -> m.last("Softmax", List.of("x"), integer("axis", 1)), "(Softmax)", "all pixels"),
                bad(m -> m.last("Expand", List.of("x", m.constant(integers("", 1, 4, 12, 6)))), "(Expand)", "shape"),
                bad(m -> m.last("Squeeze", List.of("x", m.constant(integers("", 1)))), "(Squeeze)", "extent 1"));
    }

    static Stream<Bad> operators() {
        return Stream.of(
                bad(m -> m.last("Conv", List.of("x", m.node("Relu", List.of(m.weights("w", 1, 4, 3, 3))))),
                        "(Relu)", "operator on constants"),
                bad(m -> m.last("Conv", List.of(m.weights("w", 1, 4, 3, 3), "x")), "(Conv)", "first input", "a constant"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3))), "(Conv)", "[O, C, KH, KW]"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 3, 3, 3))), "(Conv)", "4 input channels"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3), m.weights("b", 2))), "bias", "[1]"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), ints("kernel_shape", 2, 3)), "kernel_shape"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), ints("strides", 1)), "strides", "two axes"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), ints("strides", 0, 1)), "strides", "at least 1"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), ints("strides", 1L << 40, 1)), "32 bits"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), ints("pads", 0, -1, 0, 0)), "padding", "-1"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), integer("strides", 1)), "strides", "INTS"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), integer("group", 1L << 33)), "group"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), text("auto_pad", "SOME")), "auto_pad", "SOME"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), text("auto_pad", "VALID"),
                        ints("pads", 0, 0, 0, 0)), "auto_pad and pads"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), integer("novelty", 1)), "novelty", "not known"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 9, 9))), "(Conv)", "kernel extent"),
                bad(m -> m.last("ConvTranspose", List.of("x", m.weights("w", 3, 1, 3, 3))), "4 input channels"),
                bad(m -> m.last("ConvTranspose", List.of("x", m.weights("w", 4, 1, 3, 3)), ints("output_shape", 9, 9)), "output_shape"),
                bad(m -> m.last("ConvTranspose", List.of("x", m.weights("w", 4, 1, 3, 3)), ints("output_padding", 1, 0)), "both axes"),
                bad(m -> m.last("Gemm", List.of("x", m.weights("w", 4, 3))), "(Gemm)", "[N, F] and [F, O]"),
                bad(m -> m.last("Gemm", List.of(m.node("Flatten", List.of("x")), m.weights("w", 144, 3)), integer("transA", 1)),
                        "transA", "needed 0"),
                bad(m -> m.last("Gemm", List.of(m.node("Flatten", List.of("x")), m.weights("w", 144, 3), m.weights("c", 2, 3))),
                        "bias", "[3]"),
                bad(m -> m.last("Add", List.of("x", m.weights("w", 4, 1, 1))), "(Add)", "not the bias"),
                bad(m -> m.last("Add", List.of(m.node("Conv", List.of("x", m.weights("w", 2, 4, 3, 3))), m.weights("b", 2))),
                        "(Add)", "[1, 2, 1, 1]"),
                bad(m -> m.last("MaxPool", List.of("x"), ints("kernel_shape", 2, 3)), "(MaxPool)", "square windows"),
                bad(m -> m.last("MaxPool", List.of("x")), "kernel_shape"),
                bad(m -> m.last("MaxPool", List.of("x"), ints("kernel_shape", 3, 3), ints("strides", 2, 2),
                        integer("ceil_mode", 1)), "ceil_mode"),
                bad(m -> m.last("AveragePool", List.of("x"), ints("kernel_shape", 3, 3), ints("strides", 2, 2),
                        text("auto_pad", "SAME_UPPER")), "(AveragePool)", "equal pads"),
                bad(m -> m.last("LeakyRelu", List.of("x"), number("alpha", -1)), "(LeakyRelu)", "slope"),
                bad(m -> m.last("BatchNormalization", List.of("x", m.weights("s", 4), m.weights("b", 4), m.weights("m", 4),
                        m.weights("v", 4)), integer("training_mode", 1)), "training_mode", "needed 0"),
                bad(m -> m.last("BatchNormalization", List.of("x", m.weights("s", 4), m.weights("b", 3), m.weights("m", 4),
                        m.weights("v", 4))), "(BatchNormalization)", "bias", "[4]"),
                bad(m -> m.last("Dropout", List.of("x", m.initializer("r", new float[] {2}))), "(Dropout)", "probability"));
    }

    static Stream<Bad> constants() {
        return Stream.of(
                conv(w -> w.setDataType(DataType.FLOAT16_VALUE), "constant \"w\"", "FLOAT16", "needed FLOAT"),
                conv(w -> w.setDataType(99), "constant \"w\"", "99"),
                conv(w -> w.setDataType(DataType.DOUBLE_VALUE), "DOUBLE"),
                conv(w -> w.setDataLocation(DataLocation.EXTERNAL), "data in another file", "inside the model file"),
                conv(w -> w.addExternalDataBuilder().setKey("location").setValue("/etc/passwd"), "data in another file"),
                conv(w -> w.setDims(0, 2), "constant \"w\"", "36 elements", "needed 72"),
                conv(w -> w.setDims(0, -1), "[-1, 4, 3, 3]", "0 or more"),
                conv(w -> w.setDims(0, 1L << 40), "32 bits"),
                conv(w -> w.setDims(0, 1 << 20).setDims(1, 1 << 20), "2^31 - 1"),
                conv(w -> w.setDims(0, 0).clearFloatData(), "(Conv)", "outChannels"),
                conv(w -> w.setRawData(ByteString.copyFrom(new byte[143])), "143 bytes", "needed 144"),
                conv(w -> w.setDataType(DataType.INT64_VALUE), "constant \"w\"", "0 elements"),
                bad(m -> {
                    m.weights("w", 1);
                    m.weights("w", 1);
                }, "constant \"w\"", "twice"),
                bad(m -> m.last("Reshape", List.of("x", m.constant(tensor("", new float[] {2, -1}, 2)))), "list of integers"),
                bad(m -> m.last("Reshape", List.of("x", m.node("ConstantOfShape",
                        List.of(m.constant(integers("", 1 << 15, 1 << 15)))))), "(ConstantOfShape)", "KiB of memory"),
                bad(m -> m.node("Tile", List.of(m.weights("w", 4), m.constant(integers("", 1 << 30)))), "(Tile)"),
                bad(m -> m.node("Range", List.of(m.constant(Models.scalar(0)), m.constant(Models.scalar(Long.MAX_VALUE)),
                        m.constant(Models.scalar(1)))), "(Range)", "2^31"),
                bad(m -> m.node("Range", List.of(m.constant(Models.scalar(0)), m.constant(Models.scalar(5)),
                        m.constant(Models.scalar(0)))), "(Range)"),
                bad(m -> m.node("Div", List.of(m.constant(Models.scalar(1)), m.constant(Models.scalar(0)))), "(Div)", "divisor"),
                bad(m -> m.node("Concat", List.of()), "(Concat)", "inputs", "at least one"),
                bad(m -> m.node("Gather", List.of(m.weights("w", 4), m.constant(Models.scalar(4)))), "(Gather)", "index"),
                bad(m -> m.node("Add", List.of(m.weights("w", 4), m.weights("v", 3))), "(Add)", "broadcast"));
    }

    private static Bad joined(float[] values, String operator, String... said) {
        return bad(m -> {
            m.initializer("c", values, 2, 1, 6, 6);
            String joined = m.node("Concat", List.of("x", "c"), integer("axis", 1));
            m.last(operator, operator.equals("Conv") ? List.of(joined, m.weights("w", 1, 5, 3, 3)) : List.of(joined));
        }, said);
    }

    private static float[] pixels(IntToDoubleFunction value) {
        float[] values = new float[72];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.applyAsDouble(i % 36);
        }
        return values;
    }

    static Stream<Bad> coordinates() {
        return Stream.of(
                joined(pixels(i -> i % 6 * (i % 6)), "Conv", "(Concat)", "channel 0", "affine ramp"),
                joined(pixels(i -> i % 6 + 0.001 * (i / 6)), "Conv", "(Concat)", "affine ramp"),
                joined(pixels(i -> i % 6 + (i % 6 == 3 ? 1e-5 : 0)), "Conv", "(Concat)", "affine ramp"),
                joined(pixels(i -> i == 7 ? Double.NaN : 0), "Conv", "(Concat)", "NaN"),
                joined(pixels(i -> 0), "Relu", "(Relu)", "joined", "Conv or ConvTranspose"),
                joined(pixels(i -> 0), "Shape", "(Shape)", "joined"),
                bad(m -> m.last("Concat", List.of("x", m.initializer("c", new float[72], 2, 1, 6, 6)), integer("axis", 1)),
                        "(Concat)", "a Conv or ConvTranspose after it"),
                bad(m -> m.node("Concat", List.of("x", m.initializer("c", new float[48], 2, 4, 6, 1)), integer("axis", 3)),
                        "(Concat)", "join as channels"),
                bad(m -> m.node("Concat", List.of("x", m.initializer("c", new float[36], 1, 1, 6, 6)), integer("axis", 1)),
                        "(Concat)", "[2, 4, 6, 6]"),
                bad(m -> {
                    m.initializer("c", new float[72], 2, 1, 6, 6);
                    m.node("Concat", List.of("c", "x", "c"), integer("axis", 1));
                }, "(Concat)", "one side"));
    }

    @ParameterizedTest
    @MethodSource({"structure", "operators", "constants", "coordinates"})
    void saysWhatItCannotRead(Bad bad) {
        OnnxException refusal = assertThrows(OnnxException.class, () -> bad.model().read(folder));
        String message = refusal.getMessage();
        assertTrue(message.startsWith(folder.resolve("model.onnx") + ": "), message);
        for (String part : bad.said()) {
            assertTrue(message.contains(part), message + " should say " + part);
        }
        assertTrue(message.contains("given") && message.contains("needed"), message);
    }

    @Test
    void aShapeThatDoesNotFitTheModel() {
        Models model = Models.of(0, 4, 6, 0);
        model.last("Relu", List.of("x"));
        for (Shape wrong : List.of(Shape.of(1, 4, 5, 6), Shape.of(1, 4, 6), Shape.of(1, 3, 6, 6))) {
            OnnxException refusal = assertThrows(OnnxException.class, () -> model.read(folder, wrong));
            assertTrue(refusal.getMessage().contains("[?, 4, 6, ?]"), refusal.getMessage());
        }
    }

    @Test
    void namesOfAHostileFileAreMadeFitForATerminal() {
        Models model = Models.of(1, 1);
        model.named("Tanh\u001b[2J\n", "\u001b[31m" + "long".repeat(1000), List.of("x"), "y");
        OnnxException refusal = assertThrows(OnnxException.class, () -> model.read(folder));
        assertFalse(refusal.getMessage().chars().anyMatch(c -> c < ' '), refusal.getMessage());
        assertTrue(refusal.getMessage().length() < 1000);
    }

    @Test
    void filesThatAreNoModels() throws IOException {
        assertThrows(NoSuchFileException.class, () -> OnnxImport.read(folder.resolve("missing.onnx")));
        List<byte[]> contents = new ArrayList<>(List.of(new byte[0], "not a model".getBytes(), new byte[100]));
        Models model = Models.of(1, 4);
        model.last("Relu", List.of("x"));
        contents.add(model.model().clearGraph().build().toByteArray());
        contents.add(model.model().clearOpsetImport().build().toByteArray());
        contents.add(model.model().clearOpsetImport().addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(3)).build().toByteArray());
        // A field that says it is 2^31 - 1 bytes long.
        contents.add(new byte[] {0x3a, -1, -1, -1, -1, 7, 0});
        // The model twice over: protobuf would merge the two.
        contents.add(twice(model.toBytes()));
        // A million nodes in two megabytes.
        byte[] nodes = new byte[(2 << 20) + 5];
        Arrays.fill(nodes, 5, nodes.length, (byte) 0);
        nodes[0] = 0x3a;
        int length = nodes.length - 5;
        for (int i = 1; i < 5; i++) {
            nodes[i] = (byte) (length & 0x7f | (i < 4 ? 0x80 : 0));
            length >>= 7;
        }
        for (int i = 5; i < nodes.length; i += 2) {
            nodes[i] = 0x0a;
        }
        contents.add(nodes);
        for (byte[] content : contents) {
            Path file = Files.write(folder.resolve("bad.onnx"), content);
            OnnxException refusal = assertThrows(OnnxException.class, () -> OnnxImport.read(file));
            assertTrue(refusal.getMessage().contains("needed"), refusal.getMessage());
        }
    }

    private static byte[] twice(byte[] model) {
        byte[] both = Arrays.copyOf(model, 2 * model.length);
        System.arraycopy(model, 0, both, model.length, model.length);
        return both;
    }
}

package coordconv.onnx;

import static coordconv.onnx.Models.integer;
import static coordconv.onnx.Models.integers;
import static coordconv.onnx.Models.ints;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
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

    private static Bad relu(Consumer<Models> content, String... said) {
        return bad(m -> {
            m.last("Relu", List.of("x"));
            content.accept(m);
        }, said);
    }

    static Stream<Bad> structure() {
        return Stream.of(
                bad(m -> m.last("Det", List.of("x")), "node \"Det\" (Det)", "operator", "one of [Abs, Add"),
                bad(m -> m.graph.addNodeBuilder().setOpType("Relu").setDomain("com.microsoft").addInput("x").addOutput("y"),
                        "domain", "com.microsoft"),
                bad(m -> m.last("Conv", List.of(m.node("Relu", List.of("x")), m.node("Sigmoid", List.of("x")))),
                        "(Conv)", "weights", "a value that is computed"),
                bad(m -> m.last("Relu", List.of("nowhere")), "\"nowhere\"", "some node computes"),
                bad(m -> m.named("Relu", "r", List.of("x"), "z"), "output of the model", "\"y\""),
                relu(m -> m.named("Relu", "r", List.of("x"), "x"), "output", "\"x\"", "not in use"),
                relu(m -> m.named("Relu", "r", List.of("x"), "y"), "output", "\"y\"", "not in use"),
                bad(m -> m.last("Add", List.of("x", m.named("Relu", "r", List.of("y"), "z"))), "\"r\"", "cycles"),
                relu(m -> m.graph.addInput(Models.info("x", 1)), "input \"x\"", "twice"),
                relu(m -> m.graph.setInput(0, Models.info("x", 0, 4, 0, 6)), "[?, 4, ?, 6]", "argument of the import"),
                relu(m -> m.graph.setInput(0, Models.info("x", 1, 1 << 20, 1 << 20)), "2147483639 elements"),
                relu(m -> m.graph.getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder()
                        .setElemType(DataType.DOUBLE_VALUE), "input \"x\"", "DOUBLE", "FLOAT16"),
                relu(m -> m.operatorSet(29), "operator set", "29", "1 to 28"),
                relu(m -> m.operatorSet(5), "(Relu)", "operator set", "6 or later"),
                relu(m -> m.graph.addSparseInitializerBuilder(), "sparse"),
                bad(m -> m.last("Identity", List.of(m.weights("w", 2))), "outputs of the model", "constants"),
                bad(m -> m.last("Reshape", List.of("x", m.constant(integers("", 2, -1, -1)))), "(Reshape)", "at most one -1"),
                bad(m -> m.last("Reshape", List.of("x", m.constant(integers("", 2, 7)))), "(Reshape)", "288 elements"),
                bad(m -> m.last("Reshape", List.of("x", "x")), "shape", "a value that is computed"),
                bad(m -> m.last("Softmax", List.of("x"), integer("axis", 4)), "(Softmax)", "axis"),
                bad(m -> m.last("Expand", List.of("x", m.constant(integers("", 1, 4, 12, 6)))), "(Expand)", "shape"),
                bad(m -> m.last("Slice", List.of("x", m.constant(integers("", 0)), m.constant(integers("", 9)),
                        m.constant(integers("", 2)), m.constant(integers("", 0)))), "(Slice)", "step 0"),
                bad(m -> m.last("Dropout", List.of("x", m.initializer("r", new float[] {0.5f}), m.constant(
                        Models.scalar(1).toBuilder().setDataType(DataType.BOOL_VALUE).clearInt64Data().addInt32Data(1).build()))),
                        "(Dropout)", "training_mode"),
                bad(m -> m.last("Squeeze", List.of("x", m.constant(integers("", 1)))), "(Squeeze)", "extent 1"));
    }

    static Stream<Bad> operators() {
        return Stream.of(
                bad(m -> m.last("Conv", List.of("x", m.node("Det", List.of(m.weights("w", 1, 4, 3, 3))))),
                        "(Det)", "operator on constants"),
                bad(m -> m.last("Conv", List.of(m.weights("w", 1, 4, 3, 3), "x")), "(Conv)", "first input", "a constant"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3))), "(Conv)", "[O, C, KH, KW]"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 3, 3, 3))), "(Conv)", "4 input channels"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3), m.weights("b", 2))), "bias", "[1]"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), ints("kernel_shape", 2, 3)), "kernel_shape"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), ints("strides", 1)), "strides", "2 numbers"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), ints("strides", 0, 1)), "strides", "at least 1"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), ints("strides", 1L << 40, 1)), "32 bits"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), ints("pads", 0, -1, 0, 0)), "padding", "-1"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), integer("strides", 1)), "strides", "INTS"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), integer("group", 1L << 33)), "group"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), text("auto_pad", "SOME")), "auto_pad", "SOME"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), text("auto_pad", "VALID"),
                        ints("pads", 1, 0, 0, 0)), "auto_pad and pads"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 3, 3)), integer("novelty", 1)), "novelty", "not known"),
                bad(m -> m.last("Conv", List.of("x", m.weights("w", 1, 4, 9, 9))), "(Conv)", "kernel extent"),
                bad(m -> m.last("ConvTranspose", List.of("x", m.weights("w", 3, 1, 3, 3))), "4 input channels"),
                bad(m -> m.last("ConvTranspose", List.of("x", m.weights("w", 4, 1, 3, 3)), ints("output_shape", 9, 0)), "output_shape"),
                bad(m -> m.last("ConvTranspose", List.of("x", m.weights("w", 4, 1, 3, 3)), ints("output_padding", 1, -3)), "output_padding"),
                bad(m -> m.last("Gemm", List.of("x", m.weights("w", 4, 3))), "(Gemm)", "[N, F] and [F, O]"),
                bad(m -> m.last("Gemm", List.of(m.node("Flatten", List.of("x")), m.weights("w", 144, 3)), integer("transA", 1)),
                        "(Gemm)", "[N, F] and [F, O]"),
                bad(m -> m.last("Gemm", List.of(m.node("Flatten", List.of("x")), m.weights("w", 144, 3), m.weights("c", 5, 3))),
                        "(Gemm)", "broadcast"),
                bad(m -> m.last("Add", List.of(m.node("Conv", List.of("x", m.weights("w", 2, 4, 3, 3))), m.weights("b", 3))),
                        "(Add)", "given"),
                bad(m -> m.last("MaxPool", List.of("x")), "kernel_shape"),
                bad(m -> m.last("BatchNormalization", List.of("x", m.weights("s", 4), m.weights("b", 4), m.weights("m", 4),
                        m.weights("v", 4)), integer("training_mode", 1)), "training_mode", "needed 0"),
                bad(m -> m.last("BatchNormalization", List.of("x", m.weights("s", 4), m.weights("b", 3), m.weights("m", 4),
                        m.weights("v", 4))), "(BatchNormalization)", "bias", "[4]"),
                bad(m -> m.last("Dropout", List.of("x", m.initializer("r", new float[] {2}))), "(Dropout)", "probability"));
    }

    static Stream<Bad> constants() {
        return Stream.of(
                conv(w -> w.setDataType(DataType.FLOAT16_VALUE), "constant \"w\"", "0 elements"),
                conv(w -> w.setDataType(99), "constant \"w\"", "99"),
                conv(w -> w.setDataType(DataType.DOUBLE_VALUE), "0 elements"),
                conv(w -> w.setDataType(DataType.STRING_VALUE), "STRING", "needed FLOAT"),
                conv(w -> w.setDataLocation(DataLocation.EXTERNAL), "data in one place"),
                conv(w -> w.addExternalDataBuilder().setKey("location").setValue("/etc/passwd"), "data in one place"),
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
                bad(m -> m.last("Tile", List.of(m.weights("w", 4), m.constant(integers("", 1 << 30)))), "(Tile)"),
                bad(m -> m.last("Range", List.of(m.constant(Models.scalar(0)), m.constant(Models.scalar(Long.MAX_VALUE)),
                        m.constant(Models.scalar(1)))), "(Range)", "2^31"),
                bad(m -> m.last("Range", List.of(m.constant(Models.scalar(0)), m.constant(Models.scalar(5)),
                        m.constant(Models.scalar(0)))), "(Range)"),
                bad(m -> m.last("Div", List.of(m.constant(Models.scalar(1)), m.constant(Models.scalar(0)))), "(Div)", "divisor"),
                bad(m -> m.last("Concat", List.of()), "(Concat)", "inputs", "at least one"),
                bad(m -> m.last("Gather", List.of(m.weights("w", 4), m.constant(Models.scalar(4)))), "(Gather)", "index"),
                bad(m -> m.last("Add", List.of(m.weights("w", 4), m.weights("v", 3))), "(Add)", "broadcast"));
    }

    static Stream<Bad> coordinates() {
        return Stream.of(
                bad(m -> m.last("Concat", List.of("x", m.initializer("c", new float[48], 2, 4, 6, 1)), integer("axis", 2)),
                        "(Concat)", "equal but for axis"),
                bad(m -> m.last("Concat", List.of("x", m.initializer("c", new float[36], 1, 1, 6, 6)), integer("axis", 1)),
                        "(Concat)", "equal but for axis"));
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
        for (Path path : List.of(folder.resolve("missing.onnx"), folder)) {
            OnnxException refusal = assertThrows(OnnxException.class, () -> OnnxImport.read(path));
            assertTrue(refusal.getMessage().startsWith(path + ": file: given a"), refusal.getMessage());
        }
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

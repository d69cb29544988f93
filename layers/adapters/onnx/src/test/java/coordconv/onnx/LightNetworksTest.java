package coordconv.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The nine networks of the ONNX project's test data, where a copy of {@code onnx/backend/test/data/light} is: as they
 * are, with weights that are all alike, and with random ones, against ONNX Runtime.
 */
class LightNetworksTest {
    /** Of the largest output; a hundred layers of sums in another order stay far below. */
    private static final double TOLERANCE = 1e-4;
    private static final String FOLDER = System.getProperty("onnx.light", System.getenv().getOrDefault("ONNX_LIGHT", ""));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bvlc_alexnet", "densenet121", "inception_v1", "inception_v2", "resnet50", "shufflenet", "squeezenet",
        "vgg19", "zfnet512"})
    void network(String name) throws IOException {
        Path file = Path.of(FOLDER).resolve("light_" + name + ".onnx");
        Assumptions.assumeTrue(!FOLDER.isEmpty() && Files.isRegularFile(file), "There is no " + file + ": set ONNX_LIGHT to the folder"
                + " onnx/backend/test/data/light of the Python package onnx to run its networks.");
        Assumptions.assumeTrue(!name.equals("vgg19") || Runtime.getRuntime().maxMemory() > 3L << 30, "It takes a heap of 3 GiB.");
        byte[] model = Files.readAllBytes(file);
        compare(file, 1);
        compare(Files.write(folder.resolve("random.onnx"), withRandomWeights(model)), 2);
    }

    private static void compare(Path file, long seed) throws IOException {
        OnnxNetwork read = OnnxImport.read(file);
        String input = read.inputs().keySet().iterator().next();
        Shape shape = read.inputs().get(input);
        Map<String, Tensor> x = Map.of(input, Networks.input(shape, seed));
        Map<String, float[]> expected = OnnxRuntime.run(file, x);
        Map<String, float[]> given = Networks.infer(read, x);
        assertEquals(expected.keySet(), given.keySet());
        expected.forEach((name, values) -> {
            double largest = 0;
            double worst = 0;
            for (int i = 0; i < values.length; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
                worst = Math.max(worst, Math.abs((double) values[i] - given.get(name)[i]));
            }
            assertTrue(largest > 0 && worst <= TOLERANCE * largest, file + ", " + name + ": worst " + worst + " of " + largest);
        });
    }

    /** Weights come from ConstantOfShape: random ones of the same shape, of a size that keeps values in range, take their place. */
    private static byte[] withRandomWeights(byte[] bytes) throws IOException {
        ModelProto.Builder model = ModelProto.parseFrom(bytes).toBuilder();
        Map<String, long[]> shapes = new HashMap<>();
        model.getGraph().getInitializerList().forEach(tensor -> shapes.put(tensor.getName(), integers(tensor)));
        Set<String> variances = new HashSet<>();
        model.getGraph().getNodeList().stream().filter(node -> node.getOpType().equals("BatchNormalization"))
                .forEach(node -> variances.add(node.getInput(4)));
        Random random = new Random(9);
        List<NodeProto> nodes = List.copyOf(model.getGraph().getNodeList());
        model.getGraphBuilder().clearNode();
        for (NodeProto node : nodes) {
            if (node.getOpType().equals("ConstantOfShape") && shapes.containsKey(node.getInput(0))) {
                model.getGraphBuilder().addInitializer(weights(node.getOutput(0), shapes.get(node.getInput(0)),
                        variances.contains(node.getOutput(0)), random));
            } else {
                model.getGraphBuilder().addNode(node);
            }
        }
        return model.build().toByteArray();
    }

    private static long[] integers(TensorProto tensor) {
        if (tensor.getDataType() != DataType.INT64_VALUE) {
            return new long[0];
        }
        if (!tensor.hasRawData()) {
            return tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
        }
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return Stream.generate(raw::getLong).limit(raw.remaining() / Long.BYTES).mapToLong(Long::longValue).toArray();
    }

    private static TensorProto weights(String name, long[] shape, boolean positive, Random random) {
        int count = 1;
        int fanIn = 1;
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT_VALUE);
        for (int axis = 0; axis < shape.length; axis++) {
            count *= (int) shape[axis];
            fanIn *= axis > 0 ? (int) shape[axis] : 1;
            tensor.addDims(shape[axis]);
        }
        float scale = shape.length > 1 ? (float) Math.sqrt(6.0 / fanIn) : 1;
        ByteBuffer raw = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            raw.putFloat(positive || shape.length == 1 ? 0.5f + random.nextFloat() : scale * (random.nextFloat() - 0.5f) * 2);
        }
        return tensor.setRawData(ByteString.copyFrom(raw.flip())).build();
    }
}

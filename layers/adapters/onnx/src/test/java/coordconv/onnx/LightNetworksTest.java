package coordconv.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.onnx.bounds.BoundedModel;
import coordconv.onnx.bounds.BoundedModel.Distance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The nine networks of the ONNX project's test data, where a copy of {@code onnx/backend/test/data/light} is: as they
 * are, against the outputs that come with them, and with random weights against ONNX Runtime and double precision.
 */
class LightNetworksTest {
    /** The relative tolerance of the ONNX project's runner for these networks; its absolute one is 1e-7. */
    private static final double PUBLISHED = 1e-3;
    /** Wide linear layers would take most of the memory and add nothing: they become this narrow. */
    private static final long WIDE = 4096;
    private static final long NARROW = 96;
    private static final String FOLDER = System.getProperty("onnx.light", System.getenv().getOrDefault("ONNX_LIGHT", ""));

    @TempDir
    Path folder;

    private static Path file(String name) {
        Path file = Path.of(FOLDER).resolve("light_" + name + ".onnx");
        Assumptions.assumeTrue(!FOLDER.isEmpty() && Files.isRegularFile(file), "There is no " + file + ": set ONNX_LIGHT to the folder"
                + " onnx/backend/test/data/light of the Python package onnx to run its networks.");
        return file;
    }

    /** The project's runner gives them numbers that rise from 0 to 1. */
    @ParameterizedTest
    @ValueSource(strings = {"bvlc_alexnet", "densenet121", "inception_v1", "inception_v2", "resnet50", "shufflenet", "squeezenet",
        "vgg19", "zfnet512"})
    void publishedOutputs(String name) throws IOException {
        Path file = file(name);
        OnnxNetwork read = OnnxImport.read(file);
        Shape shape = read.input();
        float[] x = new float[shape.elements()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) ((double) i / x.length);
        }
        TensorProto published = TensorProto.parseFrom(Files.readAllBytes(file.resolveSibling("light_" + name + "_output_0.pb")));
        ByteBuffer expected = published.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        float[] y = Networks.infer(read.network(), Tensor.of(x, shape));
        assertEquals(expected.remaining(), y.length * Float.BYTES);
        for (float value : y) {
            float wanted = expected.getFloat();
            assertEquals(wanted, value, 1e-7 + PUBLISHED * Math.abs(wanted));
        }
    }

    /**
     * Both engines show what they computed wherever no layers are fused, and each of those values is held against double
     * precision under the bound of its own node's roundings. What the network gives without showing anything has to be
     * the same to the bit, so that the bounds hold for it too.
     */
    @ParameterizedTest
    @ValueSource(strings = {"bvlc_alexnet", "densenet121", "inception_v1", "inception_v2", "resnet50", "shufflenet", "squeezenet",
        "vgg19", "zfnet512"})
    void randomWeights(String name, TestReporter reporter) throws IOException {
        ModelProto model = withRandomWeights(ModelProto.parseFrom(Files.readAllBytes(file(name))));
        // A softmax over large numbers hides what comes before it.
        NodeProto last = model.getGraph().getNodeList().getLast();
        String output = last.getOpType().equals("Softmax") ? last.getInput(0) : last.getOutput(0);
        if (!output.equals(last.getOutput(0))) {
            model = model.toBuilder().setGraph(model.getGraph().toBuilder().addOutput(Models.unshaped(output))).build();
        }
        Path plain = Files.write(folder.resolve("plain.onnx"), model.toByteArray());
        byte[] showing = OnnxRuntime.showing(model).toByteArray();
        Path shown = Files.write(folder.resolve("shown.onnx"), showing);
        OnnxNetwork network = OnnxImport.read(plain);
        Map<String, Tensor> x = Map.of(network.inputs().keySet().iterator().next(), Networks.input(network.input(), 1));
        Map<String, float[]> ours = Networks.infer(OnnxImport.read(shown), x);
        Map<String, float[]> runtime = OnnxRuntime.run(shown, x);
        assertEquals(runtime.keySet(), ours.keySet());
        BoundedModel inDouble = BoundedModel.of(showing);
        Distance distance = inDouble.distance(x, ours);
        Distance ofRuntime = inDouble.distance(x, runtime);
        Map<String, float[]> plainly = Networks.infer(network, x);
        float[] y = plainly.get(output);
        float[] other = OnnxRuntime.run(plain, x).get(output);
        double[] exact = inDouble.run(x, output);
        reporter.publishEntry(name, "largest output " + largest(exact) + "; off from double: ours " + worst(y, exact)
                + ", ONNX Runtime " + worst(other, exact) + "; of the bounds ours reaches " + distance + ", ONNX Runtime " + ofRuntime);
        assertTrue(distance.share() <= 1 && distance.bounded() > 0, "ours: " + distance);
        assertTrue(ofRuntime.share() <= 1, "ONNX Runtime: " + ofRuntime);
        plainly.forEach((value, values) -> assertArrayEquals(ours.get(value), values, value));
    }

    private static double largest(double... values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private static double worst(float[] y, double... expected) {
        return IntStream.range(0, y.length).mapToDouble(i -> Math.abs(y[i] - expected[i])).max().orElseThrow();
    }

    /** Weights come from ConstantOfShape: random ones of the same shape, of a size that keeps values in range, take their place. */
    private static ModelProto withRandomWeights(ModelProto network) {
        ModelProto.Builder model = network.toBuilder();
        Map<String, long[]> shapes = new HashMap<>();
        model.getGraph().getInitializerList().forEach(tensor -> shapes.put(tensor.getName(),
                Arrays.stream(integers(tensor)).map(extent -> extent == WIDE ? NARROW : extent).toArray()));
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
        return model.build();
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

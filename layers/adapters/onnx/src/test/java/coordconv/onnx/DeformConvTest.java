package coordconv.onnx;

import static coordconv.onnx.Models.integer;
import static coordconv.onnx.Models.ints;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import coordconv.kernels.Activation;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.OffsetOrder;
import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.convolution.Deformation;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.onnx.OnnxExport.Batch;
import coordconv.onnx.model.OnnxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DeformConv read and written. */
class DeformConvTest {
    private static final float[] RISING = {0, 1, 2, 3, 4, 5, 6, 7, 8};

    @TempDir
    Path folder;

    /** A case of the ONNX project, test_basic_deform_conv_* and test_deform_conv_* of its operator tests. */
    private record Case(float[] x, int channels, int pad, float[] offsets, float[] bias, float[] mask, int deformable, float[] y) {
        int out() {
            return 2 + 2 * pad;
        }
    }

    private static float[] with(float fill, int length, int at, float value, int other, float otherValue) {
        float[] values = new float[length];
        Arrays.fill(values, fill);
        values[at] = value;
        values[other] = otherValue;
        return values;
    }

    /** A kernel of ones over 2 x 2; one tap is moved down by a half, another left by a tenth. */
    static Stream<Case> cases() {
        float[] both = new float[18];
        for (int i = 0; i < 9; i++) {
            both[i] = i;
            both[9 + i] = 8 - i;
        }
        return Stream.of(
                new Case(RISING, 1, 1, with(0, 8 * 16, 0, 0.5f, 5 * 16 + 6, -0.1f), null, null, 1,
                        new float[] {0, 1, 3, 2, 3, 8, 11.9f, 7, 9, 20, 24, 13, 6, 13, 15, 8}),
                new Case(RISING, 1, 0, with(0, 8 * 4, 0, 0.5f, 5 * 4 + 1, -0.1f), null, null, 1, new float[] {9.5f, 11.9f, 20, 24}),
                new Case(RISING, 1, 0, with(0, 8 * 4, 0, 0.5f, 5 * 4 + 1, -0.1f), new float[] {1}, with(1, 4 * 4, 0, 1, 2 * 4 + 3, 0.2f), 1,
                        new float[] {10.5f, 12.9f, 21, 19.4f}),
                new Case(both, 2, 0, with(0, 16 * 4, 0, 0.5f, 13 * 4 + 1, -0.1f), null, null, 2, new float[] {33.5f, 32.1f, 32, 32}));
    }

    private static Models model(Case c, int operatorSet, boolean stored) {
        Models model = Models.of(1, c.channels, 3, 3).operatorSet(operatorSet);
        float[] ones = new float[4 * c.channels];
        Arrays.fill(ones, 1);
        List<String> inputs = new ArrayList<>(List.of("x", model.initializer("w", ones, 1, c.channels, 2, 2)));
        inputs.add(sampling(model, "offset", c.offsets, stored, 8 * c.deformable, c.out()));
        if (c.mask != null) {
            inputs.add(model.initializer("b", c.bias, 1));
            inputs.add(sampling(model, "mask", c.mask, stored, 4 * c.deformable, c.out()));
        }
        model.last("DeformConv", inputs, ints("kernel_shape", 2, 2), ints("pads", c.pad, c.pad, c.pad, c.pad),
                integer("offset_group", c.deformable));
        return model;
    }

    private static String sampling(Models model, String name, float[] values, boolean stored, int channels, int size) {
        if (stored) {
            return model.initializer(name, values, 1, channels, size, size);
        }
        model.graph.addInput(Models.info(name, 1, channels, size, size));
        return name;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void casesOfTheOnnxProject(Case c) throws IOException {
        for (int operatorSet : new int[] {19, 22}) {
            for (boolean stored : new boolean[] {true, false}) {
                OnnxNetwork read = model(c, operatorSet, stored).read(folder);
                Map<String, Tensor> given = new LinkedHashMap<>();
                given.put("x", Tensor.of(c.x.clone(), Shape.of(1, c.channels, 3, 3)));
                given.put("offset", Tensor.of(c.offsets.clone(), Shape.of(1, 8 * c.deformable, c.out(), c.out())));
                if (c.mask != null) {
                    given.put("mask", Tensor.of(c.mask.clone(), Shape.of(1, 4 * c.deformable, c.out(), c.out())));
                }
                assertEquals(stored ? 1 : given.size(), read.inputs().size());
                // Some ten roundings of the largest sum.
                assertArrayEquals(c.y, Networks.infer(read, given).get("y"), 10 * 40 * 0x1p-24f);
            }
        }
    }

    private static Graph alone(DeformableConv2d layer) {
        Graph.Builder graph = Graph.builder();
        Graph.Value x = graph.input("x");
        Graph.Value offsets = graph.input("offsets");
        Graph.Value y = layer.deformation().masked() ? graph.add("conv", layer, x, offsets, graph.input("mask"))
                : graph.add("conv", layer, x, offsets);
        return graph.output("y", y).build();
    }

    static Stream<DeformableConv2d> layers() {
        ConvSpec spec = ConvSpec.of(4, 6, 3).withPadding(1);
        ConvSpec uneven = ConvSpec.of(4, 2, 3).withKernel(3, 2).withPadding(1, 0, 2, 1).withStride(2, 1).withDilation(1, 2).withGroups(2);
        return Stream.of(new DeformableConv2d(spec, Deformation.V2),
                new DeformableConv2d(spec.withBias(false), Deformation.V2),
                new DeformableConv2d(spec.withBias(false), Deformation.V1),
                new DeformableConv2d(spec.withActivation(Activation.leakyRelu(0.1f)), Deformation.V1.withOrder(OffsetOrder.COLUMN_FIRST)),
                new DeformableConv2d(uneven, Deformation.V2.withGroups(4)),
                new DeformableConv2d(spec.withActivation(Activation.RELU), Deformation.V2.withGroups(3), CoordPreset.PADDLE));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void layersReadBackGiveTheSame(DeformableConv2d layer) throws IOException {
        Graph network = alone(layer);
        Networks.filled(network, 3);
        int taps = layer.spec().kernelHeight() * layer.spec().kernelWidth() * layer.deformation().groups();
        Shape x = Shape.of(2, 4, 6, 8);
        int rows = layer.spec().strideHeight() == 2 ? 3 : 6;
        List<Shape> shapes = new ArrayList<>(List.of(x, Shape.of(2, 2 * taps, rows, layer.spec().strideHeight() == 2 ? 9 : 8)));
        if (layer.deformation().masked()) {
            shapes.add(Shape.of(2, taps, rows, shapes.get(1).extent(3)));
        }
        for (Batch batch : Batch.values()) {
            Path file = folder.resolve("network.onnx");
            OnnxExport.write(network, shapes, batch, file);
            Map<String, Tensor> given = new LinkedHashMap<>();
            Map<String, Shape> named = new LinkedHashMap<>();
            for (Graph.Value input : network.inputs()) {
                given.put(input.source(), Networks.input(shapes.get(given.size()), 20 + given.size()));
                named.put(input.source(), given.get(input.source()).shape());
            }
            network.configure(shapes, Execution.INFERENCE, false);
            float[] y = network.forward(given.values().toArray(Tensor[]::new), Phase.INFERENCE)[0].data().clone();
            OnnxNetwork read = OnnxImport.read(file, named);
            assertArrayEquals(y, Networks.infer(read, given).get("y"));
            List<Layer> flat = Networks.flat(read.network());
            assertTrue(flat.stream().anyMatch(DeformableConv2d.class::isInstance), flat.toString());
            // Coordinates are recognised, not stored.
            DeformableConv2d back = assertInstanceOf(DeformableConv2d.class,
                    flat.stream().filter(DeformableConv2d.class::isInstance).findFirst().orElseThrow());
            assertEquals(layer.coords(6, 8).count(), back.coords(6, 8).count());
        }
    }

    @ParameterizedTest
    @MethodSource("presets")
    void exampleNetworks(CoordPreset predictorCoords) throws IOException {
        Graph network = ExampleNetworks.dcn2Deformable(predictorCoords);
        Networks.filled(network, 4);
        Tensor x = Networks.input(Shape.of(2, 3, 32, 32), 5);
        Path file = folder.resolve("network.onnx");
        OnnxExport.write(network, List.of(x.shape()), Batch.ANY, file);
        float[] y = Networks.infer(network, x);
        OnnxNetwork read = OnnxImport.read(file, x.shape());
        assertArrayEquals(y, Networks.infer(read.network(), x));
        assertEquals(network.state().keySet(), read.network().state().keySet());
    }

    static Stream<CoordPreset> presets() {
        return Stream.of(CoordPreset.NONE, CoordPreset.PADDLE);
    }

    @Test
    void refusals() {
        refused("kernel_shape", "[3, 3]", ints("kernel_shape", 3, 3));
        refused("groups", "[1, 1, 2, 2], 2 and 1", integer("group", 2));
        refused("offset_group", "1 and 2", integer("offset_group", 2));
        refused("offsets", "[1, 8, 2, 2]", ints("pads", 1, 1, 1, 1));
        refused("attribute", "\"surprise\"", integer("surprise", 1));
    }

    private void refused(String named, String said, AttributeProto attribute) {
        Models model = Models.of(1, 1, 3, 3).operatorSet(19);
        model.last("DeformConv", List.of("x", model.initializer("w", new float[4], 1, 1, 2, 2),
                model.initializer("offset", new float[32], 1, 8, 2, 2)), attribute);
        String message = assertThrows(OnnxException.class, () -> model.read(Files.createDirectories(folder))).getMessage();
        assertTrue(message.contains("DeformConv") && message.contains(named) && message.contains(said), message);
    }
}

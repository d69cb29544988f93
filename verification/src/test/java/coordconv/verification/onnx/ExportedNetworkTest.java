package coordconv.verification.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.TileOverImage;
import coordconv.layers.tasks.ModelKind;
import coordconv.layers.tasks.Task;
import coordconv.layers.tasks.TaskNetworks;
import coordconv.onnx.Networks;
import coordconv.onnx.OnnxExport;
import coordconv.onnx.OnnxExport.Batch;
import coordconv.onnx.OnnxRuntime;
import coordconv.verification.cases.Check;
import coordconv.verification.reference.Comparison;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Exported networks in ONNX Runtime. A bound on a whole network would grow by the norm of every layer until it
 * says nothing; so each layer is checked on the very input that ONNX Runtime gave it, under the bound of that layer.
 */
class ExportedNetworkTest {
    @ParameterizedTest
    @ValueSource(strings = {"dcn2", "MyNet"})
    void exampleNetworks(String name) {
        check(ExampleNetworks.named(name), ExampleNetworks.INPUT.withBatch(2), Batch.ANY);
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void networksOfThePaper(Task task) {
        Shape input = task == Task.REGRESSION ? Shape.of(2, 1, 64, 64) : Shape.of(2, 2);
        for (ModelKind kind : ModelKind.values()) {
            check(TaskNetworks.of(task, kind), input, Batch.ANY);
        }
    }

    @ParameterizedTest
    @EnumSource(CoordPreset.class)
    void everyPreset(CoordPreset preset) {
        for (Batch batch : Batch.values()) {
            check(Sequential.of(new CoordConv2d(ConvSpec.of(3, 4, 3).withStride(2, 1).withPadding(1, 2, 0, 1), preset),
                    new CoordConvTranspose2d(ConvSpec.of(4, 3, 3).withStride(2).withPadding(1), 1, preset)),
                    Shape.of(2, 3, 7, 10), batch);
        }
    }

    @Test
    void everyOtherLayer() {
        ConvSpec grouped = ConvSpec.of(4, 6, 3).withGroups(2).withDilation(2, 1).withPadding(2, 1).withBias(false);
        check(Sequential.builder()
                .add("stem", Sequential.of(new Conv2d(grouped), new BatchNorm2d(6, 1e-3, 0.1), new LeakyReLU(0.1f)))
                .add("pool", Sequential.of(new MaxPool2d(3, 2, 1), new AvgPool2d(3, 1, 1, false), new AvgPool2d(2, 2, 1, true)))
                .add("up", new ConvTranspose2d(ConvSpec.of(6, 4, 3).withStride(2).withGroups(2)
                        .withActivation(Activation.leakyRelu(0.3f)), 1))
                .add("softmax", new SpatialSoftmax())
                .add("sigmoid", new Sigmoid())
                .add("mean", new GlobalAvgPool2d())
                .add("flatten", new Flatten())
                .add("linear", new Linear(4, 5, Activation.RELU))
                .add("clipped", new Linear(5, 5, Activation.clippedRelu(0.25f)))
                .add("drop", new Dropout(0.5))
                .add("tile", new TileOverImage(4, 3))
                .add("relu", new ReLU()).build(), Shape.of(3, 4, 9, 11), Batch.ANY);
    }

    @Test
    void wrongWeightsOfOneCoordinateAreNoticed() {
        Sequential network = ExampleNetworks.dcn2();
        Shape input = ExampleNetworks.INPUT.withBatch(1);
        byte[] model = export(network, input, Batch.ANY);
        Parameter weight = network.parameters().get("conv4.conv.weight");
        // The middle tap of y in every row: ReLU silences some of them.
        for (int at = 66 * 9 - 5; at < weight.values().length; at += 66 * 9) {
            weight.values()[at] += 0.01f;
        }
        weight.changed();
        AssertionError found = assertThrows(AssertionError.class, () -> compare(network, model, input));
        assertTrue(found.getMessage().contains("ONNX Runtime on conv4 (CoordConv)"), found.getMessage());
    }

    private static void check(Sequential network, Shape input, Batch batch) {
        compare(network, export(network, input, batch), input);
    }

    private static byte[] export(Sequential network, Shape input, Batch batch) {
        Networks.filled(network, 17);
        return OnnxExport.toBytes(network, batch == Batch.ANY ? input.withBatch(1) : input, batch);
    }

    private static void compare(Sequential network, byte[] model, Shape input) {
        List<Layer> layers = Networks.flat(network);
        Map<String, Layer> values = new LinkedHashMap<>();
        layers.forEach(layer -> values.put(layer == layers.getLast() ? "y" : layer.path() + "/output", layer));
        float[] x = Networks.input(input, 23).data();
        Map<String, float[]> steps = OnnxRuntime.steps(model, x, values.keySet(), input.toArray());
        Shape shape = input;
        for (Map.Entry<String, Layer> each : values.entrySet()) {
            Layer layer = each.getValue();
            float[] theirs = steps.get(each.getKey());
            float[] ours = Networks.infer(layer, Tensor.of(x, shape));
            Comparison expected = LayerReference.compare(layer, x, shape, theirs);
            if (expected == null) {
                assertArrayEquals(ours, theirs, layer.toString());
            } else {
                Check.ok(expected, "ONNX Runtime on " + layer + " of " + shape);
                Check.ok(LayerReference.compare(layer, x, shape, ours), "ours on " + layer + " of " + shape);
            }
            x = theirs;
            shape = layer.outputShape(shape);
        }
    }
}

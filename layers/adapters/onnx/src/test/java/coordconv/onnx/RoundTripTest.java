package coordconv.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.activations.Unary;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.ConvolutionLayer;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.initialisers.Initialisers;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.TileOverImage;
import coordconv.layers.tasks.ModelKind;
import coordconv.layers.tasks.Task;
import coordconv.layers.tasks.TaskNetworks;
import coordconv.onnx.OnnxExport.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is exported and read back is the same network: layers, names, weights, and outputs to the last bit. */
class RoundTripTest {
    private static final Shape IMAGES = Shape.of(2, 4, 5, 6);
    private static final Activation LEAKY = Activation.leakyRelu(0.125f);

    @TempDir
    Path folder;

    private static ConvSpec spec() {
        return ConvSpec.of(4, 6, 3).withKernel(3, 2).withStride(2, 1).withPadding(1, 2, 0, 1).withDilation(1, 2);
    }

    static Stream<Sequential> networks() {
        return Stream.of(
                Sequential.of(new Conv2d(spec())),
                Sequential.of(new Conv2d(spec().withGroups(2).withBias(false).withActivation(Activation.RELU))),
                Sequential.of(new Conv2d(spec().withActivation(LEAKY)), new BatchNorm2d(6, 1e-3, 0.01), new ReLU()),
                Sequential.of(new Conv2d(spec().withActivation(Activation.clippedRelu(0.75f))), new BatchNorm2d(6, 1e-3, 0.01), Unary.relu6()),
                Sequential.of(new GlobalAvgPool2d(), new Flatten(), new Linear(4, 3, Activation.clippedRelu(0.5f)), Unary.clip(0.125f, 0.25f)),
                Sequential.of(new ConvTranspose2d(spec().withActivation(Activation.RELU)), new ReLU()),
                Sequential.of(new ConvTranspose2d(spec().withStride(3, 2).withGroups(2).withBias(false), 1)),
                Sequential.of(new CoordConvTranspose2d(spec().withStride(2), 1, CoordPreset.WIZARON)),
                Sequential.of(new CoordConv2d(spec().withGroups(2).withBias(false)), new MaxPool2d(2)),
                Sequential.of(new BatchNorm2d(4), new LeakyReLU(0.25f), new Sigmoid(), new SpatialSoftmax()),
                Sequential.of(new MaxPool2d(3, 2, 1), new AvgPool2d(2, 1, 1, false), new AvgPool2d(3, 2, 0, true)),
                Sequential.of(new GlobalAvgPool2d(), new Flatten(), new Linear(4, 3, Activation.RELU), new Dropout(0.25),
                        new Linear(3, 5, LEAKY, false, Initialisers.constant(0), Initialisers.constant(0)),
                        new TileOverImage(3, 4), new CoordConv2d(ConvSpec.of(5, 2, 1))),
                Sequential.of(new GlobalMaxPool2d(), new Reshape(2, 1, 2)),
                Sequential.builder()
                        .add("stem", Sequential.builder().add("conv", new CoordConv2d(spec()))
                                .add("norm", new BatchNorm2d(6)).build())
                        .add("middle", Sequential.of(new ReLU(), new Flatten()))
                        .add("head", new Linear(90, 2)).build());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyLayer(Sequential network) throws IOException {
        assertSame(network, roundTrip(network, IMAGES, Batch.ANY), IMAGES);
        assertSame(network, roundTrip(network, IMAGES, Batch.FIXED), IMAGES);
    }

    @ParameterizedTest
    @EnumSource(CoordPreset.class)
    void everyPreset(CoordPreset preset) throws IOException {
        for (Shape shape : List.of(Shape.of(2, 4, 7, 7), Shape.of(2, 4, 6, 9), Shape.of(1, 4, 1, 8), Shape.of(1, 4, 1, 1))) {
            CoordConv2d layer = new CoordConv2d(ConvSpec.of(4, 3, 3).withPadding(1), preset);
            Sequential read = roundTrip(Sequential.of(layer), shape, Batch.ANY);
            assertArrayEquals(Networks.infer(layer, Networks.input(shape, 1)),
                    Networks.infer(read, Networks.input(shape, 1)), preset + " " + shape);
        }
    }

    @Test
    void presetsThatDifferKeepTheirMeaningAtOtherSizes() throws IOException {
        for (CoordPreset preset : List.of(CoordPreset.PADDLE, CoordPreset.ROW_FIRST_RADIUS, CoordPreset.WIZARON,
                CoordPreset.PADDLE_DETECTION_2_2, CoordPreset.MONAI, CoordPreset.UBER_RADIUS)) {
            Sequential read = roundTrip(Sequential.of(new CoordConv2d(ConvSpec.of(4, 3, 1), preset)), IMAGES, Batch.ANY);
            CoordConv2d layer = assertInstanceOf(CoordConv2d.class, read.layer("0"));
            assertEquals(preset.channels(11, 13).count(), layer.coords(11, 13).count());
            assertEquals(preset.channels(11, 13).placement(), layer.coords(11, 13).placement());
            for (int channel = 0; channel < layer.coords(11, 13).count(); channel++) {
                assertEquals(preset.channels(11, 13).value(channel, 0, 3, 5), layer.coords(11, 13).value(channel, 0, 3, 5));
            }
        }
    }

    @Test
    void rampsOfOnesOwn() throws IOException {
        for (Placement placement : Placement.values()) {
            CoordChannels own = new CoordChannels(List.of(new Ramp(Axis.ROW, 0.1, -0.3),
                    new Ramp(Axis.COLUMN, 1 / 3.0, 0.7), new Ramp(Axis.ROW, 5, 0)), placement);
            Sequential network = Sequential.of(new CoordConv2d(spec().withInitialisers(
                    Initialisers.constant(0), Initialisers.constant(0)), own, IMAGES.extent(2), IMAGES.extent(3)));
            assertSame(network, roundTrip(network, IMAGES, Batch.ANY), IMAGES);
        }
    }

    @Test
    void rampsOfEachImage() throws IOException {
        CoordChannels own = new CoordChannels(List.of(new Ramp(Axis.COLUMN, new double[] {0.5, -2}, new double[] {0.25, 3}),
                new Ramp(Axis.ROW, 0, 1)), Placement.BEFORE);
        Sequential network = Sequential.of(new CoordConv2d(spec(), own, IMAGES.extent(2), IMAGES.extent(3)));
        assertSame(network, roundTrip(network, IMAGES, Batch.FIXED), IMAGES);
        Path file = folder.resolve("any.onnx");
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> OnnxExport.write(network, IMAGES, file));
        assertTrue(refusal.getMessage().contains("fixed batch"), refusal.getMessage());
        assertTrue(Files.notExists(file), "nothing is written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dcn2", "MyNet"})
    void exampleNetworks(String name) throws IOException {
        Sequential network = ExampleNetworks.named(name);
        assertSame(network, roundTrip(network, ExampleNetworks.INPUT.withBatch(2), Batch.ANY),
                ExampleNetworks.INPUT.withBatch(2));
        // Any other batch too.
        assertSame(network, roundTrip(network, ExampleNetworks.INPUT, Batch.ANY), ExampleNetworks.INPUT.withBatch(3));
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void networksOfThePaper(Task task) throws IOException {
        Shape input = task == Task.REGRESSION ? Shape.of(1, 1, 64, 64) : Shape.of(1, 2);
        for (ModelKind kind : ModelKind.values()) {
            Sequential network = TaskNetworks.of(task, kind);
            assertSame(network, roundTrip(network, input, Batch.ANY), input);
        }
    }

    @Test
    void aLayerAloneIsANetworkToo() throws IOException {
        Conv2d layer = new Conv2d(spec());
        Sequential read = roundTrip(layer, IMAGES, Batch.ANY);
        assertArrayEquals(Networks.infer(layer, Networks.input(IMAGES, 1)), Networks.infer(read, Networks.input(IMAGES, 1)));
    }

    @Test
    void anActivationAfterAConvolutionBecomesPartOfIt() throws IOException {
        Sequential network = Sequential.of(new Conv2d(spec()), new ReLU(), new LeakyReLU(0.5f));
        Sequential read = roundTrip(network, IMAGES, Batch.ANY);
        assertEquals(List.of("Conv2D", "LeakyReLU"), Networks.flat(read).stream().map(Layer::type).toList());
        assertArrayEquals(Networks.infer(network, Networks.input(IMAGES, 1)),
                Networks.infer(read, Networks.input(IMAGES, 1)));
    }

    @Test
    void aClipFromZeroAfterAConvolutionBecomesPartOfIt() throws IOException {
        Sequential network = Sequential.of(new Conv2d(spec()), Unary.clip(0, 0.5f), Unary.clip(0, 0.25f), new ConvTranspose2d(
                ConvSpec.of(6, 2, 2)), Unary.clip(-0.5f, 0.5f), Unary.clip(0, Float.POSITIVE_INFINITY));
        Sequential read = roundTrip(network, IMAGES, Batch.ANY);
        assertEquals(List.of("Conv2D", "Clip", "Conv2DTranspose", "Clip", "ReLU"), Networks.flat(read).stream().map(Layer::type).toList());
        assertEquals(Activation.clippedRelu(0.5f), ((ConvolutionLayer) Networks.flat(read).getFirst()).activation());
        assertArrayEquals(Networks.infer(network, Networks.input(IMAGES, 1)),
                Networks.infer(read, Networks.input(IMAGES, 1)));
    }

    @Test
    void wrongShapesAreRefusedBeforeAnythingIsWritten() {
        Path file = folder.resolve("wrong.onnx");
        Layer network = new Conv2d(spec());
        assertThrows(IllegalStateException.class, () -> OnnxExport.write(network, IMAGES, file));
        network.initialise(1);
        assertThrows(IllegalArgumentException.class, () -> OnnxExport.write(network, Shape.of(1, 3, 5, 5), file));
        assertThrows(NullPointerException.class, () -> OnnxExport.write(network, IMAGES, null, file));
        assertTrue(Files.notExists(file));
    }

    private Sequential roundTrip(Layer network, Shape input, Batch batch) throws IOException {
        Networks.filled(network, 42);
        Path file = folder.resolve("network.onnx");
        OnnxExport.write(network, input, batch, file);
        OnnxNetwork read = OnnxImport.read(file);
        assertEquals(batch == Batch.FIXED ? input : input.withBatch(1), read.input());
        return assertInstanceOf(Sequential.class, read.network());
    }

    private static void assertSame(Sequential network, Sequential read, Shape input) {
        assertEquals(network.rows(input), read.rows(input), "layers and shapes");
        network.parameters().forEach((name, parameter) ->
                assertArrayEquals(parameter.values(), read.parameters().get(name).values(), name));
        assertArrayEquals(Networks.infer(network, Networks.input(input, 7)), Networks.infer(read, Networks.input(input, 7)));
    }
}

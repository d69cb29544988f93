package coordconv.layers.networks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.ModelSummary;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.PoolSpec;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {
    /** Floats of a convolution with a kernel of that many taps, with or without bias. */
    private static long conv(int in, int out, int taps, boolean bias) {
        return (long) in * out * taps + (bias ? out : 0);
    }

    private static long parameters(String name) {
        Shape image = Networks.image(name);
        return ModelSummary.of(Networks.named(name, image), Networks.inputs(name, image)).totalParameters();
    }

    /** Of the sources that the networks' classes name; coordinates add two channels to one convolution. */
    @ParameterizedTest
    @CsvSource({"dcn2, 160065", "MyNet, 158913", "dcn2-deformable, 175644", "dcn2-deformable-coord, 176130",
            "resnet18, 11689512", "resnet18+xy, 11695784", "resnet50, 25557032", "resnet50+xy, 25563304",
            "unet, 31037698", "unet+xy, 31038850", "mobilenet-v1, 4231976", "mobilenet-v1+xy, 4232552",
            "squeezenet-1.1, 1235496", "squeezenet-1.1+yx+r, 1237224", "tornet+r, 4665409"})
    void countsAreThePublishedOnes(String name, long published) {
        assertEquals(published, parameters(name));
    }

    /** Summed up by hand from {@code yolo_fpn.py} and {@code yolo_head.py}; every convolution has a normalisation behind it. */
    @ParameterizedTest
    @CsvSource({"ppyolo, 0", "ppyolo+paddledet-2.0, 2", "ppyolo+paddledet-2.2, 2"})
    void ppYoloCounts(String name, int c) {
        long sum = 0;
        int[] in = {2048, 1024 + 256, 512 + 128};
        for (int level = 0; level < 3; level++) {
            int ch = 512 >> level;
            sum += conv(in[level] + c, ch, 1, false) + 2L * ch + conv(ch, 2 * ch, 9, false) + 4L * ch
                    + conv(2 * ch + c, ch, 1, false) + 2L * ch + conv(ch, 2 * ch, 9, false) + 4L * ch
                    + conv(2 * ch + c, ch, 1, false) + 2L * ch + conv(ch + c, 2 * ch, 9, false) + 4L * ch
                    + conv(2 * ch, 258, 1, true);
        }
        sum += conv(2048, 512, 1, false) + 1024;
        sum += conv(512, 256, 1, false) + 512 + conv(256, 128, 1, false) + 256;
        assertEquals(sum, parameters(name));
    }

    /** Summed up by hand from {@code solov2_head.py} with 512 channels. */
    @ParameterizedTest
    @CsvSource({"solov2, 0", "solov2+solo, 2"})
    void solov2Counts(String name, int c) {
        long sum = conv(256 + c, 512, 9, false) + conv(256, 512, 9, false) + 2 * (3 * conv(512, 512, 9, false) + 4 * 1024)
                + conv(512, 256, 9, true) + conv(512, 80, 9, true);
        assertEquals(sum, parameters(name));
    }

    /** Summed up by hand from {@code SOLOv2MaskHead} in {@code solov2_head.py}. */
    @ParameterizedTest
    @CsvSource({"solov2-mask, 0", "solov2-mask+solo, 2"})
    void solov2MaskCounts(String name, int c) {
        long sum = 3 * conv(256, 128, 9, false) + conv(256 + c, 128, 9, false) + 3 * conv(128, 128, 9, false) + 7 * 256
                + conv(128, 256, 1, false) + 512;
        assertEquals(sum, parameters(name));
    }

    /** Summed up by hand from {@code cnn_baseline.py} with 48 filters. */
    @ParameterizedTest
    @CsvSource({"tornet, 0", "tornet+r, 2"})
    void torNetCounts(String name, int c) {
        long sum = conv(14 + c, 48, 9, true) + conv(48 + c, 48, 9, true) + conv(48 + c, 96, 9, true) + conv(96 + c, 96, 9, true)
                + conv(96 + c, 192, 9, true) + 2 * conv(192 + c, 192, 9, true)
                + conv(192 + c, 384, 9, true) + 2 * conv(384 + c, 384, 9, true)
                + conv(384, 512, 1, true) + conv(512, 256, 1, true) + conv(256, 1, 1, true);
        assertEquals(sum, parameters(name));
    }

    @Test
    void shapesAreThePublishedOnes() {
        assertEquals(List.of(Shape.of(2, 258, 13, 13), Shape.of(2, 258, 26, 26), Shape.of(2, 258, 52, 52)),
                outputs("ppyolo+paddledet-2.2", Shape.of(2, 3, 416, 416)));
        assertEquals(List.of(Shape.of(1, 258, 10, 19), Shape.of(1, 258, 20, 38), Shape.of(1, 258, 40, 76)),
                outputs("ppyolo", Shape.of(1, 3, 320, 608)));
        assertEquals(List.of(Shape.of(1, 80, 40, 40), Shape.of(1, 256, 40, 40)), outputs("solov2+solo", Shape.of(1, 3, 800, 1344)));
        assertEquals(List.of(Shape.of(2, 256, 16, 24)), outputs("solov2-mask+solo", Shape.of(2, 3, 64, 96)));
        assertEquals(List.of(Shape.of(3, 1)), outputs("tornet+r", Shape.of(3, 14, 120, 240)));
        assertEquals(List.of(Shape.of(1, 2, 64, 96)), outputs("unet", Shape.of(1, 3, 64, 96)));
        for (String name : List.of("resnet18", "resnet50", "mobilenet-v1", "squeezenet-1.1")) {
            assertEquals(List.of(Shape.of(2, 1000)), outputs(name + "+xy", Shape.of(2, 3, 224, 224)), name);
        }
        // Where the paper's tables have 7 x 7.
        assertEquals(Shape.of(1, 512, 7, 7), row("resnet18", "layer4.1.relu"));
        assertEquals(Shape.of(1, 1024, 7, 7), row("mobilenet-v1", "conv_pw_13_relu"));
        assertEquals(Shape.of(1, 512, 13, 13), row("squeezenet-1.1", "features.12.cat"));
        assertEquals(Shape.of(1, 384, 8, 15), row("tornet", "pool4"));
    }

    private static List<Shape> outputs(String name, Shape image) {
        return Networks.named(name, image).outputShapes(Networks.inputs(name, image));
    }

    private static Shape row(String name, String layer) {
        Shape image = Networks.image(name);
        return Networks.named(name, image).rows(Networks.inputs(name, image)).stream()
                .filter(row -> row.name().equals(layer)).findFirst().orElseThrow().output();
    }

    @Test
    void parametersHaveThePublishedNames() {
        Layer resnet = ResNet.resNet50(1000, CoordPreset.NONE);
        assertEquals(Shape.of(256, 64, 1, 1), resnet.state().get("layer1.0.downsample.0.weight").shape());
        assertEquals(Shape.of(512, 512, 3, 3), resnet.state().get("layer4.2.conv2.weight").shape());
        assertEquals(Shape.of(2048), resnet.state().get("layer4.2.bn3.running_var").shape());
        assertEquals(Shape.of(1000, 2048), resnet.state().get("fc.weight").shape());
        Layer unet = UNet.uNet(3, 2, CoordPreset.NONE);
        assertEquals(Shape.of(512, 1024, 3, 3), unet.state().get("up1.conv.double_conv.0.weight").shape());
        assertEquals(Shape.of(1024, 512, 2, 2), unet.state().get("up1.up.weight").shape());
        assertEquals(Shape.of(1024, 512, 3, 3), unet.state().get("down4.maxpool_conv.1.double_conv.0.weight").shape());
        Layer squeezenet = SqueezeNet.squeezeNet11(1000, CoordPreset.NONE);
        assertEquals(Shape.of(256, 64, 3, 3), squeezenet.state().get("features.12.expand3x3.weight").shape());
        assertEquals(Shape.of(1000, 512, 1, 1), squeezenet.state().get("classifier.1.weight").shape());
    }

    /** Every network runs, in inference and in training, on small images; a gradient reaches its first convolution. */
    @ParameterizedTest
    @CsvSource({"resnet18+xy, 32, 32", "resnet50, 32, 32", "unet+xy, 16, 32", "mobilenet-v1+xy, 32, 32",
            "squeezenet-1.1+xy, 32, 32", "ppyolo+paddledet-2.2, 64, 32", "solov2+solo, 320, 352", "solov2-mask+solo, 32, 64", "tornet+r, 15, 18"})
    void networksRun(String name, int height, int width) {
        Shape image = Shape.of(2, Networks.image(name).extent(1), height, width);
        Layer network = Networks.named(name, image);
        network.initialise(1);
        List<Shape> inputs = Networks.inputs(name, image);
        Tensor[] x = inputs.stream().map(shape -> Samples.gaussian(shape, 2)).toArray(Tensor[]::new);
        network.configure(inputs, Execution.INFERENCE, false);
        for (Tensor y : network.forward(x, Phase.INFERENCE)) {
            assertTrue(spread(y) > 0 && spread(y) < Double.POSITIVE_INFINITY, name + " " + y);
        }
        if (name.startsWith("solov2+")) {
            return; // The time of a training step is better spent on the others.
        }
        List<Shape> outputs = network.configure(inputs, Execution.TRAINING, false);
        network.forward(x, Phase.TRAINING);
        network.backward(outputs.stream().map(shape -> Samples.gaussian(shape, 3)).toArray(Tensor[]::new));
        network.parameters().forEach((parameter, values) -> {
            double sum = 0;
            for (float g : values.gradient()) {
                sum += Math.abs(g);
            }
            assertTrue(sum > 0 && sum < Double.POSITIVE_INFINITY, name + " " + parameter + " has a gradient: " + sum);
        });
    }

    private static double spread(Tensor y) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (float v : y.data()) {
            least = Math.min(least, v);
            most = Math.max(most, v);
        }
        return most - least;
    }

    @Test
    void resizedRampsAreWhatAResizeMakesOfCoordinates() {
        int height = 25;
        int width = 42;
        int grid = 12;
        CoordChannels whole = CoordPreset.SOLO.channels(height, width);
        CoordChannels resized = Solov2.resized(whole, height, width, grid);
        Tensor map = Tensor.zeros(Shape.of(1, 2, height, width));
        for (int i = 0; i < map.data().length; i++) {
            int pixel = i % (height * width);
            map.data()[i] = (float) whole.value(i / (height * width), 0, pixel / width, pixel % width);
        }
        Resize resize = new Resize(ResizeSpec.toSize(ResizeSpec.Mode.LINEAR, grid, grid));
        resize.configure(map.shape(), Execution.INFERENCE);
        float[] y = resize.forward(map, Phase.INFERENCE).data();
        for (int i = 0; i < y.length; i++) {
            int cell = i % (grid * grid);
            // Coordinates of at most 1, rounded, and two weighted sums of them: eight roundings.
            assertEquals(resized.value(i / (grid * grid), 0, cell / grid, cell % grid), y[i], 8 * Math.ulp(1f) / 2, "y[" + i + "]");
        }
        assertThrows(IllegalArgumentException.class, () -> Solov2.resized(CoordPreset.WIZARON.channels(9, 9), 9, 9, 3));
        assertThrows(ShapeException.class, () -> Solov2.head(80, CoordPreset.SOLO, 39, 80, 40));
    }

    @Test
    void rangesOfTorNet() {
        float[] c = new float[2 * 3 * 5 + 1];
        // 250 m inside either end: 0.01 to 0.05 in steps of 0.01, cut at 0.02125.
        TorNet.coordinates(750, 5250, 3, 5, c, 1);
        float[] r = {0.02125f, 0.02125f, 0.03f, 0.04f, 0.05f};
        for (int i = 0; i < 15; i++) {
            assertEquals(r[i % 5], c[1 + i], Math.ulp(r[i % 5]));
            assertEquals(1 / (double) r[i % 5], c[16 + i], 2 * Math.ulp(1 / r[i % 5]));
        }
        assertEquals(0, c[0]);
        assertThrows(IllegalArgumentException.class, () -> TorNet.coordinates(5, 5, 3, 5, c, 1));
        assertThrows(IllegalArgumentException.class, () -> TorNet.coordinates(5, Double.NaN, 3, 5, c, 1));
        assertThrows(IllegalArgumentException.class, () -> TorNet.coordinates(0, 9000, 3, 5, c, 2));
        assertThrows(IllegalArgumentException.class, () -> TorNet.coordinates(0, 9000, 3, 1, c, 0));
    }

    /** The published network pools the coordinates with the features: the second convolutions see the pooled ones. */
    @Test
    void torNetPoolsItsCoordinates() {
        Graph network = (Graph) Networks.named("tornet+r", Shape.of(1, 14, 4, 4));
        Graph.Node second = network.nodes().stream().filter(node -> node.name().equals("cat2_1")).findFirst().orElseThrow();
        assertEquals("[drop1, coordinates1]", second.inputs().toString());
        MaxPool2d pool = new MaxPool2d(PoolSpec.of(2).withCeil(true));
        pool.configure(Shape.of(1, 2, 4, 3), Execution.INFERENCE);
        float[] c = new float[24];
        TorNet.coordinates(9750, 12250, 4, 3, c, 0);
        float[] pooled = pool.forward(Tensor.of(c, Shape.of(1, 2, 4, 3)), Phase.INFERENCE).data();
        assertArrayEquals(new float[] {c[1], c[2], c[1], c[2], c[12], c[14], c[12], c[14]}, pooled);
    }

    /** What no shape and no count tells: the order in which tensors are joined, rounding up, the nearest of two pixels. */
    @Test
    void tensorsAreJoinedInThePublishedOrder() {
        assertEquals("[skip, up]", reads(UNet.uNet(3, 2, CoordPreset.NONE).layer("up1"), "cat"));
        Graph yolo = PpYolo.neckAndHead(80, CoordPreset.NONE);
        assertEquals("[up0, c4]", reads(yolo, "cat1"));
        assertEquals("[up1, c3]", reads(yolo, "cat2"));
        assertEquals("[x, pool5, pool9, pool13]", reads(((Sequential) yolo.layer("block0")).layer("spp"), "cat"));
        assertEquals("[expand1x1, expand3x3]", reads(((Sequential) SqueezeNet.squeezeNet11(9, CoordPreset.NONE)
                .layer("features")).layer("3"), "cat"));
        assertEquals("[x, coordinates]", reads(TorNet.baseline(true), "cat1_1"));

        Layer up = yolo.layer("up0");
        up.configure(Shape.of(1, 1, 1, 2), Execution.INFERENCE);
        assertArrayEquals(new float[] {3, 3, 5, 5, 3, 3, 5, 5},
                up.forward(Tensor.of(new float[] {3, 5}, Shape.of(1, 1, 1, 2)), Phase.INFERENCE).data());
        assertEquals(Shape.of(1, 64, 56, 56), SqueezeNet.squeezeNet11(9, CoordPreset.NONE).rows(Shape.of(1, 3, 226, 226))
                .stream().filter(row -> row.name().equals("features.2")).findFirst().orElseThrow().output());
    }

    private static String reads(Layer graph, String node) {
        return ((Graph) graph).nodes().stream().filter(one -> one.name().equals(node)).findFirst().orElseThrow()
                .inputs().toString();
    }

    @Test
    void wrongNamesAndImagesAreRefused() {
        Shape image = Shape.of(1, 3, 64, 64);
        for (String name : List.of("resnet", "", "+xy", "resnet18+", "resnet18+z", "dcn2+xy", "tornet+xy", "resnet18 ")) {
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Networks.named(name, image), name);
            assertTrue(refusal.getMessage().contains("given"), refusal.getMessage());
        }
        assertThrows(ShapeException.class, () -> Networks.named("ppyolo", Shape.of(1, 3, 65, 64)));
        assertThrows(ShapeException.class, () -> Networks.named("unet", Shape.of(1, 3, 60, 64)));
        assertThrows(ShapeException.class, () -> Networks.inputs("tornet", image));
        assertThrows(IllegalArgumentException.class, () -> Networks.named("solov2+wizaron", Shape.of(1, 3, 320, 320)));
        assertTrue(Networks.names().containsAll(ExampleNetworks.NAMES));
        assertTrue(Arrays.stream(CoordPreset.values()).allMatch(preset -> preset == CoordPreset.NONE
                || Networks.named("squeezenet-1.1+" + preset, image) != null));
    }
}

package coordconv.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import coordconv.kernels.ConvAlgorithm;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.Workers;
import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.NetworkProfile;
import coordconv.layers.Phase;
import coordconv.layers.Predictor;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.merging.Add;
import coordconv.layers.networks.Networks;
import coordconv.layers.networks.Solov2;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.onnx.OnnxExport.Batch;
import coordconv.onnx.bounds.BoundedModel;
import coordconv.onnx.bounds.BoundedModel.Distance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Networks by name, with coordinates and without, written, run by ONNX Runtime, and read back. What is read back gives
 * the network's own outputs to the bit, and every value inside it, as well as in ONNX Runtime, is held against double precision
 * under the bound of its own node's roundings.
 */
class NamedNetworksTest {
    @TempDir
    Path folder;

    /** Images are as small as a network takes. */
    @ParameterizedTest
    @CsvSource({"dcn2,32,32", "MyNet,32,32", "resnet18+xy,40,32", "unet+monai,16,16", "mobilenet-v1+wizaron,32,32",
        "squeezenet-1.1+yx+r,40,32", "squeezenet-1.1+tornet,32,40", "ppyolo+paddledet-2.2,64,32", "solov2-mask,32,64",
        "solov2-mask+solo,64,32", "tornet+r,16,15"})
    void exportedAndReadBack(String name, int height, int width) throws IOException {
        Shape image = Shape.of(1, Networks.image(name).extent(1), height, width);
        check(Networks.named(name, image), Networks.inputs(name, image), Execution.INFERENCE);
    }

    /**
     * Winograd with all that a network asks of it: channels last, normalisation, activation and a sum in its epilogue,
     * coordinates, several images, tiles that reach beyond them; on any number of threads.
     */
    @Test
    void withFastConvolutions() throws IOException {
        Graph.Builder g = Graph.builder();
        Graph.Value stem = g.add("stem", new Conv2d(ConvSpec.of(3, 64, 3).withPadding(1)), g.input("x"));
        Graph.Value a = g.add("relu1", new ReLU(), g.add("norm1", new BatchNorm2d(64), g.add("a", square(), stem)));
        Graph.Value b = g.add("norm2", new BatchNorm2d(64), g.add("b", square(), a));
        Graph.Value sum = g.add("relu2", new ReLU(), g.add("sum", new Add(), b, stem));
        g.output("y", g.add("c", new CoordConv2d(ConvSpec.of(64, 64, 3).withPadding(1), CoordPreset.PADDLE), sum));
        Graph network = g.build();
        Shape images = Shape.of(2, 3, 10, 62);
        Execution fast = Execution.INFERENCE.withAlgorithm(ConvAlgorithm.FAST);
        check(network, List.of(images), fast);
        Map<String, Tensor> x = Map.of("x", coordconv.onnx.Networks.input(images, 20));
        NetworkProfile profile = Predictor.of(network, fast).profile(x, 1);
        assertEquals(List.of("sum", "norm1", "relu1", "norm2", "relu2").stream().sorted().toList(), profile.fused().stream().sorted().toList());
        assertEquals(3, profile.rows().stream().filter(row -> row.algorithm().startsWith("Winograd F(4x4")).count(), profile.table());
        float[] alone = Predictor.of(network, fast).predict(x).get("y").data();
        for (int threads = 2; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                assertArrayEquals(alone, Predictor.of(network, fast.withParallelism(workers.parallelism())).predict(x).get("y").data());
            }
        }
    }

    private static Conv2d square() {
        return new Conv2d(ConvSpec.of(64, 64, 3).withPadding(1));
    }

    @ParameterizedTest
    @CsvSource({"resnet18,32,40", "resnet18+yx+r,32,32", "resnet50,32,32", "resnet50+uber,32,40", "unet,16,32", "mobilenet-v1,32,40",
        "squeezenet-1.1,32,40", "ppyolo,32,64", "ppyolo+paddledet-2.0,32,32", "solov2,320,352", "solov2+solo,352,320", "tornet,15,18"})
    void theOthers(String name, int height, int width) throws IOException {
        Assumptions.assumeTrue(Boolean.getBoolean("onnx.networks"), "They take a minute: -Donnx.networks=true runs them.");
        exportedAndReadBack(name, height, width);
    }

    /** The head of SOLOv2 at a level of its pyramid, over a grid of fewer cells. */
    @Test
    void solov2() throws IOException {
        check(Solov2.head(80, CoordPreset.SOLO, 10, 13, 6), List.of(Shape.of(1, 256, 10, 13)), Execution.INFERENCE);
    }

    private void check(Layer network, List<Shape> shapes, Execution execution) throws IOException {
        coordconv.onnx.Networks.filled(network, 7);
        byte[] model = OnnxExport.toBytes(network, shapes, Batch.FIXED);
        List<String> names = network instanceof Graph graph ? graph.inputs().stream().map(Graph.Value::source).toList() : List.of("x");
        Map<String, Tensor> x = new LinkedHashMap<>();
        Map<String, Shape> given = new LinkedHashMap<>();
        for (int i = 0; i < shapes.size(); i++) {
            x.put(names.get(i), coordconv.onnx.Networks.input(shapes.get(i), 20 + i));
            given.put(names.get(i), shapes.get(i));
        }
        List<Shape> outputs = network.configure(shapes, execution, false);
        Tensor[] y = network.forward(x.values().toArray(Tensor[]::new), Phase.INFERENCE);
        byte[] showing = OnnxRuntime.showing(ModelProto.parseFrom(model)).toByteArray();
        Path shown = Files.write(folder.resolve("shown.onnx"), showing);
        Map<String, float[]> ours = coordconv.onnx.Networks.infer(OnnxImport.read(shown, given), x, execution);
        Map<String, float[]> runtime = OnnxRuntime.run(shown, x);
        assertEquals(runtime.keySet(), ours.keySet());
        // What is shown must not change how the rest is computed, or the bounds below would hold for another network.
        Path plain = Files.write(folder.resolve("plain.onnx"), model);
        Map<String, float[]> unshown = coordconv.onnx.Networks.infer(OnnxImport.read(plain, given), x, execution);
        Iterator<float[]> back = unshown.values().iterator();
        for (int i = 0; i < outputs.size(); i++) {
            assertArrayEquals(y[i].data(), back.next(), "output " + i);
        }
        unshown.forEach((name, values) -> assertArrayEquals(ours.get(name), values, name));
        BoundedModel inDouble = BoundedModel.of(showing);
        within(inDouble.distance(x, runtime), "ONNX Runtime");
        within((execution.algorithm() == ConvAlgorithm.FAST ? inDouble.withTiles() : inDouble).distance(x, ours), "ours");
    }

    private static void within(Distance distance, String engine) {
        assertTrue(distance.share() <= 1 && distance.bounded() > 0, engine + ": " + distance);
    }
}

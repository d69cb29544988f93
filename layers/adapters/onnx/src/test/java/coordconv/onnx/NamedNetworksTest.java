package coordconv.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.networks.Networks;
import coordconv.layers.networks.Solov2;
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
        check(Networks.named(name, image), Networks.inputs(name, image));
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
        check(Solov2.head(80, CoordPreset.SOLO, 10, 13, 6), List.of(Shape.of(1, 256, 10, 13)));
    }

    private void check(Layer network, List<Shape> shapes) throws IOException {
        coordconv.onnx.Networks.filled(network, 7);
        byte[] model = OnnxExport.toBytes(network, shapes, Batch.FIXED);
        List<String> names = network instanceof Graph graph ? graph.inputs().stream().map(Graph.Value::source).toList() : List.of("x");
        Map<String, Tensor> x = new LinkedHashMap<>();
        Map<String, Shape> given = new LinkedHashMap<>();
        for (int i = 0; i < shapes.size(); i++) {
            x.put(names.get(i), coordconv.onnx.Networks.input(shapes.get(i), 20 + i));
            given.put(names.get(i), shapes.get(i));
        }
        List<Shape> outputs = network.configure(shapes, Execution.INFERENCE, false);
        Tensor[] y = network.forward(x.values().toArray(Tensor[]::new), Phase.INFERENCE);
        byte[] showing = OnnxRuntime.showing(ModelProto.parseFrom(model)).toByteArray();
        Path shown = Files.write(folder.resolve("shown.onnx"), showing);
        Map<String, float[]> ours = coordconv.onnx.Networks.infer(OnnxImport.read(shown, given), x);
        Map<String, float[]> runtime = OnnxRuntime.run(shown, x);
        assertEquals(runtime.keySet(), ours.keySet());
        // What is shown must not change how the rest is computed, or the bounds below would hold for another network.
        Path plain = Files.write(folder.resolve("plain.onnx"), model);
        Map<String, float[]> unshown = coordconv.onnx.Networks.infer(OnnxImport.read(plain, given), x);
        Iterator<float[]> back = unshown.values().iterator();
        for (int i = 0; i < outputs.size(); i++) {
            assertArrayEquals(y[i].data(), back.next(), "output " + i);
        }
        unshown.forEach((name, values) -> assertArrayEquals(ours.get(name), values, name));
        BoundedModel inDouble = BoundedModel.of(showing);
        within(inDouble.distance(x, ours), "ours");
        within(inDouble.distance(x, runtime), "ONNX Runtime");
    }

    private static void within(Distance distance, String engine) {
        assertTrue(distance.share() <= 1 && distance.bounded() > 0, engine + ": " + distance);
    }
}

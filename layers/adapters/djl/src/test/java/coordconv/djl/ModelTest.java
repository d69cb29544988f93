package coordconv.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.Tensor;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.merging.Add;
import coordconv.onnx.OnnxExport;
import coordconv.onnx.OnnxImport;
import coordconv.verification.problem.Inputs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of our layers as DJL models. */
class ModelTest extends EngineTest {
    private static final int[] IMAGE = {3, 6, 7};

    /** An image in, its output out, batches made by DJL. */
    private static final class OneImage implements Translator<float[], float[]> {
        @Override
        public NDList processInput(TranslatorContext context, float[] image) {
            return new NDList(context.getNDManager().create(image, new Shape(IMAGE[0], IMAGE[1], IMAGE[2])));
        }

        @Override
        public float[] processOutput(TranslatorContext context, NDList outputs) {
            return outputs.singletonOrThrow().toFloatArray();
        }
    }

    private static Layer network() {
        Sequential network = Sequential.of(new CoordConv2d(ConvSpec.of(3, 4, 3).withPadding(1)), new ReLU(),
                new CoordConv2d(ConvSpec.of(4, 2, 3)));
        network.initialise(1);
        return network;
    }

    private static Graph graph() {
        Graph.Builder g = Graph.builder();
        Graph.Value a = g.input("a");
        Graph.Value b = g.input("b");
        Graph.Value sum = g.add("sum", new Add(), g.add("conv", new CoordConv2d(ConvSpec.of(2, 2, 1)), a), b);
        g.output("positive", g.add("relu", new ReLU(), sum));
        g.output("all", sum);
        return g.build();
    }

    private static coordconv.layers.Predictor predictor(Layer network) {
        return coordconv.layers.Predictor.of(network, Execution.INFERENCE);
    }

    private static float[] image(int seed) {
        return Inputs.uniform(seed, IMAGE[0] * IMAGE[1] * IMAGE[2]);
    }

    /** What the network gives for one image in a batch of one. */
    private static float[] expected(coordconv.layers.Predictor direct, int seed) {
        return direct.predict(Tensor.of(image(seed), coordconv.layers.Shape.of(1, 3, 6, 7))).data();
    }

    @Test
    void anImportedNetworkIsAModelWithPredictors(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("network.onnx");
        OnnxExport.write((Sequential) network(), coordconv.layers.Shape.of(1, 3, 6, 7), file);
        Layer imported = OnnxImport.read(file).network();
        coordconv.layers.Predictor direct = predictor(imported);
        try (Model model = CoordConvModel.of("network", direct); Predictor<float[], float[]> served = model.newPredictor(new OneImage())) {
            assertEquals("network", model.getName());
            assertArrayEquals(expected(direct, 1), served.predict(image(1)));
            assertArrayEquals(expected(direct, 1), ModelExample.run(file, new OneImage(), image(1)));
            List<float[]> batch = served.batchPredict(List.of(image(1), image(2), image(3)));
            for (int i = 0; i < 3; i++) {
                assertArrayEquals(expected(direct, i + 1), batch.get(i), "image " + i);
            }
        }
    }

    @Test
    void predictorsOfManyThreadsShareIt() throws Exception {
        coordconv.layers.Predictor direct = predictor(network());
        List<float[]> expected = new ArrayList<>();
        for (int seed = 0; seed < 8; seed++) {
            expected.add(expected(direct, seed));
        }
        try (Model model = CoordConvModel.of("network", direct); ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                done.add(threads.submit(() -> {
                    try (Predictor<float[], float[]> own = model.newPredictor(new OneImage())) {
                        for (int i = 0; i < 40; i++) {
                            assertArrayEquals(expected.get(i % 8), own.predict(image(i % 8)));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void severalInputsAndOutputsGoByOrderOrByName() throws Exception {
        Graph network = graph();
        network.initialise(3);
        try (Model model = CoordConvModel.of("graph", predictor(network));
                Predictor<NDList, NDList> served = model.newPredictor(new NoopTranslator(null))) {
            NDArray a = manager.create(Inputs.uniform(1, 2 * 2 * 3 * 3), new Shape(2, 2, 3, 3));
            NDArray b = manager.create(Inputs.uniform(2, 2 * 2 * 3 * 3), new Shape(2, 2, 3, 3));
            NDList byOrder = served.predict(new NDList(a, b));
            assertEquals(List.of("positive", "all"), byOrder.stream().map(NDArray::getName).toList());
            float[] all = byOrder.get("all").toFloatArray();
            NDArray namedA = a.duplicate();
            NDArray namedB = b.duplicate();
            namedA.setName("a");
            namedB.setName("b");
            assertArrayEquals(all, served.predict(new NDList(namedB, namedA)).get("all").toFloatArray());
            namedB.setName("a");
            TranslateException twice = assertThrows(TranslateException.class, () -> served.predict(new NDList(namedA, namedB)));
            assertEquals("inputs: given two arrays for one of [a, b], needed one for each", twice.getCause().getMessage());
        }
    }

    @Test
    void shapesAreInferredAndMisuseIsRefused() {
        NetworkBlock block = new NetworkBlock(predictor(network()));
        assertArrayEquals(new Shape[] {new Shape(-1, 2, 4, 5)}, block.getOutputShapes(new Shape[] {new Shape(-1, 3, 6, 7)}));
        assertArrayEquals(new Shape[] {new Shape(5, 2, 4, 5)}, block.getOutputShapes(new Shape[] {new Shape(5, 3, 6, 7)}));
        ParameterStore store = new ParameterStore(manager, false);
        NDList x = new NDList(manager.ones(new Shape(1, 3, 6, 7)));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> block.forward(store, x, true)).getMessage()
                .startsWith("training: given true, needed inference"));
        assertEquals("x: given int32, needed float32", assertThrows(IllegalArgumentException.class, () -> block.forward(store,
                new NDList(manager.ones(new Shape(1, 3, 6, 7), DataType.INT32)), false)).getMessage());
        assertEquals("inputs: given 0 arrays, needed 1, [x]", assertThrows(IllegalArgumentException.class,
                () -> block.forward(store, new NDList(), false)).getMessage());
    }
}

package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import coordconv.kernels.VectorWidth;
import coordconv.kernels.Workers;
import coordconv.layers.activations.PReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.merging.Add;
import coordconv.layers.merging.Binary;
import coordconv.layers.merging.BinaryFunction;
import coordconv.layers.merging.Concat;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.layers.networks.Networks;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.shaping.Flatten;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PredictorTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Execution SCALAR = Execution.INFERENCE.withWidth(VectorWidth.SCALAR);

    /** Two inputs and two outputs, coordinates, folded and other normalisation, an output that something reads. */
    private static Graph graph() {
        Graph.Builder g = Graph.builder();
        Graph.Value image = g.input("image");
        Graph.Value other = g.input("other");
        Graph.Value a = g.add("relu", new ReLU(), g.add("norm", new BatchNorm2d(6),
                g.add("stem", new CoordConv2d(ConvSpec.of(2, 6, 3).withPadding(1).withBias(false)), image)));
        Graph.Value b = g.add("side", new Conv2d(ConvSpec.of(2, 6, 3).withPadding(1).withGroups(2)), other);
        Graph.Value sum = g.add("sum", new Add(), a, b);
        Graph.Value slope = g.add("prelu", new PReLU(6), sum);
        g.output("scores", g.add("head", new Linear(12, 3), g.add("flat", new Flatten(),
                g.add("mean", new GlobalAvgPool2d(), g.add("both", new Concat(), slope, sum)))));
        g.output("map", sum);
        g.declare("spare", new Linear(3, 3));
        Graph made = g.build();
        made.initialise(3);
        made.state().get("norm.running_mean").set(1, -1, 0.5f, 0, 2, -2);
        made.state().get("norm.running_var").set(1, 4, 0.5f, 3, 2, 1);
        return made;
    }

    private static Tensor[] inputs(int batch, int height, int width, long seed) {
        Shape shape = Shape.of(batch, 2, height, width);
        return new Tensor[] {Samples.gaussian(shape, seed), Samples.gaussian(shape, seed + 1)};
    }

    private static float[][] own(Layer network, Tensor... x) {
        network.configure(Arrays.stream(x).map(Tensor::shape).toList(), Execution.INFERENCE, false);
        Tensor[] y = network.forward(x, Phase.INFERENCE);
        return Arrays.stream(y).map(tensor -> tensor.data().clone()).toArray(float[][]::new);
    }

    private static Map<String, Tensor> named(Tensor[] x) {
        return Map.of("image", x[0], "other", x[1]);
    }

    private static void equal(float[][] expected, Map<String, Tensor> y) {
        assertEquals(List.of("scores", "map"), List.copyOf(y.keySet()));
        assertArrayEquals(expected[0], y.get("scores").data());
        assertArrayEquals(expected[1], y.get("map").data());
    }

    private static void refused(Class<? extends RuntimeException> kind, String message, Executable call) {
        assertEquals(message, assertThrows(kind, call).getMessage());
    }

    private static Tensor half(Shape shape) {
        float[] values = new float[shape.elements()];
        Arrays.fill(values, 0.5f);
        return Tensor.of(values, shape);
    }

    @Test
    void warmUpComputesWhatItIsTold() {
        Predictor predictor = Predictor.of(graph(), SCALAR);
        Map<String, Shape> shapes = Map.of("image", Shape.of(2, 2, 5, 4), "other", Shape.of(2, 2, 5, 4));
        predictor.warmUp(shapes);
        Map<String, Tensor> x = new TreeMap<>();
        shapes.forEach((name, shape) -> x.put(name, half(shape)));
        Map<String, Tensor> y = predictor.predict(x);
        Map<String, Tensor> fresh = Predictor.of(graph(), SCALAR).predict(x);
        fresh.forEach((name, tensor) -> assertArrayEquals(tensor.data(), y.get(name).data(), name));
        refused(IllegalArgumentException.class, "inputs: given [image], needed other",
                () -> predictor.warmUp(Map.of("image", Shape.of(2, 2, 5, 4))));
        assertThrows(ShapeException.class, () -> predictor.warmUp(Map.of("image", Shape.of(2, 3, 5, 4), "other", Shape.of(2, 2, 5, 4))));
    }

    @Test
    void itGivesTheBitsOfTheNetworksOwnInference() {
        Graph network = graph();
        Predictor predictor = Predictor.builder(network).shapes(3).build();
        assertEquals(List.of("image", "other"), predictor.inputs());
        assertEquals(List.of("scores", "map"), predictor.outputs());
        for (int round = 0; round < 2; round++) {
            for (int[] size : new int[][] {{1, 5, 7}, {3, 5, 7}, {64, 5, 7}, {2, 12, 8}, {1, 40, 33}}) {
                Tensor[] x = inputs(size[0], size[1], size[2], round);
                equal(own(network, x), predictor.predict(named(x)));
            }
        }
    }

    /** Shapes of all inputs decide which buffers serve. */
    @Test
    void inputsThatDifferInTheSecondAloneGetBuffersOfTheirOwn() {
        Graph.Builder g = Graph.builder();
        g.output("sum", g.add("add", new Binary(BinaryFunction.ADD), g.input("a"), g.input("b")));
        Graph network = g.build();
        Predictor predictor = Predictor.of(network, Execution.INFERENCE);
        Tensor a = Samples.gaussian(Shape.of(2, 3), 1);
        for (Shape shape : List.of(Shape.of(2, 3), Shape.of(1, 3), Shape.of(2, 1), Shape.of(1, 3))) {
            Tensor b = Samples.gaussian(shape, 2);
            assertArrayEquals(own(network, a, b)[0], predictor.predict(Map.of("a", a, "b", b)).get("sum").data());
        }
    }

    @Test
    void publishedNetworksGiveTheirBits() {
        for (String name : List.of("resnet18+xy", "mobilenet-v1", "squeezenet-1.1", "dcn2")) {
            Shape image = Shape.of(1, 3, 32, 32);
            Layer network = Networks.named(name, image);
            network.initialise(1);
            Predictor predictor = Predictor.of(network, Execution.INFERENCE);
            for (int batch : new int[] {2, 1}) {
                Tensor x = Samples.gaussian(image.withBatch(batch), batch);
                assertArrayEquals(own(network, x)[0], predictor.predict(x).data(), name);
            }
        }
    }

    @Test
    void eightThreadsGetTheBitsOfOne() throws Exception {
        Graph network = graph();
        int[][] sizes = {{1, 5, 7}, {2, 5, 7}, {5, 5, 7}, {2, 12, 8}};
        List<Tensor[]> xs = new ArrayList<>();
        List<float[][]> expected = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            int[] size = sizes[i % sizes.length];
            xs.add(inputs(size[0], size[1], size[2], i));
            expected.add(own(network, xs.getLast()));
        }
        try (Workers workers = new Workers(2); ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Predictor predictor : List.of(Predictor.builder(network).callers(8).shapes(3).build(),
                    Predictor.builder(network).callers(3).execution(Execution.INFERENCE.withParallelism(workers.parallelism())).build())) {
                CountDownLatch start = new CountDownLatch(8);
                List<Future<?>> done = new ArrayList<>();
                for (int t = 0; t < 8; t++) {
                    int first = t * 5;
                    done.add(threads.submit(() -> {
                        start.countDown();
                        start.await();
                        for (int i = 0; i < 64; i++) {
                            int at = (first + i) % xs.size();
                            equal(expected.get(at), predictor.predict(named(xs.get(at))));
                        }
                        return null;
                    }));
                }
                for (Future<?> one : done) {
                    one.get(60, TimeUnit.SECONDS);
                }
            }
        }
    }

    @Test
    void resultsGoIntoTensorsOfTheCaller() {
        Graph network = graph();
        Predictor predictor = Predictor.of(network, Execution.INFERENCE);
        Tensor[] x = inputs(2, 5, 7, 1);
        float[][] expected = own(network, x);
        Map<String, Shape> shapes = predictor.outputShapes(Map.of("image", x[0].shape(), "other", x[1].shape()));
        assertEquals(Map.of("scores", Shape.of(2, 3), "map", Shape.of(2, 6, 5, 7)), shapes);
        Tensor map = Tensor.zeros(shapes.get("map"));
        predictor.predict(named(x), Map.of("map", map));
        assertArrayEquals(expected[1], map.data());
        Sequential square = Sequential.of(new Conv2d(ConvSpec.of(2, 2, 3).withPadding(1)));
        square.initialise(1);
        Tensor both = Samples.gaussian(Shape.of(2, 2, 5, 6), 4);
        float[] y = own(square, both)[0];
        Predictor.of(square, Execution.INFERENCE).predict(both, both);
        assertArrayEquals(y, both.data());
    }

    @Test
    void nothingOfTheCallersIsKeptAndResultsAreHis() {
        Sequential network = Sequential.of(new Flatten());
        Predictor predictor = Predictor.of(network, Execution.INFERENCE);
        Tensor x = Samples.gaussian(Shape.of(2, 2, 3, 4), 1);
        float[] before = x.data().clone();
        Tensor y = predictor.predict(x);
        Arrays.fill(x.data(), 7);
        assertArrayEquals(before, y.data());
        assertNotSame(y.data(), predictor.predict(x).data());
        assertArrayEquals(before, y.data());
    }

    /** A network that copies some images at a time is given the caller's tensor itself, and lets go of it. */
    @Test
    void nothingIsKeptOfWhatBlocksOfImagesCopy() {
        Graph.Builder g = Graph.builder();
        Graph.Value a = g.add("a", new Conv2d(ConvSpec.of(3, 32, 3).withPadding(1)), g.input("x"));
        g.output("y", g.add("b", new Conv2d(ConvSpec.of(32, 8, 3).withStride(4)), a));
        Sequential chain = Sequential.of(new Conv2d(ConvSpec.of(3, 32, 3).withPadding(1)), new Conv2d(ConvSpec.of(32, 8, 3).withStride(4)));
        for (Layer network : List.of(g.build(), chain)) {
            network.initialise(1);
            Shape images = Shape.of(24, 3, 32, 32);
            network.configure(List.of(images), Execution.INFERENCE, false);
            assertTrue(network.wiring().plan().copiesInputs());
            Predictor predictor = Predictor.of(network, Execution.INFERENCE);
            for (int seed = 1; seed < 3; seed++) {
                Tensor x = Samples.gaussian(images, seed);
                float[] before = x.data().clone();
                float[] y = own(network, x)[0];
                assertArrayEquals(y, predictor.predict(x).data());
                assertArrayEquals(before, x.data());
            }
            network.configure(List.of(Shape.of(1, 3, 4, 4)), Execution.INFERENCE, false);
            WeakReference<float[]> kept = predicted(predictor, images);
            for (int i = 0; i < 100 && !kept.refersTo(null); i++) {
                System.gc();
            }
            assertTrue(kept.refersTo(null), "an input is held after the call");
            assertTrue(predictor.predict(Samples.gaussian(images, 3)).data().length > 0);
        }
    }

    private static WeakReference<float[]> predicted(Predictor predictor, Shape images) {
        Tensor x = Samples.gaussian(images, 1);
        predictor.predict(x);
        return new WeakReference<>(x.data());
    }

    @Test
    void whatBecomesOfTheNetworkLaterDoesNotMatter() {
        Graph network = graph();
        Predictor predictor = Predictor.of(network, Execution.INFERENCE);
        Tensor[] seen = inputs(2, 5, 7, 1);
        Tensor[] unseen = inputs(3, 12, 9, 2);
        float[][] first = own(network, seen);
        float[][] second = own(network, unseen);
        equal(first, predictor.predict(named(seen)));
        for (Parameter parameter : network.state().values()) {
            Arrays.fill(parameter.values(), 0.25f);
            parameter.changed();
        }
        assertFalse(Arrays.equals(second[0], own(network, unseen)[0]));
        equal(first, predictor.predict(named(seen)));
        equal(second, predictor.predict(named(unseen)));
    }

    /** 4 MiB of weights: another batch, caller or size of image needs none of its own. */
    @Test
    void thereIsOneCopyOfTheWeights() throws Exception {
        Sequential network = Sequential.of(new Conv2d(ConvSpec.of(256, 256, 4)), new BatchNorm2d(256), new ReLU(),
                new GlobalAvgPool2d());
        network.initialise(1);
        Predictor predictor = Predictor.builder(network).execution(SCALAR).callers(2).build();
        predictor.predict(Tensor.zeros(Shape.of(1, 256, 5, 5)));
        for (Shape shape : List.of(Shape.of(2, 256, 5, 5), Shape.of(3, 256, 6, 5))) {
            Tensor x = Tensor.zeros(shape);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            predictor.predict(x);
            long used = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(used < 1 << 20, used + " bytes for " + shape);
        }
    }

    @Test
    void theSteadyStateAllocatesNothing() {
        Graph network = graph();
        Predictor predictor = Predictor.builder(network).execution(SCALAR).images(8).shapes(4).build();
        List<Map<String, Tensor>> xs = new ArrayList<>();
        List<Map<String, Tensor>> ys = new ArrayList<>();
        for (int[] size : new int[][] {{1, 5, 7}, {3, 5, 7}, {8, 5, 7}, {2, 9, 8}}) {
            xs.add(new HashMap<>(named(inputs(size[0], size[1], size[2], 1))));
            ys.add(predictor.predict(xs.getLast()));
        }
        Predictor simple = Predictor.builder(Sequential.of(new Flatten(), new ReLU())).execution(SCALAR).build();
        Tensor x = Samples.gaussian(Shape.of(2, 3, 4), 1);
        Tensor y = simple.predict(x);
        assertEquals(0, least(() -> {
            for (int i = 0; i < xs.size(); i++) {
                predictor.predict(xs.get(i), ys.get(i));
            }
            simple.predict(x, y);
        }));
    }

    /** Bytes of the best of many calls: the JVM allocates now and then, such as for a class it loads late. */
    private static long least(Runnable call) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20_000 && least > 0; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            call.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    @Test
    void theShapesThatWereUsedLastAreKept() {
        Sequential network = Sequential.of(new ReLU());
        Predictor predictor = Predictor.builder(network).execution(SCALAR).shapes(2).build();
        Tensor[] x = new Tensor[3];
        for (int i = 0; i < 3; i++) {
            x[i] = Tensor.zeros(Shape.of(i + 1, 50_000));
        }
        Tensor[] y = {Tensor.zeros(x[0].shape()), Tensor.zeros(x[1].shape()), Tensor.zeros(x[2].shape())};
        int[] order = {0, 1, 0, 2, 0, 2, 1, 2};
        boolean[] made = {true, true, false, true, false, false, true, false};
        for (int i = 0; i < order.length; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            predictor.predict(x[order[i]], y[order[i]]);
            assertEquals(made[i], THREADS.getCurrentThreadAllocatedBytes() - before >= 2 * 4 * 50_000, "call " + i);
        }
    }

    /** Counts the passes that run at a time, and fails on demand. */
    private static final class Watched extends PassThrough implements Cloneable {
        private final AtomicInteger running;
        private final AtomicInteger most;
        private boolean fails;

        Watched(AtomicInteger running, AtomicInteger most) {
            this.running = running;
            this.most = most;
        }

        @Override
        public String type() {
            return "Watched";
        }

        @Override
        protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
            fails = input.batch() == 2;
        }

        @Override
        protected Tensor compute(Tensor x, Phase phase) {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running.decrementAndGet();
            if (fails) {
                throw new IllegalStateException("given two, needed another number");
            }
            return x;
        }
    }

    @Test
    void noMoreCallersRunThanMay() throws Exception {
        AtomicInteger most = new AtomicInteger();
        Predictor predictor = Predictor.builder(Sequential.of(new Watched(new AtomicInteger(), most))).callers(2).build();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                done.add(threads.submit(() -> {
                    for (int i = 0; i < 10; i++) {
                        predictor.predict(Tensor.zeros(Shape.of(1, 3)));
                    }
                }));
            }
            for (Future<?> one : done) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        assertEquals(2, most.get());
    }

    @Test
    void aCallThatFailsLeavesNothingBehind() {
        Predictor predictor = Predictor.builder(Sequential.of(new Watched(new AtomicInteger(), new AtomicInteger())))
                .callers(1).build();
        for (int i = 0; i < 3; i++) {
            assertThrows(IllegalStateException.class, () -> predictor.predict(Tensor.zeros(Shape.of(2, 3))));
            assertArrayEquals(new float[3], predictor.predict(Tensor.zeros(Shape.of(1, 3))).data());
        }
    }

    @Test
    void badInputIsRefusedByName() {
        Graph network = graph();
        Predictor predictor = Predictor.builder(network).images(4).callers(1).build();
        Tensor[] x = inputs(2, 5, 7, 1);
        refused(IllegalArgumentException.class, "inputs: given [image], needed other", () -> predictor.predict(Map.of("image", x[0])));
        refused(IllegalArgumentException.class,
                "inputs: given " + new TreeSet<>(List.of("image", "other", "z")) + ", needed tensors for names among [image, other]",
                () -> predictor.predict(new TreeMap<>(Map.of("image", x[0], "other", x[1], "z", x[1]))));
        refused(IllegalArgumentException.class, "outputs: given [mask], needed tensors for names among [scores, map]",
                () -> predictor.predict(named(x), Map.of("mask", x[0])));
        refused(ShapeException.class, "map: given [2, 2, 5, 7], needed [2, 6, 5, 7]",
                () -> predictor.predict(named(x), Map.of("map", x[0])));
        refused(IllegalArgumentException.class, "image: given [5, 2, 5, 7], needed a batch of at most 4",
                () -> predictor.predict(named(inputs(5, 5, 7, 1))));
        refused(IllegalStateException.class, "predict: given a call for one input and one output, needed one by name for "
                + "[image, other] and [scores, map]", () -> predictor.predict(x[0]));
        Tensor wrong = Tensor.zeros(Shape.of(2, 3, 5, 7));
        refused(ShapeException.class, "stem (CoordConv) input: given [2, 3, 5, 7], needed [N, 2, H, W]",
                () -> predictor.predict(Map.of("image", wrong, "other", x[1])));
        // After all that a sound call is one, and no caller is missing.
        equal(own(network, x), predictor.predict(named(x)));
        Predictor one = Predictor.of(Sequential.of(new ReLU()), Execution.INFERENCE);
        refused(NullPointerException.class, "x: given null, needed a tensor", () -> one.predict((Tensor) null));
        refused(NullPointerException.class, "y: given null, needed a tensor", () -> one.predict(x[0], null));
        refused(ShapeException.class, "y: given [2, 3, 5, 7], needed [2, 2, 5, 7]", () -> one.predict(x[0], wrong));
    }

    @Test
    void whatMakesNoPredictorIsRefused() {
        refused(IllegalArgumentException.class, "network: given Add, needed a Graph, which names its inputs and outputs, or a "
                + "layer with one of each", () -> Predictor.builder(new Add()));
        refused(IllegalStateException.class, "conv1 (Conv2D) weight: given no values, needed initialise(seed) or loaded weights first",
                () -> Predictor.of(ExampleNetworks.dcn2(), Execution.INFERENCE));
        refused(IllegalArgumentException.class, "execution: given one with gradients, needed one without, such as Execution.INFERENCE",
                () -> Predictor.of(new ReLU(), Execution.TRAINING));
        refused(IllegalArgumentException.class, "callers: given 0, needed at least 1", () -> Predictor.builder(new ReLU()).callers(0));
        UnaryLayer own = new PassThrough() {
            @Override
            public String type() {
                return "Own";
            }
        };
        refused(IllegalArgumentException.class, "layer 1 (Own): given " + own.getClass().getName() + ", which cannot be copied, needed "
                + "a class that implements Cloneable, or one that overrides replica",
                () -> Predictor.of(Sequential.of(new ReLU(), own), Execution.INFERENCE));
    }

    /** A layer whose author forgot that its copies need parameters of their own. */
    private static final class Forgetful extends PassThrough implements Cloneable {
        private final Parameter shift = Parameter.statistic("shift", Shape.of(1), (into, in, out, random) -> into[0] = 1);

        @Override
        public String type() {
            return "Forgetful";
        }

        @Override
        protected List<Parameter> own() {
            return List.of(shift);
        }
    }

    @Test
    void aCopyThatSharesParametersIsRefused() {
        refused(IllegalArgumentException.class, "layer 0 (Forgetful): given a copy of " + Forgetful.class.getName()
                + " that shares parameters or children with it, needed an override of replica that replaces them",
                () -> Predictor.of(Sequential.of(new Forgetful()), Execution.INFERENCE));
    }
}

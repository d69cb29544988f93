package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.CoordPreset;
import coordconv.kernels.Workers;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.PReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Softmax;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.activations.Unary;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.convolution.Deformation;
import coordconv.layers.convolution.Linear;
import coordconv.layers.merging.Add;
import coordconv.layers.merging.Binary;
import coordconv.layers.merging.BinaryFunction;
import coordconv.layers.merging.Concat;
import coordconv.layers.merging.Mul;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.ChannelNorm;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.normalisation.GroupNorm;
import coordconv.layers.normalisation.LayerNorm;
import coordconv.layers.normalisation.LocalResponseNorm;
import coordconv.layers.pooling.AdaptiveAvgPool2d;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.PoolSpec;
import coordconv.layers.pooling.Reduce;
import coordconv.layers.pooling.Reduction;
import coordconv.layers.shaping.ChannelShuffle;
import coordconv.layers.shaping.DepthToSpace;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.Pad;
import coordconv.layers.shaping.Pick;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import coordconv.layers.shaping.Slice;
import coordconv.layers.shaping.Tile;
import coordconv.layers.shaping.Transpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a planned inference computes, in whatever layouts, is what the layers compute one by one in NCHW: parameters and inputs
 * are small integers, so that convolutions are exact in every order of summation, and everything is compared to the bit.
 */
class InferencePlanTest {
    /** Coordinates of 9 rows and 5 columns are multiples of 1/4. */
    private static final Shape IMAGES = Shape.of(2, 3, 9, 5);
    /** Channels between the layers: a vector of 512 bits and some more. */
    private static final int CHANNELS = 20;

    /**
     * A layer, or some, between two convolutions.
     *
     * @param name for people
     * @param between reads what the first convolution gives
     */
    record Case(String name, BiFunction<Graph.Builder, Graph.Value, Graph.Value> between) {
        static Case of(String name, java.util.function.Supplier<Layer> layer) {
            return new Case(name, (graph, x) -> graph.add("between", layer.get(), x));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Conv2d conv(int in, int out, int kernel) {
        return new Conv2d(ConvSpec.of(in, out, kernel).withPadding(kernel / 2));
    }

    /** Its variance is 1, and 1 / sqrt(1 + 3) is exact. */
    private static BatchNorm2d halving() {
        return new BatchNorm2d(CHANNELS, 3, 0.1);
    }

    private static Graph.Value other(Graph.Builder graph, Graph.Value x) {
        return graph.add("other", conv(CHANNELS, CHANNELS, 1), x);
    }

    /** A convolution that does not read x itself, and so may add into it. */
    private static Graph.Value second(Graph.Builder graph, Graph.Value x) {
        return graph.add("second", conv(CHANNELS, CHANNELS, 1), other(graph, x));
    }

    private static Graph.Value factors(Graph.Builder graph, Graph.Value x) {
        return graph.add("factors", new GlobalMaxPool2d(), x);
    }

    private static ResizeSpec nearest(int[] axes, double... scales) {
        return ResizeSpec.byScales(ResizeSpec.Mode.NEAREST, axes, scales);
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.of("max pool 2", () -> new MaxPool2d(2)));
        cases.add(Case.of("max pool 3, stride 2, padding 1", () -> new MaxPool2d(3, 2, 1)));
        cases.add(Case.of("max pool 3, stride 1, padding 1", () -> new MaxPool2d(3, 1, 1)));
        cases.add(Case.of("max pool, dilated", () -> new MaxPool2d(PoolSpec.of(2, 3).withStride(1).withDilation(2, 2))));
        cases.add(Case.of("mean pool 2", () -> new AvgPool2d(2)));
        cases.add(Case.of("mean pool 3, padding", () -> new AvgPool2d(PoolSpec.of(3, 3).withStride(2).withPadding(1), true)));
        cases.add(Case.of("mean pool 3, inside", () -> new AvgPool2d(PoolSpec.of(3, 3).withStride(2).withPadding(1), false)));
        cases.add(Case.of("adaptive mean", () -> new AdaptiveAvgPool2d(4, 3)));
        cases.add(Case.of("global mean", GlobalAvgPool2d::new));
        cases.add(Case.of("global max", GlobalMaxPool2d::new));
        cases.add(Case.of("clip", () -> Unary.clip(-5, 5)));
        cases.add(Case.of("clip from 0, which a convolution absorbs", () -> Unary.clip(0, 5)));
        cases.add(Case.of("clip from 0 without an upper bound", () -> Unary.clip(0, Float.POSITIVE_INFINITY)));
        cases.add(Case.of("clip to 0", () -> Unary.clip(0, 0)));
        cases.add(new Case("normalisation and clip that a convolution absorbs", (graph, x) ->
                graph.add("clip", Unary.clip(0, 1.5f), graph.add("norm", halving(), other(graph, x)))));
        cases.add(new Case("sum and clip", (graph, x) ->
                graph.add("clip", Unary.clip(0, 7), graph.add("sum", new Add(), second(graph, x), x))));
        cases.add(new Case("sum and a clip that no convolution absorbs", (graph, x) ->
                graph.add("clip", Unary.clip(-7, 7), graph.add("sum", new Add(), second(graph, x), x))));
        cases.add(Case.of("sigmoid-like", Unary::tanh));
        cases.add(Case.of("slope for each channel", () -> new PReLU(CHANNELS)));
        cases.add(Case.of("softmax", () -> new Softmax(1)));
        cases.add(Case.of("spatial softmax", SpatialSoftmax::new));
        cases.add(Case.of("dropout", () -> new Dropout(0.5)));
        cases.add(Case.of("group norm", () -> new GroupNorm(4, CHANNELS)));
        cases.add(new Case("group norm far from 0, where squares of numbers are no longer exact", (graph, x) ->
                graph.add("norm", new GroupNorm(4, CHANNELS), graph.add("far",
                        Binary.withConstant(BinaryFunction.ADD, Tensor.of(new float[] {1 << 23}, Shape.of(1))), x))));
        cases.add(Case.of("layer norm", () -> new LayerNorm(Shape.of(5), 1e-5)));
        cases.add(Case.of("channel norm", () -> new ChannelNorm(CHANNELS, 1e-6)));
        cases.add(Case.of("neighbouring channels", () -> new LocalResponseNorm(5, 1e-4, 0.75, 1)));
        cases.add(Case.of("sums over columns", () -> new Reduce(Reduction.SUM, true, 3)));
        cases.add(Case.of("some rows", () -> Slice.of(2, 1, 7)));
        cases.add(Case.of("rows twice", () -> new Tile(1, 1, 2, 1)));
        cases.add(Case.of("picked channels", () -> new Pick(1, 7, 3, 3)));
        cases.add(Case.of("transposed image", () -> new Transpose(0, 1, 3, 2)));
        cases.add(Case.of("shuffle", () -> new ChannelShuffle(4)));
        cases.add(Case.of("depth to space", () -> new DepthToSpace(2, true)));
        cases.add(Case.of("pad", () -> Pad.images(Pad.Mode.CONSTANT, 1, 2, 0, 1)));
        cases.add(Case.of("nearest", () -> new Resize(ResizeSpec.byScales(ResizeSpec.Mode.NEAREST, 2, 2))));
        cases.add(Case.of("linear", () -> new Resize(ResizeSpec.byScales(ResizeSpec.Mode.LINEAR, 2, 2))));
        cases.add(Case.of("transposed", () -> new ConvTranspose2d(ConvSpec.of(CHANNELS, 12, 2).withStride(2))));
        cases.add(Case.of("coordinates", () -> new CoordConv2d(ConvSpec.of(CHANNELS, 12, 3).withPadding(1), CoordPreset.PADDLE)));
        cases.add(Case.of("coordinates, 1x1", () -> new CoordConv2d(ConvSpec.of(CHANNELS, 12, 1), CoordPreset.PADDLE)));
        cases.add(new Case("deformable", (graph, x) -> new DeformableConv2d(ConvSpec.of(CHANNELS, 12, 3).withPadding(1), Deformation.V2)
                .predicted(graph, "deformable", x, CoordPreset.NONE)));
        cases.add(Case.of("groups", () -> new Conv2d(ConvSpec.of(CHANNELS, 30, 3).withPadding(1).withGroups(2))));
        cases.add(Case.of("depthwise", () -> new Conv2d(ConvSpec.of(CHANNELS, CHANNELS, 3).withPadding(1).withGroups(CHANNELS))));
        cases.add(Case.of("few channels", () -> conv(CHANNELS, 3, 3)));
        cases.add(Case.of("one channel", () -> conv(CHANNELS, 1, 3)));
        cases.add(new Case("normalisation that nobody absorbs", (graph, x) ->
                graph.add("norm", halving(), graph.add("pool", new MaxPool2d(2), x))));
        cases.add(new Case("normalisation and ReLU that a convolution absorbs", (graph, x) ->
                graph.add("relu", new ReLU(), graph.add("norm", halving(), other(graph, x)))));
        cases.add(new Case("normalisation that absorbs ReLU", (graph, x) ->
                graph.add("relu", new ReLU(), graph.add("norm", halving(), graph.add("pool", new MaxPool2d(2), x)))));
        cases.add(new Case("normalisation of groups that absorbs leaky ReLU", (graph, x) ->
                graph.add("relu", new LeakyReLU(0.25f), graph.add("norm", new GroupNorm(4, CHANNELS), x))));
        cases.add(new Case("normalisation of planes that absorbs leaky ReLU", (graph, x) -> graph.add("relu", new LeakyReLU(0.25f),
                graph.add("norm", halving(), graph.add("unlike", new Unlike(), x)))));
        cases.add(new Case("sum", (graph, x) -> graph.add("sum", new Add(), x, other(graph, x))));
        cases.add(new Case("sum of three", (graph, x) -> graph.add("sum", new Add(), other(graph, x), x, x)));
        cases.add(new Case("sum and ReLU", (graph, x) ->
                graph.add("relu", new ReLU(), graph.add("sum", new Add(), other(graph, x), x))));
        cases.add(new Case("difference", (graph, x) ->
                graph.add("difference", new Binary(BinaryFunction.SUBTRACT), x, other(graph, x))));
        cases.add(new Case("a number for each channel", (graph, x) ->
                graph.add("difference", new Binary(BinaryFunction.SUBTRACT), x, factors(graph, x))));
        cases.add(new Case("a factor for each channel", (graph, x) -> graph.add("product", new Mul(), x, factors(graph, x))));
        cases.add(Case.of("constant", () -> Binary.withConstant(BinaryFunction.MULTIPLY, Tensor.of(new float[] {3}, Shape.of(1)))));
        cases.add(Case.of("constants for each channel", () ->
                Binary.withConstant(BinaryFunction.MULTIPLY, Samples.integers(Shape.of(CHANNELS, 1, 1), 3, 8))));
        for (int axis = 0; axis < 4; axis++) {
            int along = axis;
            cases.add(new Case("joined along " + axis, (graph, x) -> graph.add("joined", new Concat(along), x, other(graph, x))));
        }
        cases.add(new Case("planes joined to pixels", (graph, x) ->
                graph.add("joined", new Concat(), other(graph, x), graph.add("unlike", new Unlike(), x))));
        Map<String, ResizeSpec> specs = Map.of("both", nearest(new int[] {2, 3}, 2, 2), "rows", nearest(new int[] {2}, 2),
                "columns", nearest(new int[] {3}, 3), "nothing", nearest(new int[] {2}, 1),
                "channels", nearest(new int[] {1}, 2), "channels and rows", nearest(new int[] {1, 2}, 2, 2),
                "a part", nearest(new int[] {2, 3}, 1, 1).withCrop(new ResizeSpec.Crop(
                        List.of(-0.5, 0.25), List.of(0.7, 1.5), 5)));
        specs.forEach((what, spec) -> {
            cases.add(new Case("joined, enlarged along " + what, (graph, x) ->
                    graph.add("joined", new Concat(), graph.add("enlarged", new Resize(spec), x),
                            graph.add("again", new Resize(spec), other(graph, x)))));
        });
        cases.add(new Case("in a container in a container", (graph, x) -> graph.add("inner",
                Sequential.of(conv(CHANNELS, CHANNELS, 3), Sequential.of(new ReLU(), new MaxPool2d(2))), x)));
        return cases;
    }

    /** x -> convolution -> what is between -> convolution -> y, and what is between once more, flat, where it is no image. */
    private static Graph network(Case one) {
        Graph.Builder graph = Graph.builder();
        Graph.Value first = graph.add("first", conv(3, CHANNELS, 3), graph.input("x"));
        Graph.Value between = one.between.apply(graph, first);
        graph.output("flat", graph.add("flat", new Flatten(), between));
        graph.output("between", between);
        graph.output("y", graph.add("last", new Unlike(), between));
        return graph.build();
    }

    /** A layer of a user's, which knows NCHW alone: each number doubled and its index added. */
    private static final class Unlike extends UnaryLayer implements Cloneable {
        private Tensor y;

        @Override
        public String type() {
            return "Unlike";
        }

        @Override
        protected Shape infer(Shape input) {
            return input;
        }

        @Override
        protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
            y = Tensor.zeros(output);
        }

        @Override
        protected Tensor compute(Tensor x, Phase phase) {
            for (int i = 0; i < y.data().length; i++) {
                y.data()[i] = 2 * x.data()[i] + i;
            }
            return y;
        }

        @Override
        protected Tensor propagate(Tensor dy) {
            return dy;
        }
    }

    private static void fill(Layer network) {
        network.initialise(1);
        int seed = 0;
        for (Parameter parameter : network.parameters().values()) {
            Samples.fillIntegers(parameter.values(), 1, ++seed);
            parameter.changed();
        }
    }

    private static List<float[]> run(Layer network, List<Shape> shapes, Execution execution) {
        Tensor[] x = new Tensor[shapes.size()];
        Arrays.setAll(x, i -> Samples.integers(shapes.get(i), 2, 5 + i));
        network.configure(shapes, execution, false);
        network.forward(x, Phase.INFERENCE);
        // Twice: nothing of a pass may be left for the next, and nothing that a layer does not write.
        if (network.wiring().plan() != null) {
            BufferPlan buffers = network.wiring().plan().buffers();
            buffers.values().forEach(value -> Arrays.fill(buffers.array(value), Float.NaN));
        }
        return Arrays.stream(network.forward(x, Phase.INFERENCE)).map(y -> y.data().clone()).toList();
    }

    private static void assertSame(Layer network, List<Shape> shapes, Execution planned, String what) {
        List<float[]> expected = run(network, shapes, Execution.TRAINING);
        List<float[]> actual = run(network, shapes, planned);
        for (int k = 0; k < expected.size(); k++) {
            assertArrayEquals(expected.get(k), actual.get(k), what + ", output " + k);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyLayerComputesTheSameWhereImagesLieOtherwise(Case one) {
        Graph network = network(one);
        fill(network);
        assertSame(network, List.of(IMAGES), Execution.INFERENCE, one.name);
        assertTrue(network.wiring().plan().describe().getFirst().endsWith("NCHW -> NHWC"), network.wiring().plan().describe().toString());
        try (Workers workers = new Workers(3)) {
            assertSame(network, List.of(IMAGES), Execution.INFERENCE.withParallelism(workers.parallelism()), one.name);
        }
    }

    private static InferencePlan planOf(Layer network, Shape shape, Execution execution) {
        network.configure(shape, execution);
        return network.wiring().plan();
    }

    /** Convolutions whose images are large run on some images at a time; the rest on all. */
    @Test
    void blocksOfImagesGiveWhatTheWholeBatchGives() {
        Sequential network = Sequential.of(conv(3, 32, 3), new ReLU(), new Conv2d(ConvSpec.of(32, 48, 3).withStride(2)),
                new MaxPool2d(3), new Flatten(), new Linear(48 * 25, 5));
        fill(network);
        Shape batch = Shape.of(24, 3, 32, 32);
        assertTrue(planOf(network, batch, Execution.INFERENCE).blocks() > 1);
        assertEquals(0, planOf(network, Shape.of(1, 3, 32, 32), Execution.INFERENCE).blocks());
        assertSame(network, List.of(batch), Execution.INFERENCE, "blocks");
        try (Workers workers = new Workers(2)) {
            assertSame(network, List.of(batch), Execution.INFERENCE.withParallelism(workers.parallelism()), "blocks");
        }
    }

    /** An input that later layers read as a whole, and a value that is an output and is read inside the blocks as well. */
    @Test
    void whatBlocksReadAndWriteForOthersIsWhole() {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        Graph.Value a = g.add("a", conv(3, 32, 3), x);
        Graph.Value b = g.add("b", conv(32, 16, 3), a);
        g.output("b", b);
        Graph.Value c = g.add("c", conv(16, 16, 3), b);
        g.output("y", g.add("flat", new Flatten(), c));
        g.output("z", g.add("like", new Unlike(), x));
        Graph network = g.build();
        fill(network);
        List<Shape> shapes = List.of(Shape.of(30, 3, 40, 40));
        network.configure(shapes, Execution.INFERENCE, false);
        assertTrue(network.wiring().plan().blocks() > 1);
        assertSame(network, shapes, Execution.INFERENCE, "blocks");
    }

    /** A value of the blocks that nobody reads behind them but a convolution, which adds into it. */
    @Test
    void whatIsAddedIntoBehindTheBlocksIsWhole() {
        Graph.Builder g = Graph.builder();
        Graph.Value stem = g.add("stem", conv(3, 32, 3), g.input("x"));
        Graph.Value a = g.add("a", conv(32, 32, 3), stem);
        Graph.Value large = g.add("large", conv(32, 32, 13), a);
        g.output("y", g.add("sum", new Add(), large, stem));
        Graph network = g.build();
        fill(network);
        List<Shape> shapes = List.of(Shape.of(64, 3, 16, 16));
        network.configure(shapes, Execution.INFERENCE, false);
        assertTrue(network.wiring().plan().blocks() > 1);
        assertFalse(network.wiring().plan().describe().toString().contains("sum"), network.wiring().plan().describe().toString());
        assertSame(network, shapes, Execution.INFERENCE, "added");
    }

    /** What is joined with itself cannot lie in both places. */
    @Test
    void aValueIsJoinedTwice() {
        Graph.Builder g = Graph.builder();
        Graph.Value a = g.add("a", conv(CHANNELS, CHANNELS, 3), g.add("stem", conv(3, CHANNELS, 3), g.input("x")));
        g.output("y", g.add("last", conv(2 * CHANNELS, CHANNELS, 1), g.add("join", new Concat(1), a, a)));
        Graph network = g.build();
        fill(network);
        assertSame(network, List.of(IMAGES), Execution.INFERENCE, "joined");
    }

    /** A normalisation computes the activation behind it, unless somebody reads what lies between. */
    @Test
    void normalisationsComputeTheActivationBehindThem() {
        Sequential network = Sequential.of(new MaxPool2d(2), halving(), new ReLU(), new GroupNorm(4, CHANNELS), new LeakyReLU(0.25f),
                new BatchNorm2d(CHANNELS), new PReLU(1));
        network.initialise(1);
        assertEquals(List.of("0 (MaxPool2D)", "1 (BatchNorm2D)", "3 (GroupNorm)", "5 (BatchNorm2D)", "6 (PReLU)"),
                planOf(network, Shape.of(2, CHANNELS, 8, 8), Execution.INFERENCE).describe().stream()
                        .map(line -> line.replaceAll(" N.*", "")).toList());
        Graph.Builder g = Graph.builder();
        Graph.Value norm = g.add("norm", halving(), g.input("x"));
        g.output("y", g.add("relu", new ReLU(), norm));
        g.output("between", norm);
        Graph seen = g.build();
        fill(seen);
        assertSame(seen, List.of(Shape.of(2, CHANNELS, 3, 3)), Execution.INFERENCE, "seen");
    }

    /** Between layers that take nothing else images stay in planes, and nothing is laid out anew. */
    @Test
    void noLayoutIsChangedForNothing() {
        Sequential network = Sequential.of(new Unlike(), conv(12, 12, 3), new Unlike());
        network.initialise(1);
        List<String> layers = planOf(network, Shape.of(1, 12, 8, 8), Execution.INFERENCE).describe();
        assertEquals(3, layers.size(), layers.toString());
        assertFalse(layers.toString().contains("NHWC"), layers.toString());
    }

    /** Two residual blocks, the second of which adds to what the first gave, and a block whose input is needed later. */
    @Test
    void convolutionsAddIntoWhatNobodyReadsAnyMore() {
        Graph.Builder g = Graph.builder();
        Graph.Value stem = g.add("stem", conv(3, CHANNELS, 3), g.input("x"));
        Graph.Value a = g.add("a", conv(CHANNELS, CHANNELS, 3), stem);
        Graph.Value b = g.add("b", conv(CHANNELS, CHANNELS, 3), a);
        Graph.Value first = g.add("relu1", new ReLU(), g.add("sum1", new Add(), b, stem));
        Graph.Value c = g.add("c", conv(CHANNELS, CHANNELS, 3), first);
        Graph.Value d = g.add("norm", halving(), g.add("d", conv(CHANNELS, CHANNELS, 1), c));
        Graph.Value second = g.add("relu2", new ReLU(), g.add("sum2", new Add(), first, d));
        Graph.Value e = g.add("e", conv(CHANNELS, CHANNELS, 3), g.add("f", conv(CHANNELS, CHANNELS, 1), second));
        Graph.Value third = g.add("sum3", new Add(), e, second);
        g.output("y", g.add("later", new Add(), third, second));
        Graph network = g.build();
        fill(network);
        assertSame(network, List.of(IMAGES), Execution.INFERENCE, "sums");
        List<String> layers = network.wiring().plan().describe();
        assertEquals(List.of("stem", "a", "b", "c", "d", "f", "e", "sum3", "later", ""),
                layers.stream().map(layer -> layer.startsWith("to ") ? "" : layer.substring(0, layer.indexOf(' '))).toList());
    }

    @Test
    void aLayerConfiguredAloneAgainReadsAndWritesPlanes() {
        Conv2d first = conv(3, CHANNELS, 3);
        Sequential network = Sequential.of(first, conv(CHANNELS, CHANNELS, 3));
        fill(network);
        Tensor x = Samples.integers(IMAGES, 2, 1);
        network.configure(IMAGES, Execution.TRAINING);
        first.configure(IMAGES, Execution.TRAINING);
        float[] expected = first.forward(x, Phase.INFERENCE).data().clone();
        network.configure(IMAGES, Execution.INFERENCE);
        first.configure(IMAGES, Execution.INFERENCE);
        assertArrayEquals(expected, first.forward(x, Phase.INFERENCE).data());
    }
}

package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.kernels.Parallelism;
import coordconv.kernels.Workers;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.merging.Add;
import coordconv.layers.merging.Concat;
import coordconv.layers.merging.Mul;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.shaping.Flatten;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static final Shape IMAGES = Shape.of(2, 2, 3, 4);

    private static Conv2d conv(int in, int out) {
        return new Conv2d(ConvSpec.of(in, out, 3).withPadding(1));
    }

    /** x -> a; b and c read a; y = b + c, and z = b. */
    private static Graph diamond() {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        Graph.Value a = g.add("a", conv(2, 3), x);
        Graph.Value b = g.add("b", new LeakyReLU(0.25f), a);
        Graph.Value c = g.add("c", conv(3, 3), a);
        g.output("y", g.add("sum", new Add(), b, c));
        g.output("z", b);
        return g.build();
    }

    private static Tensor copy(Tensor of) {
        return Tensor.of(of.data().clone(), of.shape());
    }

    @Test
    void structureIsReadInOrder() {
        Graph graph = diamond();
        assertEquals(List.of("a", "b", "c", "sum"), graph.nodes().stream().map(Graph.Node::name).toList());
        assertEquals(List.of("x"), graph.inputs().stream().map(Graph.Value::source).toList());
        assertEquals(List.of("y", "z"), List.copyOf(graph.outputs().keySet()));
        assertEquals("[b, c]", graph.nodes().getLast().inputs().toString());
        assertEquals(List.of("a.weight", "a.bias", "c.weight", "c.bias"), List.copyOf(graph.parameters().keySet()));
        assertEquals(List.of(Shape.of(2, 3, 3, 4), Shape.of(2, 3, 3, 4)), graph.outputShapes(List.of(IMAGES)));
        assertEquals(List.of("a", "b", "c", "sum"), graph.rows(IMAGES).stream().map(LayerRow::name).toList());
        assertEquals(2, graph.rows(IMAGES).getLast().inputs().size());
    }

    @Test
    void diamondWithTwoOutputsEqualsItsHandWrittenComposition() {
        Graph graph = diamond();
        graph.initialise(3);
        graph.configure(List.of(IMAGES), Execution.TRAINING, true);
        Conv2d a = conv(2, 3);
        Conv2d c = conv(3, 3);
        LeakyReLU b = new LeakyReLU(0.25f);
        graph.parameters().forEach((name, parameter) -> ((name.startsWith("a.")) ? a : c).parameters()
                .get(name.substring(2)).set(parameter.values()));
        a.configure(IMAGES, Execution.TRAINING, true);
        Shape inner = Shape.of(2, 3, 3, 4);
        b.configure(inner, Execution.TRAINING, true);
        c.configure(inner, Execution.TRAINING, true);

        Tensor x = Samples.gaussian(IMAGES, 5);
        Tensor dy = Samples.gaussian(inner, 6);
        Tensor dz = Samples.gaussian(inner, 7);
        Tensor[] given = graph.forward(new Tensor[] {x}, Phase.TRAINING);
        Tensor middle = a.forward(x, Phase.TRAINING);
        Tensor left = b.forward(middle, Phase.TRAINING);
        Tensor right = c.forward(middle, Phase.TRAINING);
        float[] sum = new float[inner.elements()];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = left.data()[i] + right.data()[i];
        }
        assertArrayEquals(sum, given[0].data());
        assertArrayEquals(left.data(), given[1].data());

        Tensor[] dx = graph.backward(new Tensor[] {copy(dy), copy(dz)});
        float[] throughC = c.backward(copy(dy)).data();
        Tensor onB = Tensor.zeros(inner);
        for (int i = 0; i < sum.length; i++) {
            onB.data()[i] = dz.data()[i] + dy.data()[i];
        }
        float[] throughB = b.backward(onB).data();
        Tensor onA = Tensor.zeros(inner);
        for (int i = 0; i < sum.length; i++) {
            onA.data()[i] = throughC[i] + throughB[i];
        }
        assertArrayEquals(a.backward(onA).data(), dx[0].data());
        assertArrayEquals(a.weight().gradient(), graph.parameters().get("a.weight").gradient());
        assertArrayEquals(c.weight().gradient(), graph.parameters().get("c.weight").gradient());
    }

    @Test
    void gradientsOfMergesAreDifferencesToTheLastBit() {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        Graph.Value a = g.add("a", conv(2, 2), x);
        Graph.Value b = g.add("b", conv(2, 2), x);
        Graph.Value joined = g.add("joined", new Concat(), a, x, b);
        Graph.Value twice = g.add("twice", new Add(), joined, joined, joined);
        g.output("y", g.add("c", conv(6, 2), twice));
        Graph graph = g.build();
        int seed = 1;
        for (Parameter parameter : graph.parameters().values()) {
            Samples.fillIntegers(parameter.values(), 2, seed++);
            parameter.changed();
        }
        ExactGradients.check(graph, Samples.integers(IMAGES, 2, 9), 1, 10);
    }

    @Test
    void gradientsOfProductsAreDifferences() {
        Graph.Builder g = Graph.builder();
        Graph.Value a = g.input("a");
        Graph.Value b = g.input("b");
        Graph.Value factors = g.input("factors");
        Graph.Value product = g.add("product", new Mul(), a, b);
        Graph.Value scaled = g.add("scaled", new Mul(), factors, product);
        g.output("y", g.add("again", new Mul(), scaled, factors));
        Graph graph = g.build();
        Shape each = Shape.of(2, 2, 1, 1);
        assertEquals(List.of(IMAGES), graph.configure(List.of(IMAGES, IMAGES, each), Execution.TRAINING, true));
        Tensor[] x = {Samples.integers(IMAGES, 3, 1), Samples.integers(IMAGES, 3, 2), Samples.integers(each, 3, 3)};
        Tensor dy = Samples.integers(IMAGES, 3, 4);
        float[] y = graph.forward(x, Phase.TRAINING)[0].data().clone();
        Tensor[] dx = graph.backward(new Tensor[] {copy(dy)}).clone();
        float[] onFactors = new float[4];
        for (int i = 0; i < y.length; i++) {
            float f = x[2].data()[i / 12];
            float ab = x[0].data()[i] * x[1].data()[i];
            assertEquals(ab * f * f, y[i]);
            assertEquals(dy.data()[i] * x[1].data()[i] * f * f, dx[0].data()[i]);
            assertEquals(dy.data()[i] * x[0].data()[i] * f * f, dx[1].data()[i]);
            onFactors[i / 12] += 2 * dy.data()[i] * ab * f;
        }
        assertArrayEquals(onFactors, dx[2].data());
    }

    /** {@code y = x * sigmoid(W mean(x) + b) + x}, squeeze and excitation with a shortcut. */
    @Test
    void gradientsAreTheDifferencesInDouble() {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        Graph.Value gate = g.add("gate", new Sigmoid(), g.add("mix", new Conv2d(ConvSpec.of(2, 2, 1)),
                g.add("mean", new GlobalAvgPool2d(), x)));
        g.output("y", g.add("sum", new Add(), g.add("gated", new Mul(), x, gate), x));
        Graph graph = g.build();
        graph.initialise(2);
        graph.parameters().get("mix.bias").set(0.25f, -0.5f);
        GradientCheck.against((in, parameters) -> {
            double[] out = new double[in.length];
            for (int n = 0; n < 2; n++) {
                for (int o = 0; o < 2; o++) {
                    double z = parameters[1][o];
                    for (int c = 0; c < 2; c++) {
                        for (int p = 0; p < 12; p++) {
                            z += parameters[0][2 * o + c] * in[(2 * n + c) * 12 + p] / 12;
                        }
                    }
                    for (int p = 0; p < 12; p++) {
                        int i = (2 * n + o) * 12 + p;
                        out[i] = in[i] * (1 / (1 + Math.exp(-z))) + in[i];
                    }
                }
            }
            return out;
        }).roundings(16).cancelling(1).check(graph, Samples.gaussian(IMAGES, 3), 4);
    }

    @Test
    void threadsChangeNoBit() {
        Shape images = Shape.of(3, 2, 33, 35);
        float[][] serial = trained(images, Parallelism.SERIAL);
        try (Workers workers = new Workers(2)) {
            float[][] shared = trained(images, workers.parallelism());
            for (int i = 0; i < serial.length; i++) {
                assertArrayEquals(serial[i], shared[i]);
            }
        }
    }

    private static float[][] trained(Shape images, Parallelism parallelism) {
        Graph graph = diamond();
        graph.initialise(1);
        List<Shape> shapes = graph.configure(List.of(images), Execution.TRAINING.withParallelism(parallelism), true);
        Tensor[] y = graph.forward(new Tensor[] {Samples.gaussian(images, 1)}, Phase.TRAINING);
        List<float[]> all = new ArrayList<>(List.of(y[0].data().clone(), y[1].data().clone()));
        all.add(graph.backward(new Tensor[] {Samples.gaussian(shapes.get(0), 2), Samples.gaussian(shapes.get(1), 3)})[0]
                .data().clone());
        graph.parameters().values().forEach(parameter -> all.add(parameter.gradient().clone()));
        return all.toArray(float[][]::new);
    }

    @Test
    void whatFollowsAConvolutionAloneIsAbsorbed() {
        Graph.Builder g = Graph.builder();
        Layer norm = new BatchNorm2d(2);
        Layer relu = new ReLU();
        Graph.Value x = g.input("x");
        Graph.Value a = g.add("relu", relu, g.add("norm", norm, g.add("conv", conv(2, 2), x)));
        g.output("y", g.add("sum", new Add(), a, x));
        Graph graph = g.build();
        graph.initialise(1);
        norm.state().get("running_mean").set(1, -1);
        graph.configure(IMAGES, Execution.INFERENCE);
        assertEquals(0, norm.configurations());
        assertEquals(0, relu.configurations());
        Tensor in = Samples.gaussian(IMAGES, 2);
        float[] folded = graph.forward(in, Phase.INFERENCE).data().clone();
        graph.configure(IMAGES, Execution.TRAINING);
        assertEquals(1, norm.configurations());
        float[] apart = graph.forward(in, Phase.INFERENCE).data();
        for (int i = 0; i < apart.length; i++) {
            // 18 products of a weight below 1 and a value below 4, the map and the sum, each rounded once on either way.
            assertEquals(apart[i], folded[i], 2 * 22 * (Math.ulp(1f) / 2) * (18 * 4 + 8), "y[" + i + "]");
        }
    }

    private static Sequential chain() {
        return Sequential.builder()
                .add("block", Sequential.builder().add("conv", new CoordConv2d(ConvSpec.of(2, 3, 3).withPadding(1)))
                        .add("norm", new BatchNorm2d(3)).add("relu", new ReLU()).build())
                .add("flatten", new Flatten()).add("head", new Linear(36, 2, Activation.RELU)).build();
    }

    private static Graph chainAsGraph() {
        Graph.Builder block = Graph.builder();
        block.output("out", block.add("relu", new ReLU(), block.add("norm", new BatchNorm2d(3),
                block.add("conv", new CoordConv2d(ConvSpec.of(2, 3, 3).withPadding(1)), block.input("x")))));
        Graph.Builder g = Graph.builder();
        g.output("y", g.add("head", new Linear(36, 2, Activation.RELU),
                g.add("flatten", new Flatten(), g.add("block", block.build(), g.input("x")))));
        return g.build();
    }

    @Test
    void aChainIsTheSequentialToTheLastBit() {
        Sequential chain = chain();
        Graph graph = chainAsGraph();
        chain.initialise(4);
        graph.initialise(4);
        assertEquals(chain.state().keySet(), graph.state().keySet());
        assertEquals(chain.rows(IMAGES), graph.rows(IMAGES));
        Tensor x = Samples.gaussian(IMAGES, 1);
        Tensor dy = Samples.gaussian(Shape.of(2, 2), 2);
        for (Layer model : List.of(chain, graph)) {
            model.configure(IMAGES, Execution.TRAINING, true);
        }
        assertArrayEquals(chain.forward(x, Phase.TRAINING).data(), graph.forward(x, Phase.TRAINING).data());
        assertArrayEquals(chain.backward(copy(dy)).data(), graph.backward(copy(dy)).data());
        chain.parameters().forEach((name, parameter) ->
                assertArrayEquals(parameter.gradient(), graph.parameters().get(name).gradient(), name));
        for (Layer model : List.of(chain, graph)) {
            model.configure(IMAGES, Execution.INFERENCE);
        }
        assertArrayEquals(chain.forward(x, Phase.INFERENCE).data(), graph.forward(x, Phase.INFERENCE).data());
    }

    @Test
    void whatIsReadTwiceIsNotAbsorbed() {
        Graph.Builder g = Graph.builder();
        Graph.Value a = g.add("a", conv(2, 2), g.input("x"));
        Graph.Value relu = g.add("relu", new ReLU(), a);
        g.output("y", g.add("sum", new Add(), a, relu));
        Graph graph = g.build();
        Graph.Builder h = Graph.builder();
        Graph.Value b = h.add("a", conv(2, 2), h.input("x"));
        h.output("inner", b);
        h.output("y", h.add("relu", new ReLU(), b));
        Graph withInner = h.build();
        Graph.Builder t = Graph.builder();
        Graph.Value c = t.add("a", conv(2, 2), t.input("x"));
        Graph.Value leaky = t.add("leaky", new LeakyReLU(0.5f), c);
        t.output("y", t.add("sum", new Add(), leaky, t.add("relu", new ReLU(), c)));
        Graph twoActivations = t.build();
        Tensor x = Samples.gaussian(IMAGES, 1);
        for (Graph each : List.of(graph, withInner, twoActivations)) {
            each.initialise(1);
            each.configure(List.of(IMAGES), Execution.TRAINING, false);
            float[] expected = each.forward(new Tensor[] {x}, Phase.INFERENCE)[0].data().clone();
            each.configure(List.of(IMAGES), Execution.INFERENCE, false);
            assertArrayEquals(expected, each.forward(new Tensor[] {x}, Phase.INFERENCE)[0].data());
        }
    }

    @Test
    void gradientsThatNobodyAskedForAreLeftOut() {
        Graph graph = diamond();
        graph.initialise(1);
        graph.configure(List.of(IMAGES), Execution.TRAINING, false);
        graph.forward(new Tensor[] {Samples.gaussian(IMAGES, 1)}, Phase.TRAINING);
        Shape inner = Shape.of(2, 3, 3, 4);
        assertNull(graph.backward(new Tensor[] {Samples.gaussian(inner, 2), Samples.gaussian(inner, 3)})[0]);
    }

    @Test
    void aLayerThatWasConfiguredApartIsNotedByItsContainer() {
        Conv2d conv = conv(2, 2);
        Sequential model = Sequential.of(conv, new ReLU());
        model.initialise(1);
        model.configure(IMAGES, Execution.INFERENCE);
        conv.configure(IMAGES, Execution.INFERENCE);
        assertThrows(IllegalStateException.class, () -> model.forward(Samples.gaussian(IMAGES, 1), Phase.INFERENCE));
    }

    private static void refused(String words, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void wrongGraphsAreRefusedWithNames() {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        ReLU relu = new ReLU();
        Graph.Value a = g.add("a", relu, x);
        refused("\"a\"", () -> g.add("a", new ReLU(), x));
        refused("\"x\"", () -> g.add("x", new ReLU(), x));
        refused("\"a\"", () -> g.input("a"));
        refused("\"a.b\"", () -> g.add("a.b", new ReLU(), x));
        refused("layer b: given the instance that is a already", () -> g.add("b", relu, x));
        refused("reads of b", () -> g.add("b", new ReLU()));
        refused("reads of b: given z of another graph", () -> g.add("b", new ReLU(), Graph.builder().input("z")));
        refused("outputs: given none", g::build);
        refused("output y: given the input x", () -> g.output("y", x));
        g.output("y", a);
        refused("output z: given a, which is the output y already", () -> g.output("z", a));
        refused("output: given \"y\"", () -> g.output("y", a));
        refused("layer two: given one with 2 outputs", () -> g.add("two", diamond(), x));
        g.input("idle");
        g.add("dead", new ReLU(), x);
        refused("[idle, dead]", g::build);
        ShapeException refusal = assertThrows(ShapeException.class, () -> diamond().outputShapes(List.of(IMAGES, IMAGES)));
        assertTrue(refusal.getMessage().contains("needed 1, [x]"), refusal.getMessage());
        assertThrows(IllegalStateException.class, () -> diamond().outputShape(IMAGES));
        refusal = assertThrows(ShapeException.class, () -> new Add().outputShape(IMAGES));
        assertEquals("Add inputs: given 1 of [[2, 2, 3, 4]], needed at least 2", refusal.getMessage());
    }

    @Test
    void aGraphOfSeveralOutputsStandsInAnother() {
        Graph.Builder g = Graph.builder();
        List<Graph.Value> both = g.addAll("two", diamond(), g.input("x"));
        g.output("y", g.add("product", new Mul(), both.get(1), both.get(0)));
        Graph outer = g.build();
        outer.initialise(3);
        Graph inner = diamond();
        inner.parameters().forEach((name, parameter) -> parameter.set(outer.parameters().get("two." + name).values()));
        Tensor x = Samples.gaussian(IMAGES, 1);
        outer.configure(IMAGES, Execution.INFERENCE);
        inner.configure(List.of(IMAGES), Execution.INFERENCE, false);
        Tensor[] yz = inner.forward(new Tensor[] {x}, Phase.INFERENCE);
        float[] y = outer.forward(x, Phase.INFERENCE).data();
        for (int i = 0; i < y.length; i++) {
            assertEquals(yz[0].data()[i] * yz[1].data()[i], y[i]);
        }
        assertEquals("two:1", both.get(1).toString());
    }
}

package coordconv.layers.convolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.DeformableConv2dPlan;
import coordconv.kernels.DeformableGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
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
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.internal.FloatLoops;
import coordconv.layers.io.Weights;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.layers.networks.Networks;
import coordconv.layers.optimisers.Adam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layer against its plan, which {@code verification} holds against the definition; and networks that have it. */
class DeformableConv2dTest {
    private static final Shape X = Shape.of(2, 5, 6, 7);
    private static final Shape OFFSETS = Shape.of(2, 18, 6, 7);
    private static final Shape MASK = Shape.of(2, 9, 6, 7);
    private static final Shape Y = Shape.of(2, 4, 6, 7);
    private static final ConvSpec SPEC = ConvSpec.of(5, 4, 3).withPadding(1).withActivation(Activation.RELU);

    private static Tensor copy(Tensor tensor) {
        return Tensor.of(tensor.data().clone(), tensor.shape());
    }

    /** Output and all gradients, with values that a step has changed since the weights were packed first. */
    @Test
    void itComputesWhatItsPlanDoes() {
        DeformableConv2d layer = new DeformableConv2d(SPEC, Deformation.V2, CoordPreset.PADDLE);
        layer.initialise(1);
        layer.configure(List.of(X, OFFSETS, MASK), Execution.TRAINING, true);
        layer.initialise(2);
        layer.bias().set(new float[] {1, -1, 0.5f, 0});
        Tensor[] in = {Samples.gaussian(X, 3), Samples.gaussian(OFFSETS, 4), Samples.gaussian(MASK, 5)};
        Tensor y = layer.forward(in, Phase.TRAINING)[0];
        Tensor dy = Samples.gaussian(Y, 6);
        Tensor[] gradients = layer.backward(new Tensor[] {copy(dy)});

        DeformableConv2dPlan plan = DeformableConv2dPlan.of(DeformableGeometry.of(ConvGeometry.builder().input(2, 5, 6, 7).outChannels(4)
                .kernel(3, 3).padding(1).coords(CoordPreset.PADDLE).build()), PlanOptions.DEFAULTS.withActivation(Activation.RELU));
        float[] expected = new float[Y.elements()];
        plan.forward(in[0].region(), in[1].region(), in[2].region(), plan.pack(layer.weight().region(), layer.bias().region()),
                FloatRegion.of(expected));
        assertArrayEquals(expected, y.data());
        FloatLoops.reluGradient(expected, dy.data(), 0, expected.length);
        PackedGradientWeights packed = plan.packForGradients(layer.weight().region());
        float[] dx = new float[X.elements()];
        plan.backwardInput(dy.region(), in[1].region(), in[2].region(), packed, FloatRegion.of(dx), Parallelism.SERIAL);
        assertArrayEquals(dx, gradients[0].data());
        float[] dOffsets = new float[OFFSETS.elements()];
        float[] dMask = new float[MASK.elements()];
        plan.backwardOffsets(in[0].region(), in[1].region(), in[2].region(), dy.region(), packed, FloatRegion.of(dOffsets),
                FloatRegion.of(dMask), Parallelism.SERIAL);
        assertArrayEquals(dOffsets, gradients[1].data());
        assertArrayEquals(dMask, gradients[2].data());
        float[] dw = new float[layer.weight().shape().elements()];
        plan.backwardWeights(in[0].region(), in[1].region(), in[2].region(), dy.region(), FloatRegion.of(dw), Parallelism.SERIAL);
        assertArrayEquals(dw, layer.weight().gradient());
        float[] db = new float[4];
        plan.backwardBias(dy.region(), FloatRegion.of(db), Parallelism.SERIAL);
        assertArrayEquals(db, layer.bias().gradient());
    }

    /** Each gradient alone, where its container wants no other. */
    @Test
    void gradientsThatNobodyWantsAreLeftOut() {
        Graph.Builder builder = Graph.builder();
        Graph.Value x = builder.input("x");
        DeformableConv2d layer = new DeformableConv2d(SPEC, Deformation.V2);
        Conv2d offsets = new Conv2d(ConvSpec.of(5, 18, 3).withPadding(1));
        Graph graph = builder.output("y", builder.add("conv", layer, x, builder.add("offsets", offsets, x), builder.input("mask"))).build();
        graph.initialise(1);
        graph.configure(List.of(X, MASK), Execution.TRAINING, false);
        graph.forward(new Tensor[] {Samples.gaussian(X, 3), Samples.gaussian(MASK, 4)}, Phase.TRAINING);
        Tensor[] none = graph.backward(new Tensor[] {Samples.gaussian(Y, 5)});
        assertNull(none[0]);
        assertNull(none[1]);
        assertTrue(magnitude(offsets.weight().gradient()) > 0);
    }

    private static double magnitude(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += Math.abs(value);
        }
        return sum;
    }

    /** The graph is the chain of its layers, gradients summed where they meet. */
    @Test
    void predictingIsTheChainOfItsLayers() {
        Graph graph = DeformableConv2d.predicting(SPEC, Deformation.V2, CoordPreset.PADDLE);
        assertEquals(List.of("offsets", "mask", "sigmoid", "conv"), graph.nodes().stream().map(Graph.Node::name).toList());
        graph.initialise(1);
        assertEquals(0, magnitude(graph.state().get("offsets.conv.weight").values()));
        CoordConv2d offsets = new CoordConv2d(ConvSpec.of(5, 18, 3).withPadding(1));
        CoordConv2d mask = new CoordConv2d(ConvSpec.of(5, 9, 3).withPadding(1));
        Sigmoid sigmoid = new Sigmoid();
        DeformableConv2d conv = new DeformableConv2d(SPEC, Deformation.V2);
        offsets.initialise(2);
        mask.initialise(3);
        conv.initialise(4);
        graph.state().get("offsets.conv.weight").set(offsets.weight().values());
        graph.state().get("mask.conv.weight").set(mask.weight().values());
        graph.state().get("conv.weight").set(conv.weight().values());
        graph.configure(X, Execution.TRAINING, true);
        offsets.configure(X, Execution.TRAINING, true);
        mask.configure(X, Execution.TRAINING, true);
        sigmoid.configure(MASK, Execution.TRAINING, true);
        conv.configure(List.of(X, OFFSETS, MASK), Execution.TRAINING, true);
        Tensor x = Samples.gaussian(X, 5);
        Tensor dy = Samples.gaussian(Y, 6);
        Tensor y = conv.forward(new Tensor[] {x, offsets.forward(x, Phase.TRAINING),
            sigmoid.forward(mask.forward(x, Phase.TRAINING), Phase.TRAINING)}, Phase.TRAINING)[0];
        assertArrayEquals(y.data(), graph.forward(x, Phase.TRAINING).data());
        Tensor[] back = conv.backward(new Tensor[] {copy(dy)});
        float[] dx = back[0].data().clone();
        // The last reader's gradient first.
        FloatLoops.accumulate(mask.backward(sigmoid.backward(back[2])).data(), dx, dx.length);
        FloatLoops.accumulate(offsets.backward(back[1]).data(), dx, dx.length);
        assertArrayEquals(dx, graph.backward(dy).data());
        assertArrayEquals(offsets.weight().gradient(), graph.parameters().get("offsets.conv.weight").gradient());
    }

    /** Fresh, and after training it has learned offsets and a mask from zero; twice the same. */
    @Test
    void theExampleNetworkLearns() {
        float[] first = trained();
        assertArrayEquals(first, trained());
    }

    private static float[] trained() {
        Shape input = Shape.of(4, 3, 32, 32);
        Layer network = Networks.named("dcn2-deformable-coord", input);
        network.initialise(7);
        Tensor x = Samples.gaussian(input, 1);
        float[] targets = {1, -1, 0.5f, 0};
        network.configure(input, Execution.TRAINING);
        Adam adam = new Adam();
        adam.bind(network.parameters());
        double before = Double.NaN;
        double loss = 0;
        for (int step = 0; step < 12; step++) {
            Tensor y = network.forward(x, Phase.TRAINING);
            Tensor dy = Tensor.zeros(y.shape());
            loss = 0;
            for (int i = 0; i < targets.length; i++) {
                dy.data()[i] = y.data()[i] - targets[i];
                loss += dy.data()[i] * dy.data()[i];
            }
            before = step == 0 ? loss : before;
            network.backward(dy);
            adam.step(1e-3);
        }
        assertTrue(loss < 0.2 * before, before + " to " + loss);
        for (String name : List.of("offsets.conv.weight", "mask.conv.weight")) {
            float[] values = network.state().get(name).values();
            assertTrue(magnitude(values) > 0, name);
            // The coordinates' columns, the last two of 66 channels, have learned too.
            assertTrue(magnitude(Arrays.copyOfRange(values, 64 * 9, 66 * 9)) > 0, name);
        }
        return network.state().get("conv4.conv.weight").values().clone();
    }

    /** With the offsets at 0 and the mask at 1 the deformable network is dcn2, whose weight files it takes. */
    @Test
    void weightsOfDcn2Load(@TempDir Path folder) throws IOException {
        Sequential dcn2 = ExampleNetworks.dcn2();
        dcn2.initialise(3);
        dcn2.state().get("offsets.weight").set(new float[18 * 64 * 9]);
        dcn2.state().get("mask.weight").set(new float[9 * 64 * 9]);
        float[] open = new float[9];
        Arrays.fill(open, 100);
        dcn2.state().get("mask.bias").set(open);
        Path file = folder.resolve("dcn2.safetensors");
        Weights.save(dcn2, file);
        Layer deformable = Networks.named("dcn2-deformable", Networks.image("dcn2-deformable"));
        assertEquals(dcn2.state().keySet().stream().sorted().toList(), deformable.state().keySet().stream().sorted().toList());
        Weights.load(deformable, file);
        Tensor x = Samples.gaussian(Shape.of(2, 3, 32, 32), 4);
        dcn2.configure(x.shape(), Execution.INFERENCE);
        deformable.configure(x.shape(), Execution.INFERENCE);
        float[] expected = dcn2.forward(x, Phase.INFERENCE).data();
        // A few roundings of sums of the size of the outputs: the order of the sums is another.
        assertArrayEquals(expected, deformable.forward(x, Phase.INFERENCE).data(), 1e-5f);
    }

    @Test
    void summary() {
        Shape image = Networks.image("dcn2-deformable");
        ModelSummary summary = ModelSummary.of(Networks.named("dcn2-deformable", image), image);
        assertEquals(175_644, summary.totalParameters());
        assertEquals(List.of("conv1", "conv2", "conv3", "offsets", "mask", "sigmoid", "conv4", "flatten", "linear1", "linear2"),
                summary.rows().stream().map(row -> row.name()).toList());
        assertEquals("DeformableConv", summary.rows().get(6).type());
        assertEquals(List.of(Shape.of(64, 64, 7, 7), Shape.of(64, 18, 4, 4), Shape.of(64, 9, 4, 4)), summary.rows().get(6).inputs());
    }

    @Test
    void refusals() {
        DeformableConv2d layer = new DeformableConv2d(SPEC, Deformation.V2);
        refused(layer, "DeformableConv inputs: given 2 of [[2, 5, 6, 7], [2, 18, 6, 7]], needed 3", X, OFFSETS);
        refused(layer, "DeformableConv offsets: given [2, 9, 6, 7], needed [2, 18, 6, 7]", X, MASK, MASK);
        refused(layer, "DeformableConv mask: given [2, 18, 6, 7], needed [2, 9, 6, 7]", X, OFFSETS, OFFSETS);
        refused(layer, "DeformableConv input: given [2, 4, 6, 7], needed [N, 5, H, W]", Y, OFFSETS, MASK);
        assertEquals("deformation: given 2 groups, needed a divisor of the 5 input channels, coordinates included",
                assertThrows(IllegalArgumentException.class, () -> new DeformableConv2d(SPEC, Deformation.V2.withGroups(2))).getMessage());
        assertEquals("groups: given 0, needed at least 1",
                assertThrows(IllegalArgumentException.class, () -> Deformation.V1.withGroups(0)).getMessage());
        assertEquals("coordinates of dcn2-deformable: given +xy, needed none",
                assertThrows(IllegalArgumentException.class, () -> Networks.named("dcn2-deformable+xy", ExampleNetworks.INPUT)).getMessage());
    }

    private static void refused(DeformableConv2d layer, String message, Shape... inputs) {
        assertEquals(message, assertThrows(ShapeException.class, () -> layer.outputShapes(List.of(inputs))).getMessage());
    }
}

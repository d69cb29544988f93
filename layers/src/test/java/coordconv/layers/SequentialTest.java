package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.kernels.CoordPreset;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.shaping.Flatten;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequentialTest {
    private static final double U = Math.ulp(1f) / 2;

    private static Sequential nested() {
        return Sequential.builder()
                .add("stem", Sequential.builder()
                        .add("conv", new CoordConv2d(ConvSpec.of(2, 3, 3).withPadding(1)))
                        .add("norm", new BatchNorm2d(3))
                        .add("relu", new LeakyReLU(0.125f)).build())
                .add("drop", new Dropout(0.5))
                .add("flatten", new Flatten())
                .add("head", new Linear(36, 2))
                .build();
    }

    @Test
    void namesFollowTheNesting() {
        Sequential model = nested();
        assertEquals(List.of("stem.conv.conv.weight", "stem.conv.conv.bias", "stem.norm.weight", "stem.norm.bias",
                "head.weight", "head.bias"), List.copyOf(model.parameters().keySet()));
        assertEquals(List.of("stem.norm.running_mean", "stem.norm.running_var"),
                model.state().keySet().stream().filter(name -> name.contains("running")).toList());
        assertEquals(List.of("drop.random"), List.copyOf(model.randomSources().keySet()));
        assertEquals(List.of("stem.conv.conv", "stem.conv", "stem.norm", "stem.relu", "drop", "flatten", "head"),
                model.rows(Shape.of(1, 2, 3, 4)).stream().map(LayerRow::name).toList());
    }

    @Test
    void equalSeedsGiveEqualModels() {
        Sequential a = nested();
        Sequential b = nested();
        a.initialise(9);
        b.initialise(9);
        a.state().forEach((name, parameter) ->
                assertArrayEquals(parameter.values(), b.state().get(name).values(), name));
        b.initialise(10);
        assertEquals(false, Arrays.equals(a.parameters().get("head.weight").values(),
                b.parameters().get("head.weight").values()));
    }

    @Test
    void errorsNameTheLayerAndBothShapes() {
        ShapeException refusal = assertThrows(ShapeException.class, () -> nested().outputShape(Shape.of(1, 2, 5, 5)));
        assertEquals("head (Linear) input: given [1, 75], needed [N, 36]", refusal.getMessage());
        refusal = assertThrows(ShapeException.class, () -> nested().outputShape(Shape.of(1, 7, 5, 5)));
        assertEquals("stem.conv (CoordConv) input: given [1, 7, 5, 5], needed [N, 2, H, W]", refusal.getMessage());
        Conv2d tooLarge = new Conv2d(ConvSpec.of(2, 3, 7));
        refusal = assertThrows(ShapeException.class, () -> tooLarge.outputShape(Shape.of(1, 2, 5, 5)));
        assertEquals("Conv2D input: given [1, 2, 5, 5], needed one that fits (kernel extent along the height: given 7, "
                + "needed at most the padded height of 5)", refusal.getMessage());
    }

    @Test
    void passesAreRefusedWithoutAConfigurationForThem() {
        Sequential model = nested();
        Tensor x = Tensor.zeros(Shape.of(1, 2, 3, 4));
        assertThrows(IllegalStateException.class, () -> model.forward(x, Phase.INFERENCE));
        model.configure(x.shape(), Execution.INFERENCE);
        assertThrows(IllegalStateException.class, () -> model.forward(x, Phase.TRAINING));
        assertThrows(IllegalStateException.class, () -> model.backward(Tensor.zeros(Shape.of(1, 2))));
        assertThrows(ShapeException.class, () -> model.forward(Tensor.zeros(Shape.of(2, 2, 3, 4)), Phase.INFERENCE));
    }

    @Test
    void theFirstLayersInputGradientIsLeftOut() {
        Sequential model = nested();
        model.initialise(1);
        model.configure(Shape.of(2, 2, 3, 4), Execution.TRAINING);
        model.forward(Samples.gaussian(Shape.of(2, 2, 3, 4), 1), Phase.TRAINING);
        assertNull(model.backward(Samples.gaussian(Shape.of(2, 2), 2)));
    }

    @Test
    void wrongBuildersAreRefused() {
        Sequential.Builder builder = Sequential.builder().add("a", new ReLU());
        assertThrows(IllegalArgumentException.class, () -> builder.add("a", new ReLU()));
        assertThrows(IllegalArgumentException.class, () -> builder.add("a.b", new ReLU()));
        assertThrows(IllegalArgumentException.class, () -> builder.declare("", new ReLU()));
        assertThrows(IllegalArgumentException.class, () -> Sequential.builder().build());
        ReLU shared = new ReLU();
        assertThrows(IllegalArgumentException.class, () -> Sequential.of(shared, shared));
        assertThrows(IllegalArgumentException.class, () -> builder.build().layer("b"));
    }

    @Test
    void foldedInferenceIsTheUnfoldedOneUpToRounding() {
        Shape shape = Shape.of(2, 2, 3, 4);
        Sequential model = Sequential.of(new CoordConv2d(ConvSpec.of(2, 3, 3).withPadding(1)), new BatchNorm2d(3),
                new LeakyReLU(0.125f));
        model.initialise(3);
        int channel = 0;
        for (String name : List.of("1.weight", "1.bias", "1.running_mean", "1.running_var")) {
            model.state().get(name).set(0.5f + channel, 1.5f, 0.75f + channel++);
        }
        Tensor x = Samples.gaussian(shape, 4);
        // Configured with gradients nothing is folded.
        model.configure(shape, Execution.TRAINING);
        float[] apart = model.forward(x, Phase.INFERENCE).data().clone();
        model.configure(shape, Execution.INFERENCE);
        float[] folded = model.forward(x, Phase.INFERENCE).data().clone();
        for (int i = 0; i < apart.length; i++) {
            // 36 products of at most 4 x 1 scaled by at most 2, rounded once each on either way, and the map itself.
            assertEquals(apart[i], folded[i], 2 * 40 * U * (36 * 4 * 2), "y[" + i + "]");
        }
        // A change of the statistics reaches the folded weights.
        model.state().get("1.running_mean").set(0, 0, 0);
        float[] changed = model.forward(x, Phase.INFERENCE).data();
        assertEquals(false, Arrays.equals(folded, changed));
    }

    @Test
    void aConvolutionWithoutBiasKeepsTheShiftThatIsFoldedIn() {
        Shape shape = Shape.of(2, 2, 3, 4);
        Sequential model = Sequential.of(new Conv2d(ConvSpec.of(2, 3, 1).withBias(false)), new BatchNorm2d(3));
        model.initialise(3);
        Samples.fillIntegers(model.parameters().get("0.weight").values(), 3, 1);
        model.parameters().get("0.weight").changed();
        // Variance and epsilon make a root of 2 or 4 within a unit in the last place of float, far below the bound.
        model.state().get("1.running_var").set(4, 16, 4);
        model.state().get("1.running_mean").set(1, -2, 0);
        model.state().get("1.bias").set(0.5f, 8, -3);
        Tensor x = Samples.integers(shape, 3, 4);
        model.configure(shape, Execution.TRAINING);
        float[] apart = model.forward(x, Phase.INFERENCE).data().clone();
        model.configure(shape, Execution.INFERENCE);
        float[] folded = model.forward(x, Phase.INFERENCE).data();
        for (int i = 0; i < apart.length; i++) {
            // Two products of at most 9 over a root of 2 and a shift of at most 9, each rounded once on either way.
            assertEquals(apart[i], folded[i], 2 * 4 * U * (9 + 9), "y[" + i + "]");
        }
    }

    @Test
    void layersBelowAFrozenOneLearn() {
        Shape shape = Shape.of(2, 2, 3, 4);
        Sequential model = Sequential.of(new Conv2d(ConvSpec.of(2, 3, 3).withPadding(1)),
                new Conv2d(ConvSpec.of(3, 3, 3).withPadding(1)), new BatchNorm2d(3));
        model.initialise(3);
        float[][] gradients = new float[2][];
        for (boolean frozen : new boolean[] {false, true}) {
            model.parameters().forEach((name, parameter) -> parameter.trainable(!frozen || name.startsWith("0.")));
            model.configure(shape, Execution.TRAINING);
            model.forward(Samples.gaussian(shape, 1), Phase.TRAINING);
            model.backward(Samples.gaussian(Shape.of(2, 3, 3, 4), 2));
            gradients[frozen ? 1 : 0] = model.parameters().get("0.weight").gradient().clone();
        }
        assertArrayEquals(gradients[0], gradients[1]);
        assertEquals(true, gradients[0][0] != 0);
    }

    @Test
    void retrofittedCoordConvComputesWhatTheConvolutionDid() {
        Conv2d trained = new Conv2d(ConvSpec.of(2, 3, 3).withPadding(1));
        trained.initialise(5);
        Shape shape = Shape.of(2, 2, 5, 4);
        Tensor x = Samples.integers(shape, 3, 6);
        Samples.fillIntegers(trained.weight().values(), 3, 7);
        trained.configure(shape, Execution.INFERENCE);
        float[] expected = trained.forward(x, Phase.INFERENCE).data();
        for (CoordPreset preset : List.of(CoordPreset.PADDLE, CoordPreset.WIZARON)) {
            CoordConv2d widened = CoordConv2d.retrofit(trained, preset);
            widened.configure(shape, Execution.INFERENCE);
            assertArrayEquals(expected, widened.forward(x, Phase.INFERENCE).data(), preset.toString());
        }
    }
}

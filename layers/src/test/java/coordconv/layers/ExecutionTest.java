package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvAlgorithm;
import coordconv.kernels.Parallelism;
import coordconv.kernels.VectorWidth;
import coordconv.kernels.Workers;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.training.Dataset;
import coordconv.layers.training.Evaluator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an execution asks of the convolutions of a network. */
class ExecutionTest {
    private static final Execution FAST = Execution.INFERENCE.withAlgorithm(ConvAlgorithm.FAST);
    /** Of 64 channels: large enough for Winograd at any width, in one layout as in the other. */
    private static final Shape IMAGES = Shape.of(1, 64, 24, 64);

    /** One sample. */
    private static final class Zeros implements Dataset {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public Shape inputShape() {
            return Shape.of(64, 24, 64);
        }

        @Override
        public Shape targetShape() {
            return Shape.of(1);
        }

        @Override
        public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
            // Zeros are there.
        }
    }

    private static Conv2d conv() {
        return new Conv2d(ConvSpec.of(64, 64, 3).withPadding(1));
    }

    private static String algorithm(Layer layer, Execution execution) {
        layer.initialise(1);
        layer.configure(IMAGES, execution);
        return layer.algorithm();
    }

    @ParameterizedTest
    @EnumSource(value = ConvAlgorithm.class, names = {"DEPTHWISE", "WINOGRAD2", "WINOGRAD4"})
    void algorithmsThatServeSomeLayersAloneAreRefused(ConvAlgorithm algorithm) {
        String message = assertThrows(IllegalArgumentException.class, () -> Execution.TRAINING.withAlgorithm(algorithm)).getMessage();
        assertTrue(message.startsWith("algorithm: given " + algorithm + ", needed AUTO, FAST or IM2COL"), message);
        assertThrows(NullPointerException.class, () -> Execution.TRAINING.withAlgorithm(null));
    }

    @Test
    void oneChoiceLeavesTheOthers() {
        try (Workers workers = new Workers(2)) {
            Parallelism two = workers.parallelism();
            Execution all = FAST.withWidth(VectorWidth.SCALAR).withParallelism(two);
            assertEquals(new Execution(false, two, VectorWidth.SCALAR, ConvAlgorithm.FAST), all);
            assertEquals(all, Execution.INFERENCE.withParallelism(two).withAlgorithm(ConvAlgorithm.FAST)
                    .withWidth(VectorWidth.SCALAR));
        }
    }

    @Test
    void convolutionsAreComputedAsAsked() {
        assertTrue(algorithm(conv(), FAST).startsWith("Winograd"));
        assertTrue(algorithm(conv(), Execution.TRAINING.withAlgorithm(ConvAlgorithm.FAST)).startsWith("Winograd"));
        assertFalse(algorithm(conv(), Execution.INFERENCE).contains("Winograd"));
        assertTrue(algorithm(conv(), Execution.INFERENCE.withAlgorithm(ConvAlgorithm.IM2COL)).startsWith("im2col"));
        assertTrue(algorithm(new ConvTranspose2d(ConvSpec.of(64, 64, 3).withPadding(1)), FAST).startsWith("Winograd"));
    }

    /** Its plans are cached by their options, and its weights are packed once for all batches. */
    @Test
    void aPredictorGivesTheNetworksOwnResults() {
        Sequential network = Sequential.of(conv(), conv());
        network.initialise(1);
        Predictor predictor = Predictor.of(network, FAST);
        for (int batch = 1; batch <= 3; batch++) {
            Tensor x = Samples.gaussian(IMAGES.withBatch(batch), batch);
            network.configure(x.shape(), FAST);
            assertArrayEquals(network.forward(x, Phase.INFERENCE).data(), predictor.predict(x).data());
        }
        assertTrue(predictor.profile(Map.of("x", Tensor.zeros(IMAGES)), 1).rows().stream()
                .allMatch(row -> row.algorithm().startsWith("Winograd")));
    }

    @Test
    void anEvaluatorKeepsTheAlgorithm() {
        Layer network = conv();
        network.initialise(1);
        new Evaluator(network, 1, Execution.TRAINING.withAlgorithm(ConvAlgorithm.FAST)).predict(new Zeros(), (first, count, y, target) -> { });
        assertTrue(network.algorithm().startsWith("Winograd"));
    }
}

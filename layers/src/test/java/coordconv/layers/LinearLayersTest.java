package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Linear;
import coordconv.layers.initialisers.Initialisers;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.TileOverImage;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that are linear, or linear around a point: their differences are exact. */
class LinearLayersTest {
    private static final Shape IMAGES = Shape.of(2, 2, 4, 4);

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of(new ReLU(), odd(IMAGES)),
                Arguments.of(new LeakyReLU(0.25f), odd(IMAGES)),
                Arguments.of(new AvgPool2d(2), Samples.integers(IMAGES, 8, 1)),
                Arguments.of(new AvgPool2d(2, 1, 1, true), Samples.integers(IMAGES, 8, 1)),
                Arguments.of(new AvgPool2d(2, 2, 1, false), Samples.integers(IMAGES, 8, 1)),
                Arguments.of(new MaxPool2d(2), Samples.distinct(IMAGES, 1)),
                Arguments.of(new MaxPool2d(3, 1, 1), Samples.distinct(IMAGES, 1)),
                Arguments.of(new GlobalAvgPool2d(), Samples.integers(IMAGES, 8, 1)),
                Arguments.of(new GlobalMaxPool2d(), Samples.distinct(IMAGES, 1)),
                Arguments.of(new Flatten(), Samples.integers(IMAGES, 8, 1)),
                Arguments.of(new Reshape(4, 2, 4), Samples.integers(IMAGES, 8, 1)),
                Arguments.of(new TileOverImage(3, 5), Samples.integers(Shape.of(2, 3), 8, 1)));
    }

    private static Tensor odd(Shape shape) {
        Tensor tensor = Samples.integers(shape, 8, 1);
        for (int i = 0; i < tensor.data().length; i++) {
            tensor.data()[i] = 2 * tensor.data()[i] + 1;
        }
        return tensor;
    }

    @ParameterizedTest
    @MethodSource("layers")
    void differencesEqualTheGradients(Layer layer, Tensor x) {
        ExactGradients.check(layer, x, 0.25f, 2);
    }

    static Stream<Arguments> homogeneousLayers() {
        Linear linear = new Linear(6, 5);
        linear.initialise(1);
        Samples.fillIntegers(linear.weight().values(), 3, 1);
        // Scaled by 2, which is exact.
        return Stream.concat(layers(), Stream.of(Arguments.of(linear, Samples.integers(Shape.of(4, 6), 3, 2)),
                Arguments.of(new Dropout(0.5).initialise(3), Samples.integers(IMAGES, 8, 1))));
    }

    /** {@code <F(x), d> = <x, F'(x)* d>} for every layer with {@code F(x) = F'(x) x}: maxima and ReLUs have it too. */
    @ParameterizedTest
    @MethodSource("homogeneousLayers")
    void backwardIsTheAdjoint(Layer layer, Tensor x) {
        Shape output = layer.configure(x.shape(), Execution.TRAINING, true);
        Tensor direction = Samples.integers(output, 4, 5);
        double forward = dot(layer.forward(x, Phase.TRAINING), direction);
        double backward = dot(x, layer.backward(Tensor.of(direction.data().clone(), output)));
        assertEquals(forward, backward, 0.0);
        assertTrue(forward != 0, "the products say something");
    }

    private static double dot(Tensor a, Tensor b) {
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += (double) a.data()[i] * b.data()[i];
        }
        return sum;
    }

    @Test
    void linearDifferencesEqualTheGradients() {
        Linear layer = new Linear(6, 5, Activation.RELU);
        layer.initialise(1);
        Samples.fillIntegers(layer.weight().values(), 3, 1);
        Arrays.fill(layer.bias().values(), 0.5f);
        ExactGradients.check(layer, Samples.integers(Shape.of(4, 6), 3, 2), 0.125f, 3);
    }

    @Test
    void linearIsTheMatrixProduct() {
        Linear layer = new Linear(3, 2, Activation.IDENTITY, true, Initialisers.constant(1), Initialisers.constant(0));
        layer.weight().set(1, 2, 3, -1, 0, 4);
        layer.bias().set(10, 20);
        layer.configure(Shape.of(2, 3), Execution.INFERENCE);
        Tensor y = layer.forward(Tensor.of(new float[] {1, 1, 1, 2, 0, -1}, Shape.of(2, 3)), Phase.INFERENCE);
        assertArrayEquals(new float[] {16, 23, 9, 14}, y.data());
    }

    @Test
    void poolsOfOnePicture() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, Shape.of(1, 1, 3, 3));
        assertArrayEquals(new float[] {5, 6, 8, 9}, run(new MaxPool2d(2, 1, 0), x));
        assertArrayEquals(new float[] {3, 4, 6, 7}, run(new AvgPool2d(2, 1, 0, true), x));
        assertArrayEquals(new float[] {0.25f, 1.25f, 2.75f, 7}, run(new AvgPool2d(2, 2, 1, true), x));
        assertArrayEquals(new float[] {1, 2.5f, 5.5f, 7}, run(new AvgPool2d(2, 2, 1, false), x));
        assertArrayEquals(new float[] {9}, run(new GlobalMaxPool2d(), x));
        assertArrayEquals(new float[] {5}, run(new GlobalAvgPool2d(), x));
    }

    @Test
    void paddingNeverWinsAMaximumAndNaNAlwaysDoes() {
        Tensor negative = Tensor.of(new float[] {-1, -2, -3, -4}, Shape.of(1, 1, 2, 2));
        assertArrayEquals(new float[] {-1, -2, -3, -4}, run(new MaxPool2d(2, 2, 1), negative));
        Tensor withNaN = Tensor.of(new float[] {-1, Float.NaN, 3, 4}, Shape.of(1, 1, 2, 2));
        assertArrayEquals(new float[] {Float.NaN}, run(new MaxPool2d(2), withNaN));
        assertArrayEquals(new float[] {Float.NaN}, run(new GlobalMaxPool2d(), withNaN));
        assertArrayEquals(new float[] {0, Float.NaN, 3, 4}, run(new ReLU(), withNaN));
    }

    private static float[] run(Layer layer, Tensor x) {
        layer.configure(x.shape(), Execution.INFERENCE);
        return layer.forward(x, Phase.INFERENCE).data().clone();
    }

    @Test
    void dropoutKeepsTheMeanAndItsGradientHasTheSameMask() {
        Dropout layer = new Dropout(0.25);
        layer.initialise(5);
        Shape shape = Shape.of(100, 400);
        layer.configure(shape, Execution.TRAINING, true);
        Tensor ones = Tensor.zeros(shape);
        Arrays.fill(ones.data(), 1);
        float[] y = layer.forward(ones, Phase.TRAINING).data().clone();
        int zeros = 0;
        for (float v : y) {
            assertTrue(v == 0 || v == 4f / 3, "a value is dropped or scaled");
            zeros += v == 0 ? 1 : 0;
        }
        // Five standard deviations of a binomial count.
        assertEquals(10_000, zeros, 5 * Math.sqrt(40_000 * 0.25 * 0.75));
        Tensor dy = Tensor.zeros(shape);
        Arrays.fill(dy.data(), 1);
        assertArrayEquals(y, layer.backward(dy).data());
        assertSame(ones, layer.forward(ones, Phase.INFERENCE));
        layer.initialise(5);
        assertArrayEquals(y, layer.forward(ones, Phase.TRAINING).data());
    }
}

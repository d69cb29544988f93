package coordconv.layers.normalisation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.layers.Execution;
import coordconv.layers.GradientCheck;
import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Normalisations against their formulas in double, element by element, and those formulas' differences. */
class NormalisationTest {
    private static final Shape IMAGES = Shape.of(2, 6, 2, 3);

    /** Statistics over the elements that {@code group} gives one number, weight and bias by {@code parameter}. */
    private static double[] normalise(double[] x, double epsilon, IntUnaryOperator group, IntUnaryOperator parameter, double[][] p) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double sum = 0;
            double squares = 0;
            int count = 0;
            for (int j = 0; j < x.length; j++) {
                if (group.applyAsInt(j) == group.applyAsInt(i)) {
                    sum += x[j];
                    count++;
                }
            }
            double mean = sum / count;
            for (int j = 0; j < x.length; j++) {
                squares += group.applyAsInt(j) == group.applyAsInt(i) ? (x[j] - mean) * (x[j] - mean) : 0;
            }
            int at = parameter.applyAsInt(i);
            y[i] = p[0][at] * (x[i] - mean) / Math.sqrt(squares / count + epsilon) + p[1][at];
        }
        return y;
    }

    private static void check(Layer layer, double epsilon, IntUnaryOperator group, IntUnaryOperator parameter) {
        int seed = 1;
        for (Parameter each : layer.parameters().values()) {
            System.arraycopy(Samples.gaussian(each.shape(), seed++).data(), 0, each.values(), 0, each.values().length);
            each.changed();
        }
        // Terms of weight times deviations, and the bias; ten roundings from mean to shift.
        GradientCheck.against((x, p) -> normalise(x, epsilon, group, parameter, p)).roundings(10).cancelling(8)
                .check(layer, Samples.gaussian(IMAGES, 7), 8);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "6"})
    void groups(int groups) {
        check(new GroupNorm(groups, 6, 1e-3), 1e-3, i -> i / (36 / groups), i -> i / 6 % 6);
    }

    @Test
    void instances() {
        GroupNorm layer = GroupNorm.instance(6, 0.01);
        assertEquals("InstanceNorm", layer.type());
        check(layer, 0.01, i -> i / 6, i -> i / 6 % 6);
    }

    @Test
    void trailingAxes() {
        check(new LayerNorm(Shape.of(6, 2, 3), 1e-3), 1e-3, i -> i / 36, i -> i % 36);
        check(new LayerNorm(Shape.of(2, 3), 1e-3), 1e-3, i -> i / 6, i -> i % 6);
        check(new LayerNorm(Shape.of(3), 1e-1), 1e-1, i -> i / 3, i -> i % 3);
    }

    @Test
    void channelsOfAPixel() {
        check(new ChannelNorm(6, 1e-3), 1e-3, i -> i / 36 * 6 + i % 6, i -> i / 6 % 6);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5, 0.75, 1", "2, 0.5, 0.75, 2", "3, 1, 0.5, 1", "4, 2, 1.5, 0.5", "5, 1, 0.75, 1", "20, 1, 0.75, 1"})
    void localResponses(int size, double alpha, double beta, double k) {
        GradientCheck.against((x, p) -> {
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                int c = i / 6 % 6;
                double sum = k;
                for (int other = c - (size - 1) / 2; other <= c + size / 2; other++) {
                    sum += other < 0 || other >= 6 ? 0 : alpha / size * Math.pow(x[i + (other - c) * 6], 2);
                }
                y[i] = x[i] / Math.pow(sum, beta);
            }
            return y;
        }).roundings(16).cancelling(2).check(new LocalResponseNorm(size, alpha, beta, k), Samples.gaussian(IMAGES, 7), 8);
    }

    /** More pixels than a block holds: each image of constant channels has the same outputs at every pixel. */
    @Test
    void everyBlockOfPixels() {
        Shape shape = Shape.of(2, 3, 23, 50);
        Tensor x = Tensor.zeros(shape);
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = i / 1150;
        }
        for (Layer layer : new Layer[] {new ChannelNorm(3, 1e-3), new LocalResponseNorm(3, 1, 1, 1)}) {
            layer.initialise(1);
            layer.configure(shape, Execution.TRAINING, true);
            float[] y = layer.forward(x, Phase.TRAINING).data();
            Tensor ones = Tensor.zeros(shape);
            Arrays.fill(ones.data(), 1);
            float[] dx = layer.backward(ones).data();
            for (int i = 0; i < y.length; i++) {
                assertEquals(y[i / 1150 * 1150], y[i], layer + " y[" + i + "]");
                assertEquals(dx[i / 1150 * 1150], dx[i], layer + " dx[" + i + "]");
            }
            assertEquals(layer instanceof ChannelNorm ? -1.2237f : 0, y[0], 1e-3f, layer.toString());
        }
    }

    @Test
    void inferenceKeepsNothingAndGivesTheSame() {
        Tensor x = Samples.gaussian(IMAGES, 3);
        for (Layer layer : new Layer[] {new ChannelNorm(6, 1e-3), new LocalResponseNorm(5, 1, 0.75, 1), new GroupNorm(2, 6),
            new LayerNorm(Shape.of(2, 3), 1e-3)}) {
            layer.initialise(1);
            layer.configure(IMAGES, Execution.TRAINING);
            float[] trained = layer.forward(x, Phase.TRAINING).data().clone();
            layer.configure(IMAGES, Execution.INFERENCE);
            assertArrayEquals(trained, layer.forward(x, Phase.INFERENCE).data(), layer.toString());
        }
    }

    @Test
    void refusals() {
        refused("groups: given 4, needed a divisor of the 6 channels", () -> new GroupNorm(4, 6));
        refused("epsilon: given 0.0, needed a finite number above 0", () -> new GroupNorm(2, 6, 0));
        refused("GroupNorm input: given [2, 5, 3], needed [N, 6, ...]", () -> new GroupNorm(2, 6).outputShape(Shape.of(2, 5, 3)));
        refused("LayerNorm input: given [2, 5, 3], needed a shape that ends in [4, 3]",
                () -> new LayerNorm(Shape.of(4, 3), 1).outputShape(Shape.of(2, 5, 3)));
        refused("LayerNorm input: given [3], needed a shape that ends in [4, 3]",
                () -> new LayerNorm(Shape.of(4, 3), 1).outputShape(Shape.of(3)));
        refused("ChannelNorm input: given [2], needed [N, 2, ...]", () -> new ChannelNorm(2, 1).outputShape(Shape.of(2)));
        refused("size: given 0, needed at least 1", () -> new LocalResponseNorm(0, 1, 1, 1));
        refused("k: given 0.0, needed a finite number above 0", () -> new LocalResponseNorm(3, 1, 1, 0));
        refused("alpha and beta: given -1.0 and 1.0, needed finite numbers, alpha at least 0",
                () -> new LocalResponseNorm(3, -1, 1, 1));
        refused("LocalResponseNorm input: given [2], needed [N, C, ...]",
                () -> new LocalResponseNorm(3, 1, 1, 1).outputShape(Shape.of(2)));
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}

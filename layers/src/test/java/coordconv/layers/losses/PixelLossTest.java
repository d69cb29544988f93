package coordconv.layers.losses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.DoubleDifferences;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Losses over the pixels of images against their formulas in double, and those formulas' differences. */
class PixelLossTest {
    private static final double U = Math.ulp(1f) / 2;
    private static final Shape IMAGES = Shape.of(2, 3, 2, 4);
    private static final int PIXELS = 8;
    private final Tensor prediction = Samples.gaussian(IMAGES, 1);
    private final Tensor gradient = Tensor.zeros(IMAGES);

    private void check(Loss loss, Tensor target, ToDoubleFunction<double[]> definition) {
        double value = loss.evaluate(prediction, target, gradient);
        double[] at = Samples.toDouble(prediction.data());
        double exact = definition.applyAsDouble(at);
        // All of it is double arithmetic on the floats that are given.
        assertEquals(exact, value, 1e-12);
        double[] differences = DoubleDifferences.gradient(definition, at);
        boolean some = false;
        for (int i = 0; i < differences.length; i++) {
            assertEquals(differences[i], gradient.data()[i], U * Math.abs(differences[i]) + 10 * DoubleDifferences.ERROR,
                    "gradient[" + i + "]");
            some |= differences[i] != 0;
        }
        assertTrue(some, "there is a gradient somewhere");
    }

    private static double logSoftmax(double[] z, int n, int k, int pixel) {
        double sum = 0;
        for (int other = 0; other < 3; other++) {
            sum += Math.exp(z[(n * 3 + other) * PIXELS + pixel]);
        }
        return z[(n * 3 + k) * PIXELS + pixel] - Math.log(sum);
    }

    private static ToDoubleFunction<double[]> crossEntropy(float[] classes, double[] weights, int ignored) {
        return z -> {
            double loss = 0;
            double weight = 0;
            for (int i = 0; i < classes.length; i++) {
                int k = (int) classes[i];
                if (k != ignored) {
                    loss -= weights[k] * logSoftmax(z, i / PIXELS, k, i % PIXELS);
                    weight += weights[k];
                }
            }
            return loss / weight;
        };
    }

    private static Tensor classes() {
        float[] map = new float[2 * PIXELS];
        for (int i = 0; i < map.length; i++) {
            map[i] = i * i % 3;
        }
        map[5] = 2;
        return Tensor.of(map, Shape.of(2, 2, 4));
    }

    @Test
    void crossEntropyOfClassMaps() {
        Tensor target = classes();
        check(new PixelCrossEntropy(), target, crossEntropy(target.data(), new double[] {1, 1, 1}, -1));
        check(new PixelCrossEntropy().weighted(0.5f, 2, 0.25f), target,
                crossEntropy(target.data(), new double[] {0.5, 2, 0.25}, -1));
        check(new PixelCrossEntropy().ignoring(1), target, crossEntropy(target.data(), new double[] {1, 1, 1}, 1));
        Tensor masked = classes();
        masked.data()[0] = 255;
        masked.data()[9] = 255;
        check(new PixelCrossEntropy().ignoring(255).weighted(1, 3, 2), masked,
                crossEntropy(masked.data(), new double[] {1, 3, 2}, 255));
    }

    @Test
    void crossEntropyOfProbabilities() {
        Tensor soft = Tensor.zeros(IMAGES);
        for (int i = 0; i < soft.data().length; i++) {
            soft.data()[i] = i % 5 / 8f;
        }
        double[] weights = {1, 2, 0.5};
        check(new PixelCrossEntropy().weighted(1, 2, 0.5f), soft, z -> {
            double loss = 0;
            for (int i = 0; i < z.length; i++) {
                int k = i / PIXELS % 3;
                loss -= weights[k] * soft.data()[i] * logSoftmax(z, i / (3 * PIXELS), k, i % PIXELS);
            }
            return loss / (2 * PIXELS);
        });
    }

    @Test
    void oneHotIsTheSameAsItsMap() {
        Tensor map = classes();
        Tensor oneHot = Tensor.zeros(IMAGES);
        for (int i = 0; i < map.data().length; i++) {
            oneHot.data()[(i / PIXELS * 3 + (int) map.data()[i]) * PIXELS + i % PIXELS] = 1;
        }
        Tensor other = Tensor.zeros(IMAGES);
        assertEquals(new PixelCrossEntropy().evaluate(prediction, map, gradient),
                new PixelCrossEntropy().evaluate(prediction, oneHot, other), 1e-14);
        assertArrayEquals(gradient.data(), other.data(), 1e-8f);
    }

    /** With one pixel it is the loss of a classification. */
    @Test
    void aPixelIsASample() {
        Shape shape = Shape.of(4, 5);
        Tensor z = Samples.gaussian(shape, 3);
        Tensor target = Tensor.of(new float[] {0, 4, 2, 2}, Shape.of(4));
        Tensor g = Tensor.zeros(shape);
        Tensor other = Tensor.zeros(shape);
        assertEquals(new SoftmaxCrossEntropy().evaluate(z, target, g), new PixelCrossEntropy().evaluate(z, target, other), 1e-6);
        assertArrayEquals(g.data(), other.data(), 1e-7f);
    }

    @Test
    void nothingIsLeftWhereAllIsIgnored() {
        Tensor target = Tensor.zeros(Shape.of(2, 2, 4));
        Arrays.fill(gradient.data(), Float.NaN);
        assertEquals(0, new PixelCrossEntropy().ignoring(0).evaluate(prediction, target, gradient));
        assertArrayEquals(new float[gradient.data().length], gradient.data());
    }

    @Test
    void hugeLogitsStayFinite() {
        Tensor z = Tensor.of(new float[] {1e30f, -1e30f, 3e38f, -3e38f}, Shape.of(2, 2, 1));
        Tensor g = Tensor.zeros(z.shape());
        assertEquals(0, new PixelCrossEntropy().evaluate(z, Tensor.of(new float[] {0, 0}, Shape.of(2, 1)), g));
        assertArrayEquals(new float[4], g.data());
    }

    @Test
    void smoothL1() {
        Tensor target = Samples.gaussian(IMAGES, 2);
        for (double beta : new double[] {0, 0.5, 1, 3}) {
            check(new SmoothL1(beta), target, p -> {
                double sum = 0;
                for (int i = 0; i < p.length; i++) {
                    double d = Math.abs(p[i] - target.data()[i]);
                    sum += d < beta ? 0.5 * d * d / beta : d - 0.5 * beta;
                }
                return sum / p.length;
            });
        }
    }

    @Test
    void dice() {
        Tensor target = Tensor.zeros(IMAGES);
        for (int i = 0; i < target.data().length; i++) {
            target.data()[i] = i % 3 / 2f;
        }
        check(Dice.ofLogits(1), target, z -> dice(z, target.data(), 1, true));
        check(Dice.ofProbabilities(0.5), target, z -> dice(z, target.data(), 0.5, false));
    }

    private static double dice(double[] z, float[] t, double s, boolean logits) {
        double loss = 0;
        for (int plane = 0; plane < 6; plane++) {
            double product = 0;
            double sum = 0;
            for (int i = plane * PIXELS; i < (plane + 1) * PIXELS; i++) {
                double p = logits ? 1 / (1 + Math.exp(-z[i])) : z[i];
                product += p * t[i];
                sum += p + t[i];
            }
            loss += 1 - (2 * product + s) / (sum + s);
        }
        return loss / 6;
    }

    @Test
    void perfectAndEmptyMasks() {
        Tensor mask = Tensor.of(new float[] {1, 0, 0, 0}, Shape.of(1, 2, 2));
        Tensor g = Tensor.zeros(mask.shape());
        assertEquals(0, Dice.ofProbabilities(1).evaluate(mask, mask, g), 1e-15);
    }

    @Test
    void refusals() {
        refused("target: given class 3.0, needed a whole number of 0 to 2", () -> evaluate(new PixelCrossEntropy(), filled(3)));
        refused("target: given class 0.5, needed a whole number of 0 to 2, or 255",
                () -> evaluate(new PixelCrossEntropy().ignoring(255), filled(0.5f)));
        refused("target: given class NaN, needed a whole number of 0 to 2", () -> evaluate(new PixelCrossEntropy(), filled(Float.NaN)));
        refused("target: given [3, 2, 4], needed a class index for each pixel, 16 in all, or probabilities [2, 3, 2, 4]",
                () -> evaluate(new PixelCrossEntropy(), Tensor.zeros(Shape.of(3, 2, 4))));
        refused("prediction: given [2, 3, 2, 4], needed [N, 2, ...] for as many weights",
                () -> evaluate(new PixelCrossEntropy().weighted(1, 2), filled(0)));
        refused("ofClasses: given [1.0, -1.0], needed finite numbers of at least 0", () -> new PixelCrossEntropy().weighted(1, -1));
        refused("beta: given -1.0, needed a finite number of at least 0", () -> new SmoothL1(-1));
        refused("smoothing: given 0.0, needed a finite number above 0", () -> Dice.ofLogits(0));
        Tensor wrong = Tensor.zeros(IMAGES);
        wrong.data()[3] = 2;
        refused("target: given 2.0, needed probabilities of 0 to 1", () -> evaluate(Dice.ofLogits(1), wrong));
        refused("target: given 2.0, needed probabilities of 0 to 1", () -> evaluate(new PixelCrossEntropy(), wrong));
    }

    private void evaluate(Loss loss, Tensor target) {
        loss.evaluate(prediction, target, gradient);
    }

    private static Tensor filled(float index) {
        Tensor map = Tensor.zeros(Shape.of(2, 2, 4));
        map.data()[7] = index;
        return map;
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}

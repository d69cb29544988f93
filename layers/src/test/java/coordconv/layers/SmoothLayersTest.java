package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.layers.activations.Sigmoid;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.normalisation.BatchNorm2d;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Layers that are not linear, against a double-precision definition written here and its differences.
 */
class SmoothLayersTest {
    private static final double U = Math.ulp(1f) / 2;
    private static final Shape IMAGES = Shape.of(3, 2, 3, 4);
    private static final int PIXELS = 12;

    /**
     * Compares value and gradient.
     *
     * @param roundings roundings on the longest path of the layer's own float arithmetic, in value and gradient
     */
    private static void check(Layer layer, UnaryOperator<double[]> definition, int roundings) {
        Tensor x = Samples.gaussian(IMAGES, 1);
        Tensor direction = Samples.gaussian(IMAGES, 2);
        layer.configure(IMAGES, Execution.TRAINING, true);
        float[] y = layer.forward(x, Phase.TRAINING).data();
        double[] exact = definition.apply(Samples.toDouble(x.data()));
        for (int i = 0; i < y.length; i++) {
            assertEquals(exact[i], y[i], roundings * U * Math.max(1, Math.abs(exact[i])), "y[" + i + "]");
        }
        float[] dx = layer.backward(Tensor.of(direction.data().clone(), IMAGES)).data();
        double[] differences = DoubleDifferences.gradient(v -> dot(definition.apply(v), direction.data()),
                Samples.toDouble(x.data()));
        // Every gradient here is a sum of terms of at most the directions' greatest size, 4, times a bounded factor.
        for (int i = 0; i < dx.length; i++) {
            assertEquals(differences[i], dx[i], 4 * roundings * U + 40 * DoubleDifferences.ERROR, "dx[" + i + "]");
        }
    }

    private static double dot(double[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void sigmoid() {
        check(new Sigmoid(), v -> {
            double[] y = new double[v.length];
            for (int i = 0; i < v.length; i++) {
                y[i] = 1 / (1 + Math.exp(-v[i]));
            }
            return y;
        }, 4);
    }

    @Test
    void spatialSoftmax() {
        check(new SpatialSoftmax(), v -> {
            double[] y = new double[v.length];
            for (int plane = 0; plane < v.length; plane += PIXELS) {
                double sum = 0;
                for (int i = plane; i < plane + PIXELS; i++) {
                    sum += Math.exp(v[i]);
                }
                for (int i = plane; i < plane + PIXELS; i++) {
                    y[i] = Math.exp(v[i]) / sum;
                }
            }
            return y;
        }, 6);
    }

    @Test
    void batchNorm() {
        BatchNorm2d layer = new BatchNorm2d(2, 1e-3, 0.1);
        layer.parameters().get("weight").set(1.5f, -0.75f);
        layer.parameters().get("bias").set(0.25f, -1);
        check(layer, v -> normalise(v, 1e-3, new double[] {1.5, -0.75}, new double[] {0.25, -1}), 12);
    }

    @Test
    void batchNormParameterGradients() {
        Tensor x = Samples.gaussian(IMAGES, 1);
        Tensor direction = Samples.gaussian(IMAGES, 2);
        BatchNorm2d layer = new BatchNorm2d(2);
        layer.initialise(0);
        layer.configure(IMAGES, Execution.TRAINING);
        layer.forward(x, Phase.TRAINING);
        layer.backward(Tensor.of(direction.data().clone(), IMAGES));
        double[] exact = DoubleDifferences.gradient(p -> dot(normalise(Samples.toDouble(x.data()), 1e-5,
                new double[] {p[0], p[1]}, new double[] {p[2], p[3]}), direction.data()), new double[] {1, 1, 0, 0});
        float[] weight = layer.parameters().get("weight").gradient();
        float[] bias = layer.parameters().get("bias").gradient();
        // Sums of 36 products of at most 4 x 4 are kept in double: a few roundings of mean and deviation remain.
        double bound = 36 * 16 * 4 * U;
        assertArrayEquals(new double[] {exact[0], exact[1]}, Samples.toDouble(weight), bound);
        assertArrayEquals(new double[] {exact[2], exact[3]}, Samples.toDouble(bias), bound);
    }

    private static double[] normalise(double[] v, double epsilon, double[] weight, double[] bias) {
        double[] y = new double[v.length];
        for (int c = 0; c < 2; c++) {
            double sum = 0;
            double squares = 0;
            for (int n = 0; n < 3; n++) {
                for (int p = 0; p < PIXELS; p++) {
                    sum += v[(n * 2 + c) * PIXELS + p];
                }
            }
            double mean = sum / 36;
            for (int n = 0; n < 3; n++) {
                for (int p = 0; p < PIXELS; p++) {
                    squares += Math.pow(v[(n * 2 + c) * PIXELS + p] - mean, 2);
                }
            }
            for (int n = 0; n < 3; n++) {
                for (int p = 0; p < PIXELS; p++) {
                    int i = (n * 2 + c) * PIXELS + p;
                    y[i] = weight[c] * (v[i] - mean) / Math.sqrt(squares / 36 + epsilon) + bias[c];
                }
            }
        }
        return y;
    }

    @Test
    void batchNormRunningStatisticsAreWhatInferenceUses() {
        BatchNorm2d layer = new BatchNorm2d(1, 1e-5, 0.5);
        layer.initialise(0);
        Shape shape = Shape.of(2, 1, 1, 2);
        layer.configure(shape, Execution.TRAINING);
        Tensor x = Tensor.of(new float[] {1, 3, 5, 7}, shape);
        layer.forward(x, Phase.TRAINING);
        // Mean 4; variance with Bessel's correction 20 / 3; both mixed half and half with 0 and 1.
        assertEquals(2, layer.state().get("running_mean").values()[0]);
        double variance = 0.5 + 10.0 / 3;
        assertEquals(variance, layer.state().get("running_var").values()[0], 2 * variance * U);
        float[] y = layer.forward(x, Phase.INFERENCE).data();
        for (int i = 0; i < 4; i++) {
            double exact = (x.data()[i] - 2) / Math.sqrt(variance + 1e-5);
            assertEquals(exact, y[i], 8 * U * (Math.abs(exact) + 4), "y[" + i + "]");
        }
    }

    @Test
    void oneValueAChannelHasNoBatchStatistics() {
        BatchNorm2d layer = new BatchNorm2d(2);
        layer.initialise(1);
        layer.configure(Shape.of(1, 2, 1, 1), Execution.TRAINING);
        ShapeException refusal = assertThrows(ShapeException.class,
                () -> layer.forward(Tensor.zeros(Shape.of(1, 2, 1, 1)), Phase.TRAINING));
        assertEquals("BatchNorm2D input: given [1, 2, 1, 1], needed more than one value a channel for batch statistics",
                refusal.getMessage());
    }
}

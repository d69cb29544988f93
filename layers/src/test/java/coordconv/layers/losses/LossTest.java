package coordconv.layers.losses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.DoubleDifferences;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Each loss against its textbook definition in double, and that definition's differences. */
class LossTest {
    private static final double U = Math.ulp(1f) / 2;
    private static final int BATCH = 3;
    private static final int CLASSES = 5;
    private static final Shape SHAPE = Shape.of(BATCH, CLASSES);
    private final Tensor prediction = Samples.gaussian(SHAPE, 1);
    private final Tensor gradient = Tensor.zeros(SHAPE);

    private void check(Loss loss, Tensor target, ToDoubleFunction<double[]> definition) {
        double value = loss.evaluate(prediction, target, gradient);
        double[] at = Samples.toDouble(prediction.data());
        double exact = definition.applyAsDouble(at);
        // Elements are rounded a few times each, their sum is kept in double.
        assertEquals(exact, value, 4 * U * Math.abs(exact));
        double[] differences = DoubleDifferences.gradient(definition, at);
        for (int i = 0; i < differences.length; i++) {
            assertEquals(differences[i], gradient.data()[i], 4 * U + 10 * DoubleDifferences.ERROR, "gradient[" + i + "]");
        }
    }

    @Test
    void meanSquaredError() {
        Tensor target = Samples.gaussian(SHAPE, 2);
        check(new MeanSquaredError(), target, p -> {
            double sum = 0;
            for (int i = 0; i < p.length; i++) {
                sum += Math.pow(p[i] - target.data()[i], 2);
            }
            return sum / p.length;
        });
    }

    @Test
    void binaryCrossEntropy() {
        Tensor target = Tensor.zeros(SHAPE);
        for (int i = 0; i < target.data().length; i++) {
            target.data()[i] = i % 3 / 2f;
        }
        ToDoubleFunction<double[]> sum = z -> {
            double total = 0;
            for (int i = 0; i < z.length; i++) {
                double p = 1 / (1 + Math.exp(-z[i]));
                total -= target.data()[i] * Math.log(p) + (1 - target.data()[i]) * Math.log(1 - p);
            }
            return total;
        };
        check(new BinaryCrossEntropyWithLogits(), target, z -> sum.applyAsDouble(z) / z.length);
        check(BinaryCrossEntropyWithLogits.summedPerSample(), target, z -> sum.applyAsDouble(z) / BATCH);
    }

    @Test
    void softmaxCrossEntropy() {
        int[] classes = {0, 4, 2};
        check(new SoftmaxCrossEntropy(), Tensor.of(new float[] {0, 4, 2}, Shape.of(BATCH, 1)), z -> {
            double loss = 0;
            for (int n = 0; n < BATCH; n++) {
                double sum = 0;
                for (int k = 0; k < CLASSES; k++) {
                    sum += Math.exp(z[n * CLASSES + k]);
                }
                loss += Math.log(sum) - z[n * CLASSES + classes[n]];
            }
            return loss / BATCH;
        });
    }

    @Test
    void hugeLogitsStayFinite() {
        Tensor huge = Tensor.of(new float[] {1e30f, -1e30f, 0, 88, -104}, Shape.of(1, 5));
        Tensor g = Tensor.zeros(huge.shape());
        assertEquals(0, new SoftmaxCrossEntropy().evaluate(huge, Tensor.of(new float[] {0}, Shape.of(1)), g));
        Tensor right = Tensor.of(new float[] {1, 0, 0.5f, 1, 0}, huge.shape());
        assertEquals(Math.log(2) / 5, new BinaryCrossEntropyWithLogits().evaluate(huge, right, g), U);
        for (float v : g.data()) {
            assertTrue(Float.isFinite(v));
        }
    }

    @Test
    void refusalsNameTheTarget() {
        Tensor wrong = Tensor.zeros(Shape.of(BATCH, 4));
        ShapeException shape = assertThrows(ShapeException.class,
                () -> new MeanSquaredError().evaluate(prediction, wrong, gradient));
        assertEquals("target: given [3, 4], needed the prediction's [3, 5] up to extents of 1", shape.getMessage());
        Tensor turned = Tensor.zeros(Shape.of(5, BATCH));
        assertThrows(ShapeException.class, () -> new MeanSquaredError().evaluate(prediction, turned, gradient));
        new MeanSquaredError().evaluate(prediction, Tensor.zeros(Shape.of(BATCH, 1, 5, 1)), gradient);
        for (float probability : new float[] {5, -0.001f, Float.NaN}) {
            Tensor wrongTarget = Tensor.zeros(prediction.shape());
            wrongTarget.data()[7] = probability;
            float[] before = gradient.data().clone();
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                    () -> new BinaryCrossEntropyWithLogits().evaluate(prediction, wrongTarget, gradient));
            assertEquals("target: given " + probability + ", needed probabilities of 0 to 1", refusal.getMessage());
            assertArrayEquals(before, gradient.data());
        }
        Tensor tooHigh = Tensor.of(new float[] {0, 5, 1}, Shape.of(BATCH));
        IllegalArgumentException index = assertThrows(IllegalArgumentException.class,
                () -> new SoftmaxCrossEntropy().evaluate(prediction, tooHigh, gradient));
        assertEquals("target: given class 5.0, needed a whole number of 0 to 4", index.getMessage());
    }
}

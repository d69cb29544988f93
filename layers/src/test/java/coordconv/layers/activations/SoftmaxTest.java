package coordconv.layers.activations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.layers.Execution;
import coordconv.layers.GradientCheck;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Softmax and its logarithm over axes in front, in the middle and at the end. */
class SoftmaxTest {
    private static final Shape SHAPE = Shape.of(2, 3, 4, 5);

    private static double[] definition(double[] v, int from, int to, boolean logarithm) {
        int count = SHAPE.elements(from, to);
        int inner = SHAPE.elements(to, 4);
        double[] y = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            int first = i / (count * inner) * count * inner + i % inner;
            double sum = 0;
            for (int k = 0; k < count; k++) {
                sum += Math.exp(v[first + k * inner]);
            }
            y[i] = logarithm ? v[i] - Math.log(sum) : Math.exp(v[i]) / sum;
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1, false, false", "1, 1, 2, false, false", "-2, 2, 3, false, false", "-1, 3, 4, false, false",
        "0, 0, 1, false, true", "1, 1, 2, false, true", "-1, 3, 4, false, true",
        "1, 1, 4, true, false", "-4, 0, 4, true, true", "2, 2, 4, true, false"})
    void valueAndGradient(int axis, int from, int to, boolean trailing, boolean logarithm) {
        Softmax layer = trailing ? Softmax.overTrailing(axis, logarithm)
                : logarithm ? Softmax.logarithm(axis) : new Softmax(axis);
        GradientCheck.against((v, p) -> definition(v, from, to, logarithm))
                // A logarithm is a difference of numbers of up to 4.
                .roundings(6).cancelling(logarithm ? 4 : 0)
                .check(layer, Samples.gaussian(SHAPE, 3), 4);
    }

    @Test
    void spatialSoftmaxIsTheTrailingOne() {
        Tensor x = Samples.gaussian(SHAPE, 3);
        assertArrayEquals(run(Softmax.overTrailing(2, false), x), run(new SpatialSoftmax(), x));
    }

    @Test
    void moreGroupsThanABlockHolds() {
        Tensor x = Samples.gaussian(Shape.of(2, 3, 1100), 5);
        float[] wide = run(new Softmax(1), x);
        for (int i = 0; i < wide.length; i++) {
            int first = i / 3300 * 3300 + i % 1100;
            double sum = 0;
            for (int k = 0; k < 3; k++) {
                sum += Math.exp(x.data()[first + k * 1100]);
            }
            assertEquals(Math.exp(x.data()[i]) / sum, wide[i], 6 * Math.ulp(1f) / 2);
        }
    }

    @Test
    void hugeInputsStayFinite() {
        Tensor x = Tensor.of(new float[] {1e30f, -1e30f, 0, 1000, 1000, -1000}, Shape.of(2, 3));
        assertArrayEquals(new float[] {1, 0, 0, 0.5f, 0.5f, 0}, run(new Softmax(1), x));
        assertArrayEquals(new float[] {1, 0, 1, 0, 1, 0}, run(new Softmax(0), x));
        assertArrayEquals(new float[] {0, -2e30f, -1e30f, (float) -Math.log(2), (float) -Math.log(2),
            (float) (-2000 - Math.log(2))}, run(Softmax.logarithm(-1), x));
    }

    @Test
    void aNaNSpoilsItsOwnGroupAlone() {
        Tensor x = Tensor.of(new float[] {0, Float.NaN, 0, 0}, Shape.of(2, 2));
        assertArrayEquals(new float[] {Float.NaN, Float.NaN, 0.5f, 0.5f}, run(new Softmax(1), x));
        assertArrayEquals(new float[] {0.5f, Float.NaN, 0.5f, Float.NaN}, run(new Softmax(0), x));
    }

    @Test
    void anAxisThatIsNotThereIsRefused() {
        assertEquals("Softmax input: given [2, 3], needed a shape with axis 2",
                assertThrows(ShapeException.class, () -> new Softmax(2).outputShape(Shape.of(2, 3))).getMessage());
        assertThrows(ShapeException.class, () -> new Softmax(-3).outputShape(Shape.of(2, 3)));
    }

    private static float[] run(Layer layer, Tensor x) {
        layer.configure(x.shape(), Execution.INFERENCE);
        return layer.forward(x, Phase.INFERENCE).data();
    }
}

package coordconv.layers.pooling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.layers.Execution;
import coordconv.layers.GradientCheck;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every reduction over every set of axes, against a walk over all elements. */
class ReduceTest {
    private static final Shape SHAPE = Shape.of(2, 3, 4, 5);

    private static double[] definition(Reduction reduction, double[] x, List<Integer> axes) {
        int[] kept = IntStream.range(0, 4).filter(axis -> !axes.contains(axis)).toArray();
        int outputs = Arrays.stream(kept).map(SHAPE::extent).reduce(1, (a, b) -> a * b);
        double[] y = new double[outputs];
        int[] count = new int[outputs];
        for (int i = 0; i < x.length; i++) {
            int at = 0;
            for (int axis : kept) {
                at = at * SHAPE.extent(axis) + i / SHAPE.elements(axis + 1, 4) % SHAPE.extent(axis);
            }
            double v = x[i];
            y[at] = count[at]++ == 0 ? reduction == Reduction.SUM_OF_SQUARES ? v * v : v : switch (reduction) {
                case SUM, MEAN -> y[at] + v;
                case SUM_OF_SQUARES -> y[at] + v * v;
                case MAXIMUM -> Math.max(y[at], v);
                case MINIMUM -> Math.min(y[at], v);
            };
        }
        for (int at = 0; at < outputs && reduction == Reduction.MEAN; at++) {
            y[at] /= count[at];
        }
        return y;
    }

    @ParameterizedTest
    @EnumSource
    void everySetOfAxes(Reduction reduction) {
        for (int set = 0; set < 16; set++) {
            int chosen = set;
            int[] axes = IntStream.range(0, 4).filter(axis -> (chosen >> axis & 1) == 1).toArray();
            List<Integer> reduced = axes.length == 0 ? List.of(0, 1, 2, 3) : Arrays.stream(axes).boxed().toList();
            Reduce layer = new Reduce(reduction, set % 2 == 0, axes);
            // Sums are kept in double and rounded once; the gradient is rounded three times.
            GradientCheck.against((x, p) -> definition(reduction, x, reduced)).roundings(3)
                    .check(layer, Samples.gaussian(SHAPE, set), 5);
        }
    }

    @Test
    void shapes() {
        assertEquals(Shape.of(2, 3, 1, 1), new Reduce(Reduction.MEAN, true, 2, -1).outputShape(SHAPE));
        assertEquals(Shape.of(2, 3), new Reduce(Reduction.MEAN, false, 2, 3).outputShape(SHAPE));
        assertEquals(Shape.of(1, 1, 1, 1), new Reduce(Reduction.MEAN, true).outputShape(SHAPE));
        assertEquals(Shape.of(), new Reduce(Reduction.MEAN, false).outputShape(SHAPE));
    }

    @Test
    void theFirstOfEqualsHasTheGradientAndNaNWins() {
        Tensor x = Tensor.of(new float[] {1, 3, 3, Float.NaN, 5, Float.NaN}, Shape.of(2, 3));
        for (int axis = 0; axis < 2; axis++) {
            Reduce layer = new Reduce(Reduction.MAXIMUM, false, axis);
            Shape output = layer.configure(x.shape(), Execution.TRAINING, true);
            float[] y = layer.forward(x, Phase.TRAINING).data();
            assertArrayEquals(axis == 0 ? new float[] {Float.NaN, 5, Float.NaN} : new float[] {3, Float.NaN}, y);
            Tensor dy = Tensor.zeros(output);
            Arrays.fill(dy.data(), 1);
            assertArrayEquals(axis == 0 ? new float[] {0, 0, 0, 1, 1, 1} : new float[] {0, 1, 0, 1, 0, 0},
                    layer.backward(dy).data());
        }
    }

    @Test
    void moreOutputsThanABlockHolds() {
        Tensor x = Samples.integers(Shape.of(2, 3, 1100), 50, 1);
        Reduce layer = new Reduce(Reduction.SUM, false, 1);
        layer.configure(x.shape(), Execution.INFERENCE);
        float[] y = layer.forward(x, Phase.INFERENCE).data();
        for (int i = 0; i < y.length; i++) {
            int at = i / 1100 * 3300 + i % 1100;
            assertEquals(x.data()[at] + x.data()[at + 1100] + x.data()[at + 2200], y[i], "y[" + i + "]");
        }
    }

    @Test
    void refusals() {
        assertEquals("ReduceMean input: given [2, 3], needed a shape with the axes [1, -1], each once",
                assertThrows(IllegalArgumentException.class,
                        () -> new Reduce(Reduction.MEAN, true, 1, -1).outputShape(Shape.of(2, 3))).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Reduce(Reduction.MEAN, true, 2).outputShape(Shape.of(2, 3)));
    }
}

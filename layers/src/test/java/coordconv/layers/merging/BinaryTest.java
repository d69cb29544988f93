package coordconv.layers.merging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.layers.DoubleDifferences;
import coordconv.layers.Execution;
import coordconv.layers.GradientCheck;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every function over every way in which two shapes meet, index by index, and its gradients by differences. */
class BinaryTest {
    private static final double U = Math.ulp(1f) / 2;
    private static final List<List<Shape>> PAIRS = List.of(
            List.of(Shape.of(2, 3, 4), Shape.of(2, 3, 4)), List.of(Shape.of(2, 3, 4), Shape.of()),
            List.of(Shape.of(1), Shape.of(2, 3, 4)), List.of(Shape.of(2, 3, 4), Shape.of(3, 1)),
            List.of(Shape.of(2, 3, 4), Shape.of(4)), List.of(Shape.of(2, 1, 4), Shape.of(2, 3, 1)),
            List.of(Shape.of(3, 1), Shape.of(2, 1, 4)), List.of(Shape.of(2, 1, 1, 3), Shape.of(5, 1, 1)),
            List.of(Shape.of(), Shape.of()), List.of(Shape.of(1, 1, 1), Shape.of(1, 1)));

    private static double apply(BinaryFunction function, double a, double b) {
        return switch (function) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MINIMUM -> Math.min(a, b);
            case MAXIMUM -> Math.max(a, b);
            case POWER -> Math.pow(a, b);
        };
    }

    private static double[] definition(BinaryFunction function, double[] a, Shape left, double[] b, Shape right, Shape output) {
        double[] y = new double[output.elements()];
        for (int i = 0; i < y.length; i++) {
            y[i] = apply(function, a[source(i, output, left)], b[source(i, output, right)]);
        }
        return y;
    }

    private static int source(int flat, Shape output, Shape side) {
        int at = 0;
        for (int axis = 0; axis < side.rank(); axis++) {
            int there = axis + output.rank() - side.rank();
            int index = flat / output.elements(there + 1, output.rank()) % output.extent(there);
            at = at * side.extent(axis) + (side.extent(axis) == 1 ? 0 : index);
        }
        return at;
    }

    private static Shape output(Shape left, Shape right) {
        int[] extents = new int[Math.max(left.rank(), right.rank())];
        for (int i = 0; i < extents.length; i++) {
            int a = i + left.rank() - extents.length;
            int b = i + right.rank() - extents.length;
            extents[i] = Math.max(a < 0 ? 1 : left.extent(a), b < 0 ? 1 : right.extent(b));
        }
        return Shape.of(extents);
    }

    /** Away from 0, where quotients and powers are steep, and no two of them equal. */
    private static Tensor positive(Shape shape, long seed) {
        Tensor tensor = Samples.distinct(shape, seed);
        for (int i = 0; i < tensor.data().length; i++) {
            tensor.data()[i] = 1.5f + tensor.data()[i] / (2 * tensor.data().length) + 0.0123f * seed;
        }
        return tensor;
    }

    @ParameterizedTest
    @EnumSource
    void twoInputs(BinaryFunction function) {
        for (List<Shape> pair : PAIRS) {
            Tensor a = positive(pair.get(0), 1);
            Tensor b = positive(pair.get(1), 2);
            Shape output = output(pair.get(0), pair.get(1));
            Binary layer = new Binary(function);
            assertEquals(List.of(output), layer.configure(pair, Execution.TRAINING, true), function + " of " + pair);
            float[] y = layer.forward(new Tensor[] {a, b}, Phase.TRAINING)[0].data();
            double[] left = Samples.toDouble(a.data());
            double[] right = Samples.toDouble(b.data());
            double[] exact = definition(function, left, pair.get(0), right, pair.get(1), output);
            for (int i = 0; i < y.length; i++) {
                assertEquals(exact[i], y[i], U * Math.abs(exact[i]) * 1.01, function + " of " + pair + " y[" + i + "]");
            }
            Tensor dy = Samples.gaussian(output, 3);
            double[] direction = Samples.toDouble(dy.data());
            Tensor[] dx = layer.backward(new Tensor[] {dy});
            compare(DoubleDifferences.gradient(v -> dot(definition(function, v, pair.get(0), right, pair.get(1), output),
                    direction), left), dx[0].data(), direction, function + " of " + pair + " da");
            compare(DoubleDifferences.gradient(v -> dot(definition(function, left, pair.get(0), v, pair.get(1), output),
                    direction), right), dx[1].data(), direction, function + " of " + pair + " db");
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void compare(double[] exact, float[] given, double[] direction, String what) {
        double weight = 0;
        for (double d : direction) {
            weight += Math.abs(d);
        }
        for (int i = 0; i < given.length; i++) {
            // Slopes of at most 8, rounded three times.
            assertEquals(exact[i], given[i], weight * 8 * (3 * U + 10 * DoubleDifferences.ERROR), what + "[" + i + "]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInputAndNumbersOfTheLayer(BinaryFunction function) {
        for (List<Shape> pair : PAIRS.subList(0, 8)) {
            Shape output = output(pair.get(0), pair.get(1));
            Tensor own = positive(pair.get(1), 2);
            Tensor x = positive(pair.get(0), 1);
            double[] numbers = Samples.toDouble(own.data());
            GradientCheck.against((v, p) -> definition(function, v, pair.get(0), numbers, pair.get(1), output))
                    .roundings(4).check(Binary.withConstant(function, own), x, 3);
            GradientCheck.against((v, p) -> definition(function, numbers, pair.get(1), v, pair.get(0), output))
                    .roundings(4).check(Binary.withConstantFirst(function, own), x, 3);
            GradientCheck.against((v, p) -> definition(function, v, pair.get(0), p[0], pair.get(1), output))
                    .roundings(4).check(Binary.learned(function, own).initialise(1), x, 3);
        }
    }

    @Test
    void longRowsInChunks() {
        Shape shape = Shape.of(2, 2500);
        Tensor x = Samples.integers(shape, 50, 1);
        Binary perRow = Binary.withConstant(BinaryFunction.MULTIPLY, Tensor.of(new float[] {3, -2}, Shape.of(2, 1)));
        perRow.configure(shape, Execution.TRAINING, true);
        float[] y = perRow.forward(x, Phase.TRAINING).data();
        for (int i = 0; i < y.length; i++) {
            assertEquals(x.data()[i] * (i < 2500 ? 3 : -2), y[i], "y[" + i + "]");
        }
        Tensor ones = Tensor.zeros(shape);
        Arrays.fill(ones.data(), 1);
        float[] dx = perRow.backward(ones).data();
        for (int i = 0; i < dx.length; i++) {
            assertEquals(i < 2500 ? 3 : -2, dx[i], "dx[" + i + "]");
        }
    }

    @Test
    void longRowsOfASecondArgument() {
        Shape shape = Shape.of(2, 2500);
        Tensor x = Samples.integers(shape, 50, 1);
        Binary perRow = Binary.withConstantFirst(BinaryFunction.SUBTRACT, Tensor.of(new float[] {3, -2}, Shape.of(2, 1)));
        perRow.configure(shape, Execution.TRAINING, true);
        float[] y = perRow.forward(x, Phase.TRAINING).data();
        for (int i = 0; i < y.length; i++) {
            assertEquals((i < 2500 ? 3 : -2) - x.data()[i], y[i], "y[" + i + "]");
        }
        Tensor dy = Samples.integers(shape, 9, 2);
        float[] given = dy.data().clone();
        float[] dx = perRow.backward(dy).data();
        for (int i = 0; i < dx.length; i++) {
            // 0 - g in place of -g, so that both zeros are equal.
            assertEquals(0 - given[i], dx[i], "dx[" + i + "]");
        }
    }

    @Test
    void equalsGiveTheirGradientToTheFirst() {
        for (BinaryFunction function : new BinaryFunction[] {BinaryFunction.MINIMUM, BinaryFunction.MAXIMUM}) {
            Binary layer = new Binary(function);
            layer.configure(List.of(Shape.of(1), Shape.of(1)), Execution.TRAINING, true);
            Tensor two = Tensor.of(new float[] {2}, Shape.of(1));
            layer.forward(new Tensor[] {two, two}, Phase.TRAINING);
            Tensor[] dx = layer.backward(new Tensor[] {Tensor.of(new float[] {5}, Shape.of(1))});
            assertArrayEquals(new float[] {5}, dx[0].data());
            assertArrayEquals(new float[] {0}, dx[1].data());
        }
    }

    @Test
    void specialPowers() {
        Binary layer = new Binary(BinaryFunction.POWER);
        Shape shape = Shape.of(5);
        layer.configure(List.of(shape, shape), Execution.TRAINING, true);
        Tensor a = Tensor.of(new float[] {-3, 0, -2, 4, 0}, shape);
        Tensor b = Tensor.of(new float[] {2, 2, 3, 0.5f, 0}, shape);
        assertArrayEquals(new float[] {9, 0, -8, 2, 1}, layer.forward(new Tensor[] {a, b}, Phase.TRAINING)[0].data());
        Tensor[] dx = layer.backward(new Tensor[] {Tensor.of(new float[] {1, 1, 1, 1, 1}, shape)});
        assertArrayEquals(new float[] {-6, 0, 12, 0.25f, 0}, dx[0].data());
    }

    @Test
    void refusals() {
        refused("Add inputs: given [[2, 3], [2]], needed shapes whose axes, from the last on, are equal or 1",
                () -> new Binary(BinaryFunction.ADD).outputShapes(List.of(Shape.of(2, 3), Shape.of(2))));
        refused("Mul inputs: given 1 of [[2]], needed 2", () -> new Binary(BinaryFunction.MULTIPLY).outputShape(Shape.of(2)));
        Layer constant = Binary.withConstantFirst(BinaryFunction.SUBTRACT, Tensor.zeros(Shape.of(4)));
        refused("Sub inputs: given [[4], [2, 3]], needed shapes whose axes, from the last on, are equal or 1",
                () -> constant.outputShape(Shape.of(2, 3)));
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}

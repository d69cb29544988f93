package coordconv.layers.pooling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.layers.ExactGradients;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Windows of every kind against their definition, place by place; whole numbers make equality exact. */
class WindowPoolTest {
    /** The places of window i along an axis: those inside the image, and how many with the padding. */
    private record Places(List<Integer> inside, int padded) {}

    private static List<Places> places(int size, int kernel, int stride, int before, int after, int dilation, boolean ceil) {
        List<Places> all = new ArrayList<>();
        for (int start = -before; ; start += stride) {
            boolean fits = start + (kernel - 1) * dilation < size + after;
            // A last window that juts out counts if it starts on the image or before it, and the one before fitted.
            boolean juts = ceil && start < size && start - stride + (kernel - 1) * dilation < size + after - 1;
            boolean starts = !ceil || start < size;
            if (!(fits && starts) && !(juts && !all.isEmpty())) {
                return all;
            }
            List<Integer> inside = new ArrayList<>();
            int padded = 0;
            for (int k = 0; k < kernel; k++) {
                int at = start + k * dilation;
                padded += at < size + after ? 1 : 0;
                if (at >= 0 && at < size) {
                    inside.add(at);
                }
            }
            all.add(new Places(inside, padded));
            if (!fits) {
                return all;
            }
        }
    }

    @Test
    void anyWindowsEqualTheirDefinition() {
        Random random = new Random(7);
        int accepted = 0;
        for (int round = 0; round < 3000; round++) {
            PoolSpec spec = new PoolSpec(1 + random.nextInt(4), 1 + random.nextInt(4), 1 + random.nextInt(3), 1 + random.nextInt(3),
                    random.nextInt(4), random.nextInt(4), random.nextInt(4), random.nextInt(4),
                    1 + random.nextInt(3), 1 + random.nextInt(3), random.nextBoolean());
            Shape shape = Shape.of(1 + random.nextInt(2), 2, 1 + random.nextInt(9), 1 + random.nextInt(9));
            List<Places> rows = places(shape.extent(2), spec.kernelHeight(), spec.strideHeight(), spec.padTop(),
                    spec.padBottom(), spec.dilationHeight(), spec.ceil());
            List<Places> columns = places(shape.extent(3), spec.kernelWidth(), spec.strideWidth(), spec.padLeft(),
                    spec.padRight(), spec.dilationWidth(), spec.ceil());
            MaxPool2d max = new MaxPool2d(spec);
            if (rows.isEmpty() || columns.isEmpty() || anyEmpty(rows) || anyEmpty(columns)) {
                assertThrows(ShapeException.class, () -> max.outputShape(shape), spec + " of " + shape);
                continue;
            }
            accepted++;
            Tensor x = Samples.distinct(shape, round);
            compare(max, x, rows, columns, spec);
            compare(new AvgPool2d(spec, true), x, rows, columns, spec);
            compare(new AvgPool2d(spec, false), x, rows, columns, spec);
        }
        assertEquals(true, accepted > 500, accepted + " of the specs fitted");
    }

    /** Rows of thousands of windows, which the maximum takes in pieces; the last is not full. */
    @Test
    void wideRowsEqualTheirDefinition() {
        for (int stride = 1; stride <= 3; stride++) {
            PoolSpec spec = new PoolSpec(2, 3, 1, stride, 1, 0, 2, 1, 1, 2, false);
            Shape shape = Shape.of(1, 2, 3, 5003);
            compare(new MaxPool2d(spec), Samples.distinct(shape, stride), places(3, 2, 1, 1, 0, 1, false),
                    places(5003, 3, stride, 2, 1, 2, false), spec);
        }
    }

    private static boolean anyEmpty(List<Places> all) {
        return all.stream().anyMatch(places -> places.inside.isEmpty());
    }

    private static void compare(Layer layer, Tensor x, List<Places> rows, List<Places> columns, PoolSpec spec) {
        Shape shape = x.shape();
        Shape output = layer.configure(shape, Execution.TRAINING, true);
        assertEquals(Shape.of(shape.batch(), shape.extent(1), rows.size(), columns.size()), output, spec + " of " + shape);
        float[] exact = new float[output.elements()];
        float[] exactGradient = new float[shape.elements()];
        Tensor dy = Samples.integers(output, 3, 5);
        int at = 0;
        for (int plane = 0; plane < shape.elements(0, 2); plane++) {
            for (Places row : rows) {
                for (Places column : columns) {
                    exact[at] = pool(layer, x.data(), plane * shape.elements(2, 4), shape.extent(3), row, column,
                            exactGradient, dy.data()[at]);
                    at++;
                }
            }
        }
        String what = layer + " with " + spec + " of " + shape;
        assertArrayEquals(exact, layer.forward(x, Phase.INFERENCE).data(), what);
        assertArrayEquals(exact, layer.forward(x, Phase.TRAINING).data(), what);
        // Sums of quotients that no float holds: a few roundings each.
        float tolerance = layer instanceof MaxPool2d ? 0 : 16 * 3 * Math.ulp(1f);
        float[] dx = layer.backward(dy).data();
        for (int i = 0; i < dx.length; i++) {
            assertEquals(exactGradient[i], dx[i], tolerance, what + " dx[" + i + "]");
        }
    }

    private static float pool(Layer layer, float[] x, int plane, int width, Places row, Places column, float[] dx, float dy) {
        int best = -1;
        double sum = 0;
        for (int i : row.inside) {
            for (int j : column.inside) {
                int at = plane + i * width + j;
                best = best < 0 || x[at] > x[best] ? at : best;
                sum += x[at];
            }
        }
        if (layer instanceof MaxPool2d) {
            dx[best] += dy;
            return x[best];
        }
        int places = layer instanceof AvgPool2d mean && mean.countsPadding() ? row.padded * column.padded
                : row.inside.size() * column.inside.size();
        for (int i : row.inside) {
            for (int j : column.inside) {
                dx[plane + i * width + j] += dy / places;
            }
        }
        return (float) (sum * (1f / places));
    }

    /** Values that PyTorch documents by its formula: floor(i H / OH) to ceil((i + 1) H / OH). */
    @Test
    void adaptiveMeansOfARow() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7}, Shape.of(1, 1, 1, 7));
        assertArrayEquals(new float[] {2, 4, 6}, run(new AdaptiveAvgPool2d(1, 3), x));
        assertArrayEquals(new float[] {2.5f, 5.5f}, run(new AdaptiveAvgPool2d(1, 2), x));
        assertArrayEquals(new float[] {4}, run(new AdaptiveAvgPool2d(1, 1), x));
        assertArrayEquals(new float[] {1, 1.5f, 2, 2.5f, 3, 3.5f, 4, 4.5f, 5, 5.5f, 6, 6.5f, 7},
                run(new AdaptiveAvgPool2d(1, 13), x));
    }

    @Test
    void adaptiveGradients() {
        ExactGradients.check(new AdaptiveAvgPool2d(2, 3), Samples.integers(Shape.of(2, 2, 4, 6), 8, 1), 0.25f, 2);
        ExactGradients.check(new AdaptiveAvgPool2d(7, 4), Samples.integers(Shape.of(1, 2, 4, 3), 8, 1), 0.25f, 2);
    }

    /** Both passes down the columns and along the rows have to keep it. */
    @Test
    void aNaNWinsInEveryWindowThatSeesIt() {
        for (int stride = 1; stride < 3; stride++) {
            Tensor x = Tensor.zeros(Shape.of(1, 1, 5, 5));
            x.data()[12] = Float.NaN;
            float[] y = run(new MaxPool2d(3, stride, 1), x);
            int side = stride == 1 ? 5 : 3;
            for (int i = 0; i < y.length; i++) {
                int row = i / side * stride;
                int column = i % side * stride;
                boolean sees = Math.abs(row - 2) < 2 && Math.abs(column - 2) < 2;
                assertEquals(sees ? Float.NaN : 0, y[i], "stride " + stride + " at " + i);
            }
        }
    }

    @Test
    void theFirstOfEqualsHasTheGradient() {
        Shape shape = Shape.of(1, 1, 3, 3);
        MaxPool2d layer = new MaxPool2d(PoolSpec.of(2, 2));
        Tensor x = Tensor.of(new float[] {1, 1, 1, 1, 1, Float.NaN, 1, 1, Float.NaN}, shape);
        layer.configure(shape, Execution.TRAINING, true);
        layer.forward(x, Phase.TRAINING);
        float[] dx = layer.backward(Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(1, 1, 2, 2))).data();
        assertArrayEquals(new float[] {1, 0, 0, 3, 0, 6, 0, 0, 0}, dx);
    }

    @Test
    void minusInfinityIsAValueLikeAnother() {
        Tensor x = Tensor.of(new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}, Shape.of(1, 1, 1, 2));
        assertArrayEquals(x.data(), run(new MaxPool2d(PoolSpec.of(1, 3).withPadding(0, 0, 1, 1)), x));
    }

    @Test
    void refusals() {
        assertEquals("padding: given 0, 0, -1, 0, needed 0 to 65536",
                assertThrows(IllegalArgumentException.class, () -> PoolSpec.of(3).withPadding(0, 0, -1, 0)).getMessage());
        assertEquals("kernelHeight: given 2147483647, needed 1 to 65536",
                assertThrows(IllegalArgumentException.class, () -> PoolSpec.of(Integer.MAX_VALUE)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> PoolSpec.of(3).withPadding(Integer.MAX_VALUE));
        assertEquals("strideWidth: given 0, needed 1 to 65536",
                assertThrows(IllegalArgumentException.class, () -> PoolSpec.of(3).withStride(1, 0)).getMessage());
        assertEquals("MaxPool2D input: given [1, 1, 2, 9], needed padded height and width of at least a window's, 3 and 5,"
                + " and a pixel in every window", assertThrows(ShapeException.class,
                () -> new MaxPool2d(PoolSpec.of(3, 5)).outputShape(Shape.of(1, 1, 2, 9))).getMessage());
        assertEquals("height and width: given 0 and 1, needed at least 1",
                assertThrows(IllegalArgumentException.class, () -> new AdaptiveAvgPool2d(0, 1)).getMessage());
        assertThrows(ShapeException.class,
                () -> new MaxPool2d(PoolSpec.of(2, 2).withDilation(1 << 16, 2)).outputShape(Shape.of(1, 1, 9, 9)));
    }

    private static float[] run(Layer layer, Tensor x) {
        layer.configure(x.shape(), Execution.INFERENCE);
        return layer.forward(x, Phase.INFERENCE).data().clone();
    }
}

package coordconv.layers.shaping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.layers.ExactGradients;
import coordconv.layers.Execution;
import coordconv.layers.GradientCheck;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.shaping.ResizeSpec.Coordinates;
import coordconv.layers.shaping.ResizeSpec.Crop;
import coordconv.layers.shaping.ResizeSpec.Fit;
import coordconv.layers.shaping.ResizeSpec.Mode;
import coordconv.layers.shaping.ResizeSpec.Rounding;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Resizing against the sum over all pixels that defines it, and against the numbers of the ONNX specification. */
class ResizeTest {
    private static final Tensor SQUARE = Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(1, 1, 2, 2));
    private static final Tensor FOUR = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
            Shape.of(1, 1, 4, 4));

    private static double place(Coordinates coordinates, int i, int from, int to, double scale) {
        return switch (coordinates) {
            case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
            case PYTORCH_HALF_PIXEL -> to == 1 ? 0 : (i + 0.5) / scale - 0.5;
            case HALF_PIXEL_SYMMETRIC -> from / 2.0 * (1 - to / (scale * from)) + (i + 0.5) / scale - 0.5;
            case ALIGN_CORNERS -> to == 1 ? 0 : i * (from - 1) / (scale * from - 1);
            case ASYMMETRIC -> i / scale;
        };
    }

    /** What input pixel p counts in output i. */
    private static double weight(ResizeSpec spec, int i, int p, int from, int to, double scale) {
        double place = place(spec.coordinates(), i, from, to, scale);
        double stretch = spec.isAntialiased() ? Math.min(1, scale) : 1;
        double sum = 0;
        double mine = 0;
        for (int q = -40; q < from + 40; q++) {
            if (spec.excludesOutside() && (q < 0 || q >= from)) {
                continue;
            }
            double d = Math.abs(q - place) * stretch;
            double w;
            if (spec.mode() == Mode.LINEAR) {
                w = d < 1 ? 1 - d : 0;
            } else {
                double a = spec.cubic();
                w = d >= 2 ? 0 : d <= 1 ? (a + 2) * d * d * d - (a + 3) * d * d + 1
                        : a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a;
            }
            sum += w;
            mine += Math.clamp(q, 0, from - 1) == p ? w : 0;
        }
        return mine / sum;
    }

    /** What each input pixel counts in each output along an axis. */
    private static double[][] weights(ResizeSpec spec, int from, int to, double scale) {
        double[][] weights = new double[to][from];
        for (int i = 0; i < to; i++) {
            for (int p = 0; p < from; p++) {
                weights[i][p] = scale == 1 ? i == p ? 1 : 0 : weight(spec, i, p, from, to, scale);
            }
        }
        return weights;
    }

    private static double[] definition(double[] x, double[][] rows, double[][] columns) {
        int h = rows[0].length;
        int w = columns[0].length;
        int pixels = rows.length * columns.length;
        double[] y = new double[x.length / (h * w) * pixels];
        for (int at = 0; at < y.length; at++) {
            double[] row = rows[at % pixels / columns.length];
            double[] column = columns[at % columns.length];
            for (int p = 0; p < h; p++) {
                for (int q = 0; q < w; q++) {
                    y[at] += row[p] * column[q] * x[(at / pixels * h + p) * w + q];
                }
            }
        }
        return y;
    }

    private static void check(ResizeSpec spec, Shape in, Shape out, double... scales) {
        Resize layer = new Resize(spec);
        assertEquals(out, layer.outputShape(in));
        double[][] rows = weights(spec, in.extent(2), out.extent(2), scales[0]);
        double[][] columns = weights(spec, in.extent(3), out.extent(3), scales[1]);
        // Each pass rounds weights and products, and adds up to ten of them; inputs and their overshoots are below 6.
        GradientCheck.against((x, p) -> definition(x, rows, columns)).roundings(2 * 12).cancelling(6)
                .check(layer, Samples.gaussian(in, 3), 4);
    }

    @Test
    void linearAndCubicInEveryCoordinates() {
        Shape in = Shape.of(2, 2, 4, 5);
        for (Coordinates coordinates : Coordinates.values()) {
            for (Mode mode : new Mode[] {Mode.LINEAR, Mode.CUBIC}) {
                check(ResizeSpec.byScales(mode, 2, 3).withCoordinates(coordinates), in, Shape.of(2, 2, 8, 15), 2, 3);
                check(ResizeSpec.byScales(mode, 0.75, 1.25).withCoordinates(coordinates), in, Shape.of(2, 2, 3, 6), 0.75, 1.25);
                check(ResizeSpec.toSize(mode, 7, 3).withCoordinates(coordinates), in, Shape.of(2, 2, 7, 3), 7 / 4.0, 3 / 5.0);
                check(ResizeSpec.toSize(mode, 1, 9).withCoordinates(coordinates), in, Shape.of(2, 2, 1, 9), 1 / 4.0, 9 / 5.0);
                check(ResizeSpec.toSize(mode, 4, 9).withCoordinates(coordinates), in, Shape.of(2, 2, 4, 9), 1, 9 / 5.0);
                check(ResizeSpec.toSize(mode, 6, 5).withCoordinates(coordinates), in, Shape.of(2, 2, 6, 5), 1.5, 1);
            }
        }
    }

    @Test
    void antialiasedReductionsAndExcludedBorders() {
        Shape in = Shape.of(1, 2, 9, 7);
        for (Mode mode : new Mode[] {Mode.LINEAR, Mode.CUBIC}) {
            ResizeSpec spec = ResizeSpec.toSize(mode, 4, 3).withCubic(-0.5);
            check(spec.withAntialias(true), in, Shape.of(1, 2, 4, 3), 4 / 9.0, 3 / 7.0);
            check(spec.withExcludeOutside(true), in, Shape.of(1, 2, 4, 3), 4 / 9.0, 3 / 7.0);
            check(spec.withExcludeOutside(true).withAntialias(true), in, Shape.of(1, 2, 4, 3), 4 / 9.0, 3 / 7.0);
            check(ResizeSpec.toSize(mode, 11, 8).withAntialias(true), in, Shape.of(1, 2, 11, 8), 11 / 9.0, 8 / 7.0);
        }
    }

    @Test
    void numbersOfTheSpecification() {
        // Resize: upsample_scales_linear, _align_corners, downsample_scales_linear, upsample_scales_cubic's first row.
        assertArrayEquals(new float[] {1, 1.25f, 1.75f, 2, 1.5f, 1.75f, 2.25f, 2.5f, 2.5f, 2.75f, 3.25f, 3.5f, 3, 3.25f, 3.75f, 4},
                run(ResizeSpec.byScales(Mode.LINEAR, 2, 2), SQUARE));
        assertArrayEquals(new float[] {1, 1.33333333f, 1.66666667f, 2, 1.66666667f, 2, 2.33333333f, 2.66666667f, 2.33333333f,
            2.66666667f, 3, 3.33333333f, 3, 3.33333333f, 3.66666667f, 4},
                run(ResizeSpec.byScales(Mode.LINEAR, 2, 2).withCoordinates(Coordinates.ALIGN_CORNERS), SQUARE), 1e-6f);
        Tensor wide = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, Shape.of(1, 1, 2, 4));
        assertArrayEquals(new float[] {2.6666665f, 4.3333331f}, run(ResizeSpec.byScales(Mode.LINEAR, 0.6f, 0.6f), wide), 2e-6f);
        assertArrayEquals(new float[] {1, 3.142857f},
                run(ResizeSpec.byScales(Mode.LINEAR, 0.6f, 0.6f).withCoordinates(Coordinates.ALIGN_CORNERS), wide), 2e-6f);
        float[] cubic = run(ResizeSpec.byScales(Mode.CUBIC, 2, 2), FOUR);
        assertArrayEquals(new float[] {0.47265625f, 0.76953125f, 1.24609375f, 1.875f, 2.28125f, 2.91015625f, 3.38671875f, 3.68359375f},
                Arrays.copyOf(cubic, 8), 2e-6f);
    }

    @Test
    void theNearestElement() {
        assertArrayEquals(new float[] {1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4},
                run(ResizeSpec.byScales(Mode.NEAREST, 2, 3), SQUARE));
        Tensor row = Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(1, 1, 1, 4));
        // Places 0, 0.571, ... 3.43 asymmetrically; 0.5, 2.5 where half of the elements are left out.
        ResizeSpec spec = ResizeSpec.toSize(Mode.NEAREST, 1, 7).withCoordinates(Coordinates.ASYMMETRIC);
        assertArrayEquals(new float[] {1, 1, 2, 2, 3, 3, 4}, run(spec.withRounding(Rounding.FLOOR), row));
        assertArrayEquals(new float[] {1, 2, 3, 3, 4, 4, 4}, run(spec.withRounding(Rounding.CEIL), row));
        assertArrayEquals(new float[] {1, 2, 2, 3, 3, 4, 4}, run(spec.withRounding(Rounding.HALF_DOWN), row));
        ResizeSpec half = ResizeSpec.byScales(Mode.NEAREST, 1, 0.5);
        assertArrayEquals(new float[] {1, 3}, run(half, row));
        assertArrayEquals(new float[] {2, 4}, run(half.withRounding(Rounding.HALF_UP), row));
        ExactGradients.check(new Resize(ResizeSpec.byScales(Mode.NEAREST, 2, 3)), Samples.integers(Shape.of(2, 2, 3, 2), 9, 1), 0.5f, 2);
        ExactGradients.check(new Resize(half), Samples.integers(Shape.of(2, 2, 3, 4), 9, 1), 0.5f, 2);
    }

    @Test
    void sizesThatKeepTheProportions() {
        Shape in = Shape.of(1, 1, 4, 6);
        ResizeSpec spec = ResizeSpec.toSize(Mode.NEAREST, 8, 7);
        assertEquals(Shape.of(1, 1, 8, 7), new Resize(spec).outputShape(in));
        assertEquals(Shape.of(1, 1, 5, 7), new Resize(spec.withFit(Fit.NOT_LARGER)).outputShape(in));
        assertEquals(Shape.of(1, 1, 8, 12), new Resize(spec.withFit(Fit.NOT_SMALLER)).outputShape(in));
    }

    @Test
    void otherAxesAndOtherRanks() {
        Tensor x = Tensor.of(new float[] {0, 10, 2, 12}, Shape.of(2, 2));
        assertArrayEquals(new float[] {0, 10, 1, 11, 2, 12}, run(ResizeSpec.toSize(Mode.LINEAR, new int[] {0}, new int[] {3})
                .withCoordinates(Coordinates.ALIGN_CORNERS), x));
        assertArrayEquals(new float[] {0, 5, 10, 2, 7, 12}, run(ResizeSpec.toSize(Mode.LINEAR, new int[] {-1}, new int[] {3})
                .withCoordinates(Coordinates.ALIGN_CORNERS), x));
        assertArrayEquals(x.data(), run(ResizeSpec.byScales(Mode.LINEAR, new int[] {0, 1}, new double[] {1, 1}), x));
        Resize same = new Resize(ResizeSpec.byScales(Mode.CUBIC, new int[] {0, 1}, new double[] {1, 1}));
        ExactGradients.check(same, x, 0.5f, 1);
    }

    /** Numbers of the specification's tf_crop_and_resize, and of its extrapolation value. */
    @Test
    void aPartOfTheInput() {
        ResizeSpec spec = ResizeSpec.toSize(Mode.LINEAR, 3, 3);
        assertArrayEquals(new float[] {7.6000004f, 7.9f, 8.2f, 8.8f, 9.1f, 9.400001f, 10, 10.3f, 10.6f},
                run(spec.withCrop(new Crop(List.of(0.4, 0.6), List.of(0.6, 0.8), 0)), FOUR), 2e-6f);
        assertArrayEquals(new float[] {7.6000004f, 10, 10, 12.400001f, 10, 10, 10, 10, 10},
                run(spec.withCrop(new Crop(List.of(0.4, 0.6), List.of(1.2, 1.7), 10)), FOUR), 2e-6f);
        Tensor row = Tensor.of(new float[] {1, 2, 3, 4, 5}, Shape.of(5));
        Crop beyond = new Crop(List.of(-0.25), List.of(1.0), -9);
        ResizeSpec nearest = ResizeSpec.toSize(Mode.NEAREST, new int[] {0}, new int[] {6}).withCrop(beyond);
        assertArrayEquals(new float[] {-9, 1, 2, 3, 4, 5}, run(nearest, row));
        assertArrayEquals(new float[] {3}, run(ResizeSpec.toSize(Mode.LINEAR, new int[] {0}, new int[] {1})
                .withCrop(new Crop(List.of(0.25), List.of(0.75), 0)), row));
        ExactGradients.check(new Resize(nearest), row, 0.5f, 1);
        // The same size, and yet another part.
        Crop half = new Crop(List.of(0.5), List.of(1.5), 0);
        Resize moved = new Resize(ResizeSpec.toSize(Mode.LINEAR, new int[] {0}, new int[] {5}).withCrop(half));
        ExactGradients.check(moved, row, 0.5f, 1);
        assertArrayEquals(new float[] {3, 4, 5, 0, 0}, run(moved.spec(), row));
        refused("starts: given 1 numbers, needed as many as there are axes, 2", () -> spec.withCrop(half));
        refused("starts and ends: given [NaN] and [1.0], needed finite numbers",
                () -> new Crop(List.of(Double.NaN), List.of(1.0), 0));
    }

    @Test
    void longRowsInBlocks() {
        Tensor x = Samples.integers(Shape.of(2, 1500), 50, 1);
        float[] y = run(ResizeSpec.toSize(Mode.LINEAR, new int[] {0}, new int[] {3}).withCoordinates(Coordinates.ALIGN_CORNERS), x);
        for (int i = 0; i < 1500; i++) {
            assertEquals((x.data()[i] + x.data()[1500 + i]) / 2, y[1500 + i], "y[1," + i + "]");
            assertEquals(x.data()[1500 + i], y[3000 + i], "y[2," + i + "]");
        }
    }

    @Test
    void aSizeIsRoundedDownInFloat() {
        assertEquals(Shape.of(1, 1, 7, 3), new Resize(ResizeSpec.byScales(Mode.LINEAR, 0.7f, 0.39)).outputShape(Shape.of(1, 1, 10, 10)));
    }

    @Test
    void refusals() {
        refused("scales: given [2.0, NaN], needed finite numbers above 0", () -> ResizeSpec.byScales(Mode.LINEAR, 2, Double.NaN));
        refused("sizes: given [2, 0], needed at least 1 each", () -> ResizeSpec.toSize(Mode.LINEAR, 2, 0));
        refused("scales: given 1 numbers, needed as many as there are axes, 2",
                () -> ResizeSpec.byScales(Mode.LINEAR, new int[] {0, 1}, new double[] {2}));
        refused("Resize input: given [3, 4], needed a shape with the axes [2, 3], each once",
                () -> new Resize(ResizeSpec.byScales(Mode.LINEAR, 2, 2)).outputShape(Shape.of(3, 4)));
        refused("Resize input: given [1, 1, 3, 4], needed at least 1 element and less than 2^31 along each axis after"
                + " scales [0.1, 2.0]", () -> new Resize(ResizeSpec.byScales(Mode.LINEAR, 0.1, 2)).outputShape(Shape.of(1, 1, 3, 4)));
        refused("coefficient: given Infinity, needed a finite number",
                () -> ResizeSpec.byScales(Mode.CUBIC, 2, 2).withCubic(Double.POSITIVE_INFINITY));
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static float[] run(ResizeSpec spec, Tensor x) {
        Layer layer = new Resize(spec);
        layer.configure(x.shape(), Execution.INFERENCE);
        return layer.forward(x, Phase.INFERENCE).data().clone();
    }
}

package coordconv.layers.activations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.layers.Execution;
import coordconv.layers.GradientCheck;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every function of one number against its definition in double, its differences, and at the ends of the range. */
class UnaryTest {
    private static final double U = Math.ulp(1f) / 2;

    /** Points around the corners of the functions and beyond, none of them a corner. */
    private static final float[] POINTS = {-50, -8.5f, -4, -3.25f, -2.75f, -2.25f, -1, -0.75f, -0.125f, -1e-3f, -1e-4f,
        1e-4f, 2e-3f, 0.1875f, 0.625f, 1.25f, 2.375f, 2.875f, 3.5f, 5.75f, 6.5f, 9, 50};

    private static Unary layer(UnaryFunction function) {
        return switch (function) {
            case CLIP -> Unary.clip(-0.5f, 6);
            case ELU -> Unary.elu(1.5f);
            case CELU -> Unary.celu(0.5f);
            case HARD_SIGMOID -> Unary.hardSigmoid(0.25f, 0.375f);
            case THRESHOLDED_RELU -> Unary.thresholdedRelu(0.5f);
            default -> Unary.of(function);
        };
    }

    private static DoubleUnaryOperator definition(UnaryFunction function) {
        return switch (function) {
            case ABS -> Math::abs;
            case NEGATIVE -> v -> -v;
            case RECIPROCAL -> v -> 1 / v;
            case SQUARE_ROOT -> Math::sqrt;
            case EXPONENTIAL -> Math::exp;
            case LOGARITHM -> Math::log;
            case ERROR_FUNCTION -> UnaryTest::erf;
            case TANH -> Math::tanh;
            case SOFTSIGN -> v -> v / (1 + Math.abs(v));
            case SOFTPLUS -> v -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
            case SILU -> v -> v / (1 + Math.exp(-v));
            case MISH -> v -> v * Math.tanh(Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))));
            case HARD_SWISH -> v -> v * Math.min(Math.max(v + 3, 0), 6) / 6;
            case HARD_SIGMOID -> v -> Math.min(Math.max(0.25 * v + 0.375, 0), 1);
            case CLIP -> v -> Math.min(Math.max(v, -0.5), 6);
            case THRESHOLDED_RELU -> v -> v > 0.5 ? v : 0 * v;
            case ELU -> v -> v > 0 ? v : 1.5 * Math.expm1(v);
            case CELU -> v -> v > 0 ? v : 0.5 * Math.expm1(v / 0.5);
            case SELU -> v -> 1.05070102214813232421875 * (v > 0 ? v : 1.67326319217681884765625 * Math.expm1(v));
            case GELU -> v -> 0.5 * v * (1 + erf(v / Math.sqrt(2)));
            case GELU_TANH -> v -> 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
        };
    }

    /** Maclaurin's series, and the continued fraction of the complement where the series would cancel. */
    private static double erf(double v) {
        double a = Math.abs(v);
        if (v != v || a < 2) {
            double term = v;
            double sum = 0;
            for (int n = 0; n < 60; n++) {
                sum += term / (2 * n + 1);
                term *= -v * v / (n + 1);
            }
            return 2 / Math.sqrt(Math.PI) * sum;
        }
        double fraction = 0;
        for (int n = 80; n > 0; n--) {
            fraction = n / 2.0 / (a + fraction);
        }
        return Math.copySign(1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + fraction)), v);
    }

    private static float[] points(UnaryFunction function) {
        float[] points = POINTS.clone();
        if (function == UnaryFunction.LOGARITHM || function == UnaryFunction.SQUARE_ROOT) {
            for (int i = 0; i < points.length; i++) {
                points[i] = Math.max(Math.abs(points[i]), 0.125f);
            }
        }
        // Where a huge slope or curvature would drown the differences.
        float least = function == UnaryFunction.RECIPROCAL ? 0.125f : 0;
        float most = function == UnaryFunction.EXPONENTIAL ? 3 : 50;
        for (int i = 0; i < points.length; i++) {
            points[i] = Math.copySign(Math.min(Math.max(Math.abs(points[i]), least), most), points[i]);
        }
        return points;
    }

    /** The functions that a sum with 1 makes: their error is relative to the sum's terms. */
    private static double cancellation(UnaryFunction function, double v) {
        return switch (function) {
            case GELU, GELU_TANH -> Math.abs(v);
            case HARD_SWISH, HARD_SIGMOID -> Math.abs(v) < 4 ? 1 : 0;
            default -> 0;
        };
    }

    @ParameterizedTest
    @EnumSource
    void valueAndGradient(UnaryFunction function) {
        for (float point : points(function)) {
            // Alone, for a bound of its own.
            Tensor x = Tensor.of(new float[] {point}, Shape.of(1));
            Unary layer = layer(function);
            layer.configure(x.shape(), Execution.TRAINING, true);
            DoubleUnaryOperator f = definition(function);
            double step = Math.cbrt(Math.ulp(1.0));
            double y = f.applyAsDouble(point);
            assertEquals(y, layer.forward(x, Phase.TRAINING).data()[0],
                    4 * U * (Math.abs(y) + cancellation(function, point)), function + " of " + point);
            double slope = (f.applyAsDouble(point + step) - f.applyAsDouble(point - step)) / (2 * step);
            // Differences of values of up to 50 lose what their rounding is worth.
            double differences = 10 * step * step + 8 * Math.ulp(Math.max(Math.abs(y), Math.abs(point))) / step;
            assertEquals(3 * slope, layer.backward(Tensor.of(new float[] {3}, x.shape())).data()[0],
                    3 * (8 * U * (Math.abs(slope) + 1) + 100 * differences), "slope of " + function + " at " + point);
        }
    }

    /** NaN and infinity are equal to themselves alone. */
    private static void close(double exact, float given, double bound, String what) {
        assertEquals(exact, given, Double.isFinite(exact) ? bound : 0, what);
    }

    @ParameterizedTest
    @EnumSource
    void endsOfTheRange(UnaryFunction function) {
        float[] ends = {Float.NaN, 0, -0.0f, 1e-30f, -1e-30f, 87, -87, 103.5f, -103.5f, 300, -300, 1e30f, -1e30f,
            Float.POSITIVE_INFINITY};
        Unary layer = layer(function);
        Tensor x = Tensor.of(ends, Shape.of(ends.length));
        layer.configure(x.shape(), Execution.TRAINING, true);
        float[] y = layer.forward(x, Phase.TRAINING).data();
        for (int i = 0; i < ends.length; i++) {
            double exact = definition(function).applyAsDouble(ends[i]);
            close((float) exact, y[i], 4 * U * (Math.min(Math.abs(exact), Float.MAX_VALUE)
                    + (ends[i] < 0 ? 0 : cancellation(function, Math.min(ends[i], 1)))) + 2 * Float.MIN_VALUE,
                    function + " of " + ends[i]);
        }
        assertTrue(Float.isNaN(y[0]), function + " of NaN");
        float[] dx = layer.backward(Tensor.of(ones(ends.length), x.shape())).data();
        assertTrue(function == UnaryFunction.NEGATIVE || Float.isNaN(dx[0]), function + " has a slope at NaN");
        for (int i = 3; i < ends.length - 1; i++) {
            boolean beyond = function == UnaryFunction.LOGARITHM || function == UnaryFunction.SQUARE_ROOT;
            assertTrue(beyond || !Float.isNaN(dx[i]), function + " has no slope at " + ends[i]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowIsItsElements(UnaryFunction function) {
        Tensor x = Samples.gaussian(Shape.of(3, 67), 1);
        Unary whole = layer(function);
        whole.configure(x.shape(), Execution.INFERENCE);
        float[] y = whole.forward(x, Phase.INFERENCE).data();
        for (int i = 0; i < y.length; i++) {
            double exact = definition(function).applyAsDouble(x.data()[i]);
            close(exact, y[i], 4 * U * (Math.abs(exact) + cancellation(function, x.data()[i])), function + " at " + i);
        }
    }

    @Test
    void theErrorFunctionEverywhere() {
        float[] x = new float[8000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 4000) / 600f;
        }
        Unary layer = Unary.of(UnaryFunction.ERROR_FUNCTION);
        layer.configure(Shape.of(x.length), Execution.INFERENCE);
        float[] y = layer.forward(Tensor.of(x, Shape.of(x.length)), Phase.INFERENCE).data();
        for (int i = 0; i < x.length; i++) {
            assertEquals(erf(x[i]), y[i], 2 * U * Math.abs(erf(x[i])), "erf " + x[i]);
        }
    }

    @Test
    void cornersHaveTheDocumentedSlopes() {
        assertArrayEquals(new float[] {0, 1, 0, 0}, slopes(Unary.relu6(), 0, 3, 6, 7));
        assertArrayEquals(new float[] {0, 1}, slopes(Unary.hardSwish(), -3, 3));
        assertArrayEquals(new float[] {0}, slopes(Unary.of(UnaryFunction.ABS), 0));
        assertArrayEquals(new float[] {0, 0}, slopes(Unary.hardSigmoid(0.5f, 0.5f), -1, 1));
        assertArrayEquals(new float[] {1.5f}, slopes(Unary.elu(1.5f), 0));
        assertArrayEquals(new float[] {0}, slopes(Unary.thresholdedRelu(1), 1));
        assertArrayEquals(new float[] {1, 1}, slopes(Unary.clip(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY), -9, 9));
    }

    @Test
    void aClipFromZeroIsAnEpilogue() {
        assertEquals(Activation.clippedRelu(6), Unary.relu6().asActivation());
        assertEquals(Activation.clippedRelu(Float.MAX_VALUE), Unary.clip(-0f, Float.MAX_VALUE).asActivation());
        assertEquals(Activation.RELU, Unary.clip(0, Float.POSITIVE_INFINITY).asActivation());
        for (Unary other : List.of(Unary.clip(-1, 6), Unary.clip(1, 6), Unary.clip(0, 0), Unary.clip(0, -1), Unary.hardSigmoid(0, 6),
                Unary.of(UnaryFunction.CLIP), Unary.thresholdedRelu(0))) {
            assertNull(other.asActivation(), other.a() + ", " + other.b());
        }
    }

    private static float[] slopes(Unary layer, float... at) {
        Tensor x = Tensor.of(at, Shape.of(at.length));
        layer.configure(x.shape(), Execution.TRAINING, true);
        layer.forward(x, Phase.TRAINING);
        return layer.backward(Tensor.of(ones(at.length), x.shape())).data();
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void clippingWithCrossedBoundsGivesTheUpperOne() {
        Unary layer = Unary.clip(3, 1);
        layer.configure(Shape.of(3), Execution.INFERENCE);
        assertArrayEquals(new float[] {1, 1, 1},
                layer.forward(Tensor.of(new float[] {0, 2, 5}, Shape.of(3)), Phase.INFERENCE).data());
    }

    @Test
    void badParametersAreRefused() {
        assertEquals("least and most: given NaN and 1.0, needed numbers",
                assertThrows(IllegalArgumentException.class, () -> Unary.clip(Float.NaN, 1)).getMessage());
        assertEquals("alpha: given Infinity, needed a finite number", assertThrows(IllegalArgumentException.class,
                () -> Unary.elu(Float.POSITIVE_INFINITY)).getMessage());
        assertEquals("alpha: given 0.0, needed a finite number above 0",
                assertThrows(IllegalArgumentException.class, () -> Unary.celu(0)).getMessage());
    }

    @Test
    void prelu() {
        for (int slopes : new int[] {1, 3}) {
            PReLU layer = new PReLU(slopes);
            Samples.fillIntegers(layer.weight().values(), 3, 5);
            layer.weight().values()[0] = 0.25f;
            layer.weight().changed();
            Tensor x = Samples.gaussian(Shape.of(2, 3, 2, 5), 4);
            GradientCheck.against((v, p) -> {
                double[] y = new double[v.length];
                for (int i = 0; i < v.length; i++) {
                    y[i] = v[i] > 0 ? v[i] : p[0][i / 10 % slopes] * v[i];
                }
                return y;
            }).roundings(2).check(layer, x, 6);
        }
    }

    @Test
    void theSlopeOfPReLUAtZeroIsItsParameter() {
        PReLU layer = new PReLU(1);
        layer.initialise(1);
        layer.configure(Shape.of(3), Execution.TRAINING, true);
        layer.forward(Tensor.of(new float[] {-1, 0, 1}, Shape.of(3)), Phase.TRAINING);
        assertArrayEquals(new float[] {0.25f, 0.25f, 1}, layer.backward(Tensor.of(ones(3), Shape.of(3))).data());
    }

    @Test
    void preluRefusesOtherChannels() {
        assertEquals("PReLU input: given [2, 4, 5], needed [N, 3, ...]", assertThrows(IllegalArgumentException.class,
                () -> new PReLU(3).outputShape(Shape.of(2, 4, 5))).getMessage());
    }
}

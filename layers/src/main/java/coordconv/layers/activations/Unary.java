package coordconv.layers.activations;

import coordconv.kernels.Activation;
import java.util.Objects;

/**
 * One function of each element, without learned parameters: any shape in, the same shape out. ReLU, leaky ReLU and
 * sigmoid are layers of their own. A convolution computes a clip whose lower bound is 0 in its own epilogue.
 */
public final class Unary extends Elementwise implements EpilogueActivation {
    /** Floats that a second pass over them finds in the first cache. */
    private static final int BLOCK = 2048;
    private static final float SELU_A = 1.67326319217681884765625f;
    private static final float SELU_B = 1.05070102214813232421875f;

    private final UnaryFunction function;
    private final float a;
    private final float b;

    private Unary(UnaryFunction function, float a, float b) {
        this.function = function;
        this.a = a;
        this.b = b;
    }

    /**
     * A function without parameters, or with those of its paper or of its ONNX operator: HARD_SIGMOID 0.2 and 0.5,
     * ELU and CELU 1, SELU 1.6733 and 1.0507, CLIP minus and plus infinity, THRESHOLDED_RELU 1.
     *
     * @param function which
     * @return the layer
     */
    public static Unary of(UnaryFunction function) {
        return switch (Objects.requireNonNull(function, "function")) {
            case HARD_SIGMOID -> hardSigmoid(0.2f, 0.5f);
            case ELU -> elu(1);
            case CELU -> celu(1);
            case SELU -> selu(SELU_A, SELU_B);
            case CLIP -> clip(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
            case THRESHOLDED_RELU -> thresholdedRelu(1);
            default -> new Unary(function, 0, 0);
        };
    }

    /** {@return {@code tanh x}} */
    public static Unary tanh() {
        return of(UnaryFunction.TANH);
    }

    /** {@return {@code x / (1 + e^-x)}, also called Swish} */
    public static Unary silu() {
        return of(UnaryFunction.SILU);
    }

    /** {@return {@code x tanh(log(1 + e^x))}} */
    public static Unary mish() {
        return of(UnaryFunction.MISH);
    }

    /** {@return {@code x min(max(x / 6 + 1/2, 0), 1)}} */
    public static Unary hardSwish() {
        return of(UnaryFunction.HARD_SWISH);
    }

    /** {@return {@code x / 2 (1 + erf(x / sqrt 2))}} */
    public static Unary gelu() {
        return of(UnaryFunction.GELU);
    }

    /** {@return {@code min(max(x, 0), 6)}} */
    public static Unary relu6() {
        return clip(0, 6);
    }

    /**
     * {@code min(max(x, least), most)}; infinite bounds leave a side open. With least above most every output is
     * most, as ONNX has it.
     *
     * @param least lower bound
     * @param most upper bound
     * @return the layer
     */
    public static Unary clip(float least, float most) {
        if (Float.isNaN(least) || Float.isNaN(most)) {
            throw new IllegalArgumentException("least and most: given " + least + " and " + most + ", needed numbers");
        }
        return new Unary(UnaryFunction.CLIP, least, most);
    }

    /**
     * {@code min(max(slope x + offset, 0), 1)}.
     *
     * @param slope factor on x, finite
     * @param offset addend, finite
     * @return the layer
     */
    public static Unary hardSigmoid(float slope, float offset) {
        return new Unary(UnaryFunction.HARD_SIGMOID, finite("slope", slope), finite("offset", offset));
    }

    /**
     * {@code x > 0 ? x : alpha (e^x - 1)}.
     *
     * @param alpha finite
     * @return the layer
     */
    public static Unary elu(float alpha) {
        return new Unary(UnaryFunction.ELU, finite("alpha", alpha), 0);
    }

    /**
     * {@code max(x, 0) + min(alpha (e^(x / alpha) - 1), 0)}.
     *
     * @param alpha above 0 and finite
     * @return the layer
     */
    public static Unary celu(float alpha) {
        if (!(alpha > 0 && alpha < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("alpha: given " + alpha + ", needed a finite number above 0");
        }
        return new Unary(UnaryFunction.CELU, alpha, 0);
    }

    /**
     * {@code gamma (x > 0 ? x : alpha (e^x - 1))}.
     *
     * @param alpha finite
     * @param gamma finite
     * @return the layer
     */
    public static Unary selu(float alpha, float gamma) {
        return new Unary(UnaryFunction.SELU, finite("alpha", alpha), finite("gamma", gamma));
    }

    /**
     * {@code x > threshold ? x : 0}.
     *
     * @param threshold finite
     * @return the layer
     */
    public static Unary thresholdedRelu(float threshold) {
        return new Unary(UnaryFunction.THRESHOLDED_RELU, finite("threshold", threshold), 0);
    }

    private static float finite(String argument, float given) {
        if (!Float.isFinite(given)) {
            throw new IllegalArgumentException(argument + ": given " + given + ", needed a finite number");
        }
        return given;
    }

    /** {@return which function it is} */
    public UnaryFunction function() {
        return function;
    }

    /** {@return the first parameter as {@link UnaryFunction} names it, 0 without parameters} */
    public float a() {
        return a;
    }

    /** {@return the second parameter as {@link UnaryFunction} names it, 0 without one} */
    public float b() {
        return b;
    }

    @Override
    public String type() {
        return function.label();
    }

    /**
     * The epilogue of a clip to 0 and an upper bound.
     *
     * @return the clipped ReLU; a ReLU if that bound is infinite; null for every other function
     */
    @Override
    public Activation asActivation() {
        if (function != UnaryFunction.CLIP || a != 0 || b <= 0) {
            return null;
        }
        return b == Float.POSITIVE_INFINITY ? Activation.RELU : Activation.clippedRelu(b);
    }

    @Override
    void apply(float[] x, float[] y, int from, int to) {
        for (int at = from; at < to; at += BLOCK) {
            function.apply(x, y, a, b, at, Math.min(at + BLOCK, to));
        }
    }

    @Override
    void gradientInPlace(float[] x, float[] y, float[] dy, int from, int to) {
        function.gradient(x, y, dy, a, b, from, to);
    }
}

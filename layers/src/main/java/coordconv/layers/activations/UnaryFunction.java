package coordconv.layers.activations;

import coordconv.layers.internal.Exponentials;

/**
 * The functions of one number that {@link Unary} applies; a and b are the parameters of those that have some. A NaN
 * stays a NaN. Values are computed as if in double and rounded once, or with two or three roundings in float.
 */
public enum UnaryFunction {
    /** {@code |x|}; its gradient at 0 is 0. */
    ABS("Abs") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = Math.abs(x[i]);
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= Math.signum(x[i]);
            }
        }
    },

    /** {@code -x}. */
    NEGATIVE("Neg") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = -x[i];
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] = -dy[i];
            }
        }
    },

    /** {@code 1 / x}. */
    RECIPROCAL("Reciprocal") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = 1 / x[i];
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= -y[i] * y[i];
            }
        }
    },

    /** The square root; a NaN for negative x. */
    SQUARE_ROOT("Sqrt") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = (float) Math.sqrt(x[i]);
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= 0.5f / y[i];
            }
        }
    },

    /** {@code e^x}. */
    EXPONENTIAL("Exp") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = (float) Exponentials.exp(x[i]);
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= y[i];
            }
        }
    },

    /** The natural logarithm; a NaN for negative x. */
    LOGARITHM("Log") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = (float) Math.log(x[i]);
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= 1 / x[i];
            }
        }
    },

    /** The error function, {@code 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0 to x. */
    ERROR_FUNCTION("Erf") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = (float) Exponentials.erf(x[i]);
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= (float) Exponentials.erfGradient(x[i]);
            }
        }
    },

    /** The hyperbolic tangent. */
    TANH("Tanh") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            // In two passes: C2 leaves a body as long as both together as it is.
            for (int i = from; i < to; i++) {
                y[i] = (float) Exponentials.expm1(2 * Math.min(x[i], TANH_IS_ONE));
            }
            for (int i = from; i < to; i++) {
                y[i] /= y[i] + 2;
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= 1 - y[i] * y[i];
            }
        }
    },

    /** {@code x / (1 + |x|)}. */
    SOFTSIGN("Softsign") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = x[i] / (1 + Math.abs(x[i]));
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= 1 / ((1 + Math.abs(x[i])) * (1 + Math.abs(x[i])));
            }
        }
    },

    /** {@code log(1 + e^x)}. */
    SOFTPLUS("Softplus") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            // In two passes: C2 leaves a body as long as both together as it is.
            for (int i = from; i < to; i++) {
                y[i] = (float) Exponentials.exp(-Math.abs(x[i]));
            }
            for (int i = from; i < to; i++) {
                y[i] = (float) (Math.max(x[i], 0) + Exponentials.log1p(y[i]));
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= (float) Exponentials.sigmoid(x[i]);
            }
        }
    },

    /** {@code x / (1 + e^-x)}, also called Swish. Source: Elfwing et al. 2018. */
    SILU("SiLU") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = (float) (bounded(x[i]) * Exponentials.sigmoid(x[i]));
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                double s = Exponentials.sigmoid(x[i]);
                dy[i] *= (float) (s * (1 + bounded(x[i]) * (1 - s)));
            }
        }
    },

    /** {@code x tanh(log(1 + e^x))}. Source: Misra 2019. */
    MISH("Mish") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                // tanh(log(1 + e)) = n / (n + 2) with n = e (e + 2).
                double e = Exponentials.exp(x[i]);
                double n = e * (e + 2);
                y[i] = (float) (bounded(x[i]) * (n / (n + 2)));
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                double e = Exponentials.exp(x[i]);
                double n = e * (e + 2);
                dy[i] *= (float) (n / (n + 2) + 4 * bounded(x[i]) * e * (e + 1) / ((n + 2) * (n + 2)));
            }
        }
    },

    /** {@code x min(max(x / 6 + 1/2, 0), 1)}; its gradient at -3 is 0 and at 3 is 1. Source: Howard et al. 2019. */
    HARD_SWISH("HardSwish") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = x[i] * clamp(x[i] * SIXTH + 0.5f);
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                float share = clamp(x[i] * SIXTH + 0.5f);
                dy[i] *= share + x[i] * SIXTH * Math.signum(share * (1 - share));
            }
        }
    },

    /** {@code min(max(a x + b, 0), 1)}; its gradient at the corners is 0. */
    HARD_SIGMOID("HardSigmoid") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = clamp(a * x[i] + b);
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= a * Math.signum(y[i] * (1 - y[i]));
            }
        }
    },

    /** {@code min(max(x, a), b)}; its gradient at the bounds is 0. */
    CLIP("Clip") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = Math.min(Math.max(x[i], a), b);
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= Math.signum(Math.max(x[i] - a, 0)) * Math.signum(Math.max(b - x[i], 0));
            }
        }
    },

    /** {@code x > a ? x : 0}. Source: Konda et al. 2015. */
    THRESHOLDED_RELU("ThresholdedReLU") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = x[i] > a ? x[i] : x[i] == x[i] ? 0 : x[i];
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= Math.signum(Math.max(x[i] - a, 0));
            }
        }
    },

    /** {@code x > 0 ? x : a (e^x - 1)}. Source: Clevert et al. 2016. */
    ELU("ELU") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            // In two passes: C2 leaves a body as long as both together as it is.
            for (int i = from; i < to; i++) {
                y[i] = (float) Exponentials.expm1(Math.min(x[i], 0));
            }
            for (int i = from; i < to; i++) {
                y[i] = Math.max(x[i], 0) + a * y[i];
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                // A comparison would not vectorise.
                double positive = Math.signum(Math.max(x[i], 0));
                dy[i] *= (float) (positive + (1 - positive) * a * Exponentials.exp(Math.min(x[i], 0)));
            }
        }
    },

    /** {@code max(x, 0) + min(a (e^(x / a) - 1), 0)}. Source: Barron 2017. */
    CELU("CELU") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            // In two passes: C2 leaves a body as long as both together as it is.
            for (int i = from; i < to; i++) {
                y[i] = (float) Exponentials.expm1(Math.min(x[i], 0) / (double) a);
            }
            for (int i = from; i < to; i++) {
                y[i] = Math.max(x[i], 0) + a * y[i];
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                dy[i] *= (float) Exponentials.exp(Math.min(x[i], 0) / (double) a);
            }
        }
    },

    /** {@code b (x > 0 ? x : a (e^x - 1))}. Source: Klambauer et al. 2017. */
    SELU("SELU") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            // In two passes: C2 leaves a body as long as both together as it is.
            for (int i = from; i < to; i++) {
                y[i] = (float) Exponentials.expm1(Math.min(x[i], 0));
            }
            for (int i = from; i < to; i++) {
                y[i] = b * (Math.max(x[i], 0) + a * y[i]);
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                double positive = Math.signum(Math.max(x[i], 0));
                dy[i] *= (float) (b * (positive + (1 - positive) * a * Exponentials.exp(Math.min(x[i], 0))));
            }
        }
    },

    /** {@code x / 2 (1 + erf(x / sqrt 2))}. Source: Hendrycks and Gimpel 2016. */
    GELU("GELU") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = (float) (0.5 * x[i] * (1 + Exponentials.erf(x[i] * HALF_ROOT)));
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                double v = x[i];
                dy[i] *= (float) (0.5 * (1 + Exponentials.erf(v * HALF_ROOT)
                        + v * HALF_ROOT * Exponentials.erfGradient(v * HALF_ROOT)));
            }
        }
    },

    /** {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}, the approximation of the same source. */
    GELU_TANH("GELU") {
        @Override
        void apply(float[] x, float[] y, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                y[i] = (float) (0.5 * x[i] * (1 + Exponentials.tanh(inner(x[i]))));
            }
        }

        @Override
        void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to) {
            for (int i = from; i < to; i++) {
                double v = x[i];
                double t = Exponentials.tanh(inner(v));
                dy[i] *= (float) (0.5 * (1 + t + v * (1 - t * t) * INNER * (1 + 3 * CUBIC * v * v)));
            }
        }
    };

    private static final float TANH_IS_ONE = 40;
    private static final float SIXTH = 1f / 6;
    private static final double HALF_ROOT = Math.sqrt(0.5);
    private static final double INNER = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    private final String label;

    UnaryFunction(String label) {
        this.label = label;
    }

    /** {@return the name that tables and errors print, that of the function's ONNX operator} */
    public String label() {
        return label;
    }

    /** Computes a range of the outputs. */
    abstract void apply(float[] x, float[] y, float a, float b, int from, int to);

    /** Multiplies a range of the gradient by the derivative, told from input and output. */
    abstract void gradient(float[] x, float[] y, float[] dy, float a, float b, int from, int to);

    private static float clamp(float v) {
        return Math.min(Math.max(v, 0), 1);
    }

    /** Beyond, the exponential is no smaller any more, and a larger factor would make something of nothing. */
    private static float bounded(float v) {
        return Math.max(v, -Exponentials.END);
    }

    private static double inner(double v) {
        return INNER * (v + CUBIC * v * v * v);
    }
}

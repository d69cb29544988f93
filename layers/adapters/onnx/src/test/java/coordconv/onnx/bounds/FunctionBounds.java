package coordconv.onnx.bounds;

import static coordconv.onnx.bounds.Bounded.UNIT;
import static coordconv.onnx.bounds.Bounded.gamma;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/** Functions of one number, of two, and sums and extremes over axes. */
final class FunctionBounds {
    /**
     * Roundings of a function that engines approximate by polynomials or rationals. ONNX Runtime's of tanh, erf and the
     * logistic function are off by a few units of 1, whatever the function's own size.
     */
    private static final int FUNCTION = 8;
    /** Our softmax takes powers below e^-46 for 0, see {@code Exponentials.expOrZero}. */
    private static final double NEGLIGIBLE = Math.exp(-46);
    private static final Map<String, DoubleUnaryOperator> FUNCTIONS = new TreeMap<>();

    static {
        FUNCTIONS.put("Relu", x -> Math.max(x, 0));
        FUNCTIONS.put("Abs", Math::abs);
        FUNCTIONS.put("Neg", x -> -x);
        FUNCTIONS.put("Reciprocal", x -> 1 / x);
        FUNCTIONS.put("Sqrt", Math::sqrt);
        FUNCTIONS.put("Exp", Math::exp);
        FUNCTIONS.put("Log", Math::log);
        FUNCTIONS.put("Erf", FunctionBounds::erf);
        FUNCTIONS.put("Tanh", Math::tanh);
        FUNCTIONS.put("Sigmoid", x -> 1 / (1 + Math.exp(-x)));
        FUNCTIONS.put("Softsign", x -> x / (1 + Math.abs(x)));
        FUNCTIONS.put("Softplus", x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
        FUNCTIONS.put("HardSwish", x -> x * Math.clamp(x / 6 + 0.5, 0, 1));
        FUNCTIONS.put("Identity", x -> x);
    }

    private FunctionBounds() {}

    static boolean isFunction(String operator) {
        return FUNCTIONS.containsKey(operator) || switch (operator) {
            case "LeakyRelu", "HardSigmoid", "ThresholdedRelu", "Elu", "Celu", "Selu", "Clip" -> true;
            default -> false;
        };
    }

    /** The function that a node is, and its bound: what the input is off moves it, and then it is rounded. */
    static Bounded function(String operator, Attributes node, Bounded... inputs) {
        DoubleUnaryOperator f = named(operator, node, inputs);
        // Functions that only choose, or change a sign, round nothing.
        boolean exact = switch (operator) {
            case "Relu", "Abs", "Neg", "Clip", "ThresholdedRelu", "Identity" -> true;
            default -> false;
        };
        boolean ofOne = switch (operator) {
            case "Erf", "Tanh", "Sigmoid", "Softplus", "Elu", "Celu", "Selu", "HardSigmoid", "HardSwish" -> true;
            default -> false;
        };
        Bounded x = inputs[0];
        Bounded y = Bounded.of(x.shape());
        for (int i = 0; i < x.size(); i++) {
            double v = f.applyAsDouble(x.value()[i]);
            double e = x.error()[i];
            double moved = e == 0 ? 0 : Math.max(Math.abs(f.applyAsDouble(x.value()[i] + e) - v),
                    Math.abs(f.applyAsDouble(x.value()[i] - e) - v));
            // HardSwish is a product: the roundings of its factor count as often as x is large.
            double size = ofOne ? Math.max(Math.abs(v), Math.max(1, operator.equals("HardSwish") ? Math.abs(x.value()[i]) : 0)) : Math.abs(v);
            if (exact) {
                y.value()[i] = v;
                y.error()[i] = moved;
            } else {
                y.set(i, v, moved + gamma(FUNCTION) * size);
            }
        }
        return y;
    }

    private static DoubleUnaryOperator named(String operator, Attributes node, Bounded... inputs) {
        DoubleUnaryOperator plain = FUNCTIONS.get(operator);
        if (plain != null) {
            return plain;
        }
        return switch (operator) {
            case "LeakyRelu" -> {
                double slope = node.number("alpha", 0.01);
                yield x -> x < 0 ? slope * x : x;
            }
            case "HardSigmoid" -> {
                double a = node.number("alpha", 0.2);
                double b = node.number("beta", 0.5);
                yield x -> Math.clamp(a * x + b, 0, 1);
            }
            case "ThresholdedRelu" -> {
                double a = node.number("alpha", 1);
                yield x -> x > a ? x : 0;
            }
            case "Elu", "Celu" -> {
                double a = node.number("alpha", 1);
                double inner = operator.equals("Celu") ? a : 1;
                yield x -> x > 0 ? x : a * Math.expm1(x / inner);
            }
            case "Selu" -> {
                double a = node.number("alpha", 1.67326319217681884765625);
                double b = node.number("gamma", 1.05070102214813232421875);
                yield x -> b * (x > 0 ? x : a * Math.expm1(x));
            }
            case "Clip" -> {
                double least = inputs.length > 1 && inputs[1] != null ? inputs[1].value()[0] : node.number("min", -Float.MAX_VALUE);
                double most = inputs.length > 2 && inputs[2] != null ? inputs[2].value()[0] : node.number("max", Float.MAX_VALUE);
                yield x -> Math.min(Math.max(x, least), most);
            }
            default -> throw new IllegalArgumentException(operator);
        };
    }

    /** By its series where that is short, else by its continued fraction; to 1e-14 or so. */
    private static double erf(double x) {
        double a = Math.abs(x);
        if (a > 6) {
            return Math.signum(x);
        }
        if (a < 2.5) {
            double term = x;
            double sum = x;
            for (int n = 1; n < 80; n++) {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 2 / Math.sqrt(Math.PI) * sum;
        }
        double fraction = 0;
        for (int n = 60; n > 0; n--) {
            fraction = n / 2.0 / (a + fraction);
        }
        return Math.signum(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
    }

    /** The size of a product; nothing times what has no bound is nothing. */
    private static double times(double factor, double error) {
        return factor == 0 || error == 0 ? 0 : Math.abs(factor) * error;
    }

    static Bounded binary(String operator, Bounded first, Bounded second) {
        int[] joint = Bounded.broadcast(first.shape(), second.shape());
        Bounded a = first.broadcastTo(joint);
        Bounded b = second.broadcastTo(joint);
        Bounded y = Bounded.of(joint);
        for (int i = 0; i < y.size(); i++) {
            double v = a.value()[i];
            double w = b.value()[i];
            double e = a.error()[i];
            double f = b.error()[i];
            switch (operator) {
                case "Add", "Sum" -> y.set(i, v + w, e + f + UNIT * (Math.abs(v + w) + e + f)
                        + times(gamma(first.terms()), Math.abs(w) + f) + times(gamma(second.terms()), Math.abs(v) + e));
                case "Sub" -> y.set(i, v - w, e + f + UNIT * (Math.abs(v - w) + e + f));
                case "Mul" -> y.set(i, v * w, (1 + UNIT) * (times(v, f) + times(w, e) + times(e, f)) + UNIT * Math.abs(v * w));
                // Some engines multiply by the reciprocal.
                case "Div" -> y.set(i, v / w, f >= Math.abs(w) ? Double.POSITIVE_INFINITY
                        : (1 + gamma(3)) * (e + Math.abs(v / w) * f) / (Math.abs(w) - f) + gamma(3) * Math.abs(v / w));
                case "Min", "Max" -> {
                    y.value()[i] = operator.equals("Min") ? Math.min(v, w) : Math.max(v, w);
                    y.error()[i] = Math.max(e, f);
                }
                case "Pow" -> {
                    double p = Math.pow(v, w);
                    double moved = e + f == 0 ? 0 : Math.max(Math.abs(Math.pow(v + e, w + f) - p),
                            Math.max(Math.abs(Math.pow(v - e, w - f) - p),
                                    Math.max(Math.abs(Math.pow(v + e, w - f) - p), Math.abs(Math.pow(v - e, w + f) - p))));
                    y.set(i, p, moved + gamma(FUNCTION) * Math.abs(p));
                }
                case "PRelu" -> y.set(i, v < 0 ? v * w : v, Math.max(e, (e + UNIT * Math.abs(v)) * Math.abs(w)));
                default -> throw new IllegalArgumentException(operator);
            }
        }
        return y;
    }

    /** Where each element goes when axes are taken together. */
    private static int[] groups(Bounded x, boolean... gone) {
        int[] groups = new int[x.size()];
        for (int flat = 0; flat < groups.length; flat++) {
            int rest = flat;
            int stride = 1;
            for (int axis = x.rank() - 1; axis >= 0; axis--) {
                if (!gone[axis]) {
                    groups[flat] += rest % x.extent(axis) * stride;
                    stride *= x.extent(axis);
                }
                rest /= x.extent(axis);
            }
        }
        return groups;
    }

    static Bounded reduce(String operator, Bounded x, boolean keep, int... axes) {
        boolean[] gone = new boolean[x.rank()];
        for (int axis : axes) {
            gone[x.axis(axis)] = true;
        }
        int[] kept = x.shape().clone();
        int n = 1;
        for (int axis = 0; axis < kept.length; axis++) {
            n *= gone[axis] ? kept[axis] : 1;
            kept[axis] = gone[axis] ? 1 : kept[axis];
        }
        Bounded y = Bounded.of(kept);
        double[] sizes = new double[y.size()];
        boolean extreme = operator.equals("ReduceMax") || operator.equals("ReduceMin");
        if (extreme) {
            Arrays.fill(y.value(), operator.equals("ReduceMax") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        int[] groups = groups(x, gone);
        for (int i = 0; i < x.size(); i++) {
            int at = groups[i];
            double v = x.value()[i];
            double e = x.error()[i];
            switch (operator) {
                case "ReduceMax", "ReduceMin" -> {
                    y.value()[at] = operator.equals("ReduceMax") ? Math.max(y.value()[at], v) : Math.min(y.value()[at], v);
                    y.error()[at] = Math.max(y.error()[at], e);
                }
                case "ReduceSum", "ReduceMean" -> {
                    y.value()[at] += v;
                    sizes[at] += Math.abs(v) + e;
                    y.error()[at] += e;
                }
                case "ReduceSumSquare" -> {
                    y.value()[at] += v * v;
                    sizes[at] += (Math.abs(v) + e) * (Math.abs(v) + e);
                    y.error()[at] += 2 * Math.abs(v) * e + e * e;
                }
                default -> throw new IllegalArgumentException(operator);
            }
        }
        double share = operator.equals("ReduceMean") ? 1.0 / n : 1;
        for (int i = 0; i < y.size() && !extreme; i++) {
            y.set(i, y.value()[i] * share, (y.error()[i] + gamma(n + 3) * sizes[i]) * share);
        }
        if (keep) {
            return y;
        }
        int[] left = new int[0];
        for (int axis = 0; axis < kept.length; axis++) {
            if (!gone[axis]) {
                left = Arrays.copyOf(left, left.length + 1);
                left[left.length - 1] = kept[axis];
            }
        }
        return y.reshaped(left);
    }

    /**
     * Softmax over one axis or its logarithm. An exponent that is off by d makes its exponential off by a factor of e^d, and
     * the sum by the mean of those of its terms.
     */
    static Bounded softmax(Bounded x, int axis, boolean logarithm) {
        boolean[] gone = new boolean[x.rank()];
        gone[axis] = true;
        int n = x.extent(axis);
        int[] groups = groups(x, gone);
        double[] most = new double[x.size() / n];
        double[] mostError = new double[most.length];
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < x.size(); i++) {
            most[groups[i]] = Math.max(most[groups[i]], x.value()[i]);
            mostError[groups[i]] = Math.max(mostError[groups[i]], x.error()[i]);
        }
        double[] sum = new double[most.length];
        double[] off = new double[most.length];
        for (int i = 0; i < x.size(); i++) {
            int at = groups[i];
            double down = x.value()[i] - most[at];
            double term = Math.exp(down);
            sum[at] += term;
            off[at] += term * (x.error()[i] + mostError[at] + UNIT * Math.abs(down) + gamma(FUNCTION));
        }
        Bounded y = Bounded.of(x.shape());
        for (int i = 0; i < x.size(); i++) {
            int at = groups[i];
            double down = x.value()[i] - most[at];
            double argument = x.error()[i] + mostError[at] + UNIT * Math.abs(down);
            double ofSum = off[at] / sum[at] + gamma(n + 2);
            if (logarithm) {
                double log = Math.log(sum[at]);
                y.set(i, down - log, argument + ofSum + gamma(FUNCTION) * log + 2 * UNIT * (Math.abs(down - log) + Math.abs(most[at])));
            } else {
                double p = Math.exp(down) / sum[at];
                y.set(i, p, p * Math.expm1(argument + gamma(FUNCTION) + ofSum) + NEGLIGIBLE);
            }
        }
        return y;
    }
}

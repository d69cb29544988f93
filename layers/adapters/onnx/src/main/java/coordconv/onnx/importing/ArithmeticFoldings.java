package coordconv.onnx.importing;

import static coordconv.onnx.importing.ConstantOperators.reserved;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import coordconv.onnx.importing.ConstantOperators.Folding;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * Element-wise arithmetic on constants. A result of floats is computed in double and rounded once to the type of the
 * model, which gives what arithmetic in that type gives; integers are cut to their width.
 */
final class ArithmeticFoldings {
    private ArithmeticFoldings() {}

    /** A comparison of numbers. */
    @FunctionalInterface
    private interface Comparison {
        boolean holds(double a, double b);
    }

    static void register(Map<String, Folding> registry) {
        binary(registry, "Add", Double::sum, Long::sum);
        binary(registry, "Sub", (a, b) -> a - b, (a, b) -> a - b);
        binary(registry, "Mul", (a, b) -> a * b, (a, b) -> a * b);
        binary(registry, "Sum", Double::sum, Long::sum);
        binary(registry, "Max", Math::max, Math::max);
        binary(registry, "Min", Math::min, Math::min);
        registry.put("Div", node -> binary(node, (a, b) -> a / b, (a, b) -> {
            requireDivisor(node, b);
            return a / b;
        }));
        registry.put("Mod", ArithmeticFoldings::mod);
        registry.put("Pow", ArithmeticFoldings::pow);
        logical(registry, "And", (a, b) -> a & b);
        logical(registry, "Or", (a, b) -> a | b);
        logical(registry, "Xor", (a, b) -> a ^ b);
        comparison(registry, "Equal", (a, b) -> a == b);
        comparison(registry, "Less", (a, b) -> a < b);
        comparison(registry, "LessOrEqual", (a, b) -> a <= b);
        comparison(registry, "Greater", (a, b) -> a > b);
        comparison(registry, "GreaterOrEqual", (a, b) -> a >= b);
        registry.put("Where", ArithmeticFoldings::where);
        registry.put("Not", node -> integers(node, a -> a ^ 1));
        unary(registry, "Neg", a -> -a, a -> -a);
        unary(registry, "Abs", Math::abs, Math::abs);
        unary(registry, "Sign", Math::signum, Long::signum);
        unary(registry, "Relu", a -> a < 0 ? 0 : a, a -> Math.max(a, 0));
        rounding(registry, "Floor", Math::floor);
        rounding(registry, "Ceil", Math::ceil);
        rounding(registry, "Round", Math::rint);
        unary(registry, "Sqrt", Math::sqrt, null);
        unary(registry, "Exp", Math::exp, null);
        unary(registry, "Log", Math::log, null);
        unary(registry, "Sin", Math::sin, null);
        unary(registry, "Cos", Math::cos, null);
        unary(registry, "Tanh", Math::tanh, null);
        unary(registry, "Atan", Math::atan, null);
        unary(registry, "Reciprocal", a -> 1 / a, null);
        unary(registry, "Sigmoid", a -> 1 / (1 + Math.exp(-a)), null);
        registry.put("Clip", ArithmeticFoldings::clip);
        registry.put("Cast", node -> {
            // How a value that a narrower type cannot hold is rounded is asked of the types of 8 bits alone.
            node.integer("saturate", 1);
            node.text("round_mode", "up");
            return cast(node, node.constant(0, "input"), type(node, node.integer("to", 0)));
        });
        registry.put("CastLike", node -> {
            node.integer("saturate", 1);
            node.text("round_mode", "up");
            return cast(node, node.constant(0, "input"), node.constant(1, "target").type());
        });
    }

    private static void binary(Map<String, Folding> registry, String operator, DoubleBinaryOperator onFloats,
            LongBinaryOperator onIntegers) {
        registry.put(operator, node -> binary(node, onFloats, onIntegers));
    }

    private static void logical(Map<String, Folding> registry, String operator, LongBinaryOperator onTruths) {
        registry.put(operator, node -> binary(node, null, onTruths));
    }

    private static void requireDivisor(OnnxNode node, long divisor) {
        if (divisor == 0) {
            throw node.refuse("divisor", 0, "another integer");
        }
    }

    private static Constant mod(OnnxNode node) {
        boolean signOfDividend = node.integer("fmod", 0) != 0;
        return binary(node, signOfDividend ? (a, b) -> a % b : null, (a, b) -> {
            requireDivisor(node, b);
            return signOfDividend ? a % b : Math.floorMod(a, b);
        });
    }

    private static Constant pow(OnnxNode node) {
        Constant base = node.constant(0, "base");
        Constant exponent = node.constant(1, "exponent");
        int[] shape = reserved(node, Extents.broadcast(node.label() + ", inputs", base.extents(), exponent.extents()));
        IntUnaryOperator ofBase = Extents.source(base.extents(), shape);
        IntUnaryOperator ofExponent = Extents.source(exponent.extents(), shape);
        Constant result = Constant.zeros(base.type(), shape);
        for (int i = 0; i < result.size(); i++) {
            double power = Math.pow(base.number(ofBase.applyAsInt(i)), exponent.number(ofExponent.applyAsInt(i)));
            if (result.isFloat()) {
                result.set(i, power);
            } else {
                // Up to here every integer is a double.
                if (!(Math.abs(power) <= 1L << 53)) {
                    throw node.refuse("power of integers", power, "at most 2^53");
                }
                result.set(i, (long) power);
            }
        }
        return result;
    }

    /** Any number of inputs from one on, taken together from the left. */
    private static Constant binary(OnnxNode node, DoubleBinaryOperator onFloats, LongBinaryOperator onIntegers) {
        Constant joint = node.constant(0, "first input");
        if (node.inputs().size() == 1) {
            return joint;
        }
        for (int i = 1; i < node.inputs().size(); i++) {
            joint = binary(node, joint, node.constant(i, "input " + i), onFloats, onIntegers);
        }
        return joint;
    }

    private static Constant binary(OnnxNode node, Constant a, Constant b, DoubleBinaryOperator onFloats,
            LongBinaryOperator onIntegers) {
        if (a.type() != b.type() || a.isFloat() && onFloats == null) {
            throw node.refuse("inputs", a.type() + " and " + b.type(), "one type" + (onFloats == null ? ", of integers" : ""));
        }
        int[] shape = reserved(node, Extents.broadcast(node.label() + ", inputs", a.extents(), b.extents()));
        IntUnaryOperator ofA = Extents.source(a.extents(), shape);
        IntUnaryOperator ofB = Extents.source(b.extents(), shape);
        Constant result = Constant.zeros(a.type(), shape);
        Mark[] marks = a.marks() == null && b.marks() == null ? null : new Mark[result.size()];
        for (int i = 0; i < result.size(); i++) {
            int x = ofA.applyAsInt(i);
            int y = ofB.applyAsInt(i);
            if (a.isFloat()) {
                result.set(i, onFloats.applyAsDouble(a.number(x), b.number(y)));
            } else {
                result.set(i, onIntegers.applyAsLong(a.integers()[x], b.integers()[y]));
            }
            if (marks != null) {
                marks[i] = mark(node, a, x, b, y);
            }
        }
        return result.with(marks);
    }

    private static Mark mark(OnnxNode node, Constant a, int x, Constant b, int y) {
        Mark first = a.mark(x);
        Mark second = b.mark(y);
        if (node.operator().equals("Mul") && first != null && second == null) {
            return Mark.times(first, b.number(y));
        }
        if (node.operator().equals("Mul") && second != null && first == null) {
            return Mark.times(second, a.number(x));
        }
        return Mark.of(Mark.varies(first) | Mark.varies(second));
    }

    private static void comparison(Map<String, Folding> registry, String operator, Comparison comparison) {
        registry.put(operator, node -> {
            Constant a = node.constant(0, "first input");
            Constant b = node.constant(1, "second input");
            if (a.type() != b.type()) {
                throw node.refuse("inputs", a.type() + " and " + b.type(), "one type");
            }
            int[] shape = reserved(node, Extents.broadcast(node.label() + ", inputs", a.extents(), b.extents()));
            IntUnaryOperator ofA = Extents.source(a.extents(), shape);
            IntUnaryOperator ofB = Extents.source(b.extents(), shape);
            Constant truths = Constant.zeros(DataType.BOOL, shape);
            Mark[] marks = a.marks() == null && b.marks() == null ? null : new Mark[truths.size()];
            for (int i = 0; i < truths.size(); i++) {
                int x = ofA.applyAsInt(i);
                int y = ofB.applyAsInt(i);
                // A difference of integers beyond 2^53 would be lost in doubles.
                boolean holds = a.isFloat() ? comparison.holds(a.number(x), b.number(y))
                        : comparison.holds(Long.compare(a.integers()[x], b.integers()[y]), 0);
                truths.set(i, holds ? 1L : 0L);
                if (marks != null) {
                    marks[i] = Mark.of(Mark.varies(a.mark(x)) | Mark.varies(b.mark(y)));
                }
            }
            return truths.with(marks);
        });
    }

    private static Constant where(OnnxNode node) {
        Constant condition = node.constant(0, "condition");
        Constant a = node.constant(1, "first input");
        Constant b = node.constant(2, "second input");
        if (condition.type() != DataType.BOOL || a.type() != b.type()) {
            throw node.refuse("inputs", condition.type() + ", " + a.type() + " and " + b.type(), "BOOL and twice one type");
        }
        String what = node.label() + ", inputs";
        int[] shape = reserved(node, Extents.broadcast(what, condition.extents(),
                Extents.broadcast(what, a.extents(), b.extents())));
        IntUnaryOperator ofCondition = Extents.source(condition.extents(), shape);
        IntUnaryOperator ofA = Extents.source(a.extents(), shape);
        IntUnaryOperator ofB = Extents.source(b.extents(), shape);
        Constant chosen = Constant.zeros(a.type(), shape);
        boolean marked = condition.marks() != null || a.marks() != null || b.marks() != null;
        Mark[] marks = marked ? new Mark[chosen.size()] : null;
        for (int i = 0; i < chosen.size(); i++) {
            int c = ofCondition.applyAsInt(i);
            Constant from = condition.integers()[c] != 0 ? a : b;
            int at = (from == a ? ofA : ofB).applyAsInt(i);
            chosen.copy(i, from, at);
            if (marked) {
                Mark of = from.mark(at);
                marks[i] = condition.mark(c) == null ? of : Mark.of(Mark.varies(of) | condition.mark(c).varies());
            }
        }
        return chosen.with(marks);
    }

    private static void unary(Map<String, Folding> registry, String operator, DoubleUnaryOperator onFloats,
            LongUnaryOperator onIntegers) {
        registry.put(operator, node -> {
            Constant input = node.constant(0, "input");
            if (!input.isFloat()) {
                if (onIntegers == null || input.type() == DataType.BOOL) {
                    throw node.refuse("input", input.type(), "floats");
                }
                return integers(node, onIntegers);
            }
            reserved(node, input.extents());
            Constant result = Constant.zeros(input.type(), input.extents());
            for (int i = 0; i < result.size(); i++) {
                result.set(i, onFloats.applyAsDouble(input.number(i)));
            }
            return result;
        });
    }

    /** A multiple of an extent that is whole stays what it is. */
    private static void rounding(Map<String, Folding> registry, String operator, DoubleUnaryOperator onFloats) {
        unary(registry, operator, onFloats, null);
        Folding folding = registry.get(operator);
        registry.put(operator, node -> {
            Constant input = node.constant(0, "input");
            return folding.fold(node).with(input.marks());
        });
    }

    private static Constant integers(OnnxNode node, LongUnaryOperator operator) {
        Constant input = node.constant(0, "input");
        if (input.isFloat()) {
            throw node.refuse("input", input.type(), "integers");
        }
        reserved(node, input.extents());
        Constant result = Constant.zeros(input.type(), input.extents());
        for (int i = 0; i < result.size(); i++) {
            result.set(i, operator.applyAsLong(input.integers()[i]));
        }
        return result;
    }

    private static Constant clip(OnnxNode node) {
        boolean attributes = node.operatorSet() < 11;
        Constant input = node.constant(0, "input");
        double least = attributes ? node.number("min", -Float.MAX_VALUE) : bound(node, 1, "min", Double.NEGATIVE_INFINITY);
        double most = attributes ? node.number("max", Float.MAX_VALUE) : bound(node, 2, "max", Double.POSITIVE_INFINITY);
        reserved(node, input.extents());
        Constant result = Constant.zeros(input.type(), input.extents());
        for (int i = 0; i < result.size(); i++) {
            double clipped = Math.min(Math.max(input.number(i), least), most);
            if (result.isFloat()) {
                result.set(i, clipped);
            } else {
                result.set(i, clipped == input.number(i) ? input.integers()[i] : (long) clipped);
            }
        }
        return result;
    }

    private static double bound(OnnxNode node, int input, String role, double otherwise) {
        return node.hasInput(input) ? node.single(input, role) : otherwise;
    }

    private static DataType type(OnnxNode node, long number) {
        DataType type = number == (int) number ? DataType.forNumber((int) number) : null;
        if (type == null || DataTypes.bytes(type) == 0) {
            throw node.refuse("attribute to", type == null ? number : type, "a type of numbers that constants may have");
        }
        return type;
    }

    private static Constant cast(OnnxNode node, Constant input, DataType to) {
        if (input.type() == to) {
            return input;
        }
        reserved(node, input.extents());
        Constant result = Constant.zeros(to, input.extents());
        for (int i = 0; i < result.size(); i++) {
            if (result.isFloat()) {
                result.set(i, input.number(i));
            } else if (to == DataType.BOOL) {
                result.set(i, input.number(i) == 0 ? 0L : 1L);
            } else if (input.isFloat()) {
                // What does not fit the type is another number on every machine.
                double whole = input.number(i) < 0 ? Math.ceil(input.number(i)) : Math.floor(input.number(i));
                if (!(Math.abs(whole) < 0x1p63) || DataTypes.wrap(to, (long) whole) != (long) whole) {
                    throw node.refuse("element " + i, input.number(i), "a number that " + to + " holds");
                }
                result.set(i, (long) whole);
            } else {
                result.set(i, input.integers()[i]);
            }
        }
        return result.with(input.marks());
    }
}

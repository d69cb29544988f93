package coordconv.onnx.importing;

import static coordconv.onnx.importing.ConstantOperators.reserved;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import coordconv.onnx.importing.ConstantOperators.Folding;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;

/** Element-wise arithmetic on constants, in the precision of the model: float32, or 64-bit integers. */
final class ArithmeticFoldings {
    private ArithmeticFoldings() {}

    /** Arithmetic on floats. */
    @FunctionalInterface
    private interface FloatOperator {
        float apply(float a, float b);
    }

    static void register(Map<String, Folding> registry) {
        registry.put("Add", node -> binary(node, Float::sum, Long::sum));
        registry.put("Sub", node -> binary(node, (a, b) -> a - b, (a, b) -> a - b));
        registry.put("Mul", node -> binary(node, (a, b) -> a * b, (a, b) -> a * b));
        registry.put("Div", node -> binary(node, (a, b) -> a / b, (a, b) -> divide(node, a, b)));
        registry.put("Pow", node -> binary(node, (a, b) -> (float) Math.pow(a, b), null));
        registry.put("Equal", ArithmeticFoldings::equal);
        registry.put("Where", ArithmeticFoldings::where);
        registry.put("MatMul", ArithmeticFoldings::outerProduct);
        registry.put("Sqrt", node -> unary(node, Math::sqrt));
        registry.put("Neg", node -> unary(node, a -> -a));
        registry.put("Cast", ArithmeticFoldings::cast);
    }

    private static long divide(OnnxNode node, long a, long b) {
        if (b == 0) {
            throw node.refuse("divisor", 0, "another integer");
        }
        return a / b;
    }

    private static Constant binary(OnnxNode node, FloatOperator onFloats, LongBinaryOperator onIntegers) {
        return binary(node, node.constant(0, "first input"), node.constant(1, "second input"), onFloats, onIntegers);
    }

    private static Constant binary(OnnxNode node, Constant a, Constant b, FloatOperator onFloats,
            LongBinaryOperator onIntegers) {
        if (a.isFloat() != b.isFloat() || !a.isFloat() && onIntegers == null) {
            throw node.refuse("inputs", a + " and " + b, "floats" + (onIntegers == null ? "" : ", or integers"));
        }
        int[] shape = reserved(node, Extents.broadcast(node.label() + ", inputs", a.extents(), b.extents()));
        IntUnaryOperator ofA = Extents.source(a.extents(), shape);
        IntUnaryOperator ofB = Extents.source(b.extents(), shape);
        int size = Extents.size("output", shape);
        if (a.isFloat()) {
            float[] floats = new float[size];
            for (int i = 0; i < size; i++) {
                floats[i] = onFloats.apply(a.floats()[ofA.applyAsInt(i)], b.floats()[ofB.applyAsInt(i)]);
            }
            return Constant.of(floats, shape);
        }
        long[] integers = new long[size];
        for (int i = 0; i < size; i++) {
            integers[i] = onIntegers.applyAsLong(a.integers()[ofA.applyAsInt(i)], b.integers()[ofB.applyAsInt(i)]);
        }
        return Constant.of(integers, shape);
    }

    private static Constant equal(OnnxNode node) {
        Constant a = node.constant(0, "first input");
        Constant b = node.constant(1, "second input");
        int[] shape = reserved(node, Extents.broadcast(node.label() + ", inputs", a.extents(), b.extents()));
        IntUnaryOperator ofA = Extents.source(a.extents(), shape);
        IntUnaryOperator ofB = Extents.source(b.extents(), shape);
        long[] truths = new long[Extents.size("output", shape)];
        for (int i = 0; i < truths.length; i++) {
            truths[i] = a.number(ofA.applyAsInt(i)) == b.number(ofB.applyAsInt(i)) ? 1 : 0;
        }
        return Constant.of(truths, shape);
    }

    private static Constant where(OnnxNode node) {
        Constant condition = node.constant(0, "condition");
        Constant a = node.constant(1, "first input");
        Constant b = node.constant(2, "second input");
        if (condition.isFloat() || a.isFloat() || b.isFloat()) {
            throw node.refuse("inputs", condition + ", " + a + " and " + b, "integers");
        }
        String what = node.label() + ", inputs";
        int[] shape = reserved(node, Extents.broadcast(what, condition.extents(),
                Extents.broadcast(what, a.extents(), b.extents())));
        IntUnaryOperator ofCondition = Extents.source(condition.extents(), shape);
        IntUnaryOperator ofA = Extents.source(a.extents(), shape);
        IntUnaryOperator ofB = Extents.source(b.extents(), shape);
        long[] chosen = new long[Extents.size("output", shape)];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = condition.integers()[ofCondition.applyAsInt(i)] != 0
                    ? a.integers()[ofA.applyAsInt(i)] : b.integers()[ofB.applyAsInt(i)];
        }
        return Constant.of(chosen, shape);
    }

    /** A column times a row: how some projects spread a ramp over an image. */
    private static Constant outerProduct(OnnxNode node) {
        Constant a = node.constant(0, "first input");
        Constant b = node.constant(1, "second input");
        if (a.rank() < 2 || b.rank() < 2 || a.extents()[a.rank() - 1] != 1 || b.extents()[b.rank() - 2] != 1) {
            throw node.refuse("constants", a + " and " + b, "a column [..., K, 1] and a row [..., 1, L]");
        }
        return binary(node, a, b, (x, y) -> x * y, (x, y) -> x * y);
    }

    private static Constant unary(OnnxNode node, DoubleUnaryOperator operator) {
        Constant input = node.floats(0, "input");
        reserved(node, input.extents());
        float[] floats = new float[input.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) operator.applyAsDouble(input.floats()[i]);
        }
        return Constant.of(floats, input.extents());
    }

    private static Constant cast(OnnxNode node) {
        Constant input = node.constant(0, "input");
        long to = node.integer("to", 0);
        boolean toFloat = to == DataType.FLOAT.getNumber();
        if (!toFloat && to != DataType.INT64.getNumber() && to != DataType.INT32.getNumber()) {
            throw node.refuse("attribute to", to, "FLOAT, INT64 or INT32");
        }
        if (toFloat == input.isFloat()) {
            return input;
        }
        reserved(node, input.extents());
        if (toFloat) {
            float[] floats = new float[input.size()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = input.integers()[i];
            }
            return Constant.of(floats, input.extents());
        }
        long[] integers = new long[input.size()];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = (long) input.floats()[i];
        }
        return Constant.of(integers, input.extents());
    }
}

package coordconv.onnx.importing;

import static coordconv.onnx.importing.ConstantOperators.reserved;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import coordconv.onnx.importing.ConstantOperators.Folding;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;

/** Sums, products and extremes of constants over axes, running sums, and matrix products. */
final class ReductionFoldings {
    private ReductionFoldings() {}

    static void register(Map<String, Folding> registry) {
        registry.put("ReduceSum", node -> reduce(node, 0, 0, Double::sum, Long::sum));
        registry.put("ReduceProd", node -> reduce(node, 1, 1, (a, b) -> a * b, (a, b) -> a * b));
        registry.put("ReduceMax", node -> reduce(node, Double.NEGATIVE_INFINITY, Long.MIN_VALUE, Math::max, Math::max));
        registry.put("ReduceMin", node -> reduce(node, Double.POSITIVE_INFINITY, Long.MAX_VALUE, Math::min, Math::min));
        registry.put("CumSum", ReductionFoldings::runningSum);
        registry.put("MatMul", ReductionFoldings::matrixProduct);
    }

    private static Constant reduce(OnnxNode node, double ofNoFloats, long ofNoIntegers, DoubleBinaryOperator onFloats,
            LongBinaryOperator onIntegers) {
        Constant input = node.constant(0, "input");
        boolean[] gone = ReducedAxes.of(node, input.rank());
        int[] extents = input.extents();
        int[] kept = extents.clone();
        for (int axis = 0; axis < kept.length; axis++) {
            kept[axis] = gone[axis] ? 1 : kept[axis];
        }
        reserved(node, kept);
        // Sums stay in double until they are whole.
        double[] sums = new double[input.isFloat() ? Extents.size("output", kept) : 0];
        Arrays.fill(sums, ofNoFloats);
        Constant result = Constant.zeros(input.type(), kept);
        if (!input.isFloat()) {
            // Of nothing at all the greatest is the least number of the type, and the other way round.
            Arrays.fill(result.integers(), Math.clamp(ofNoIntegers, DataTypes.least(input.type()), DataTypes.most(input.type())));
        }
        IntUnaryOperator target = Extents.source(kept, extents);
        for (int i = 0; i < input.size(); i++) {
            int at = target.applyAsInt(i);
            if (input.isFloat()) {
                sums[at] = onFloats.applyAsDouble(sums[at], input.number(i));
            } else {
                result.set(at, onIntegers.applyAsLong(result.integers()[at], input.integers()[i]));
            }
        }
        for (int i = 0; i < sums.length; i++) {
            result.set(i, sums[i]);
        }
        return ReducedAxes.keeps(node) ? result : result.view(ReducedAxes.without(gone, extents));
    }

    private static Constant runningSum(OnnxNode node) {
        Constant input = node.constant(0, "input");
        int axis = Extents.axis(node.label() + ", axis", (long) node.single(1, "axis"), input.rank());
        boolean exclusive = node.integer("exclusive", 0) != 0;
        boolean reverse = node.integer("reverse", 0) != 0;
        int extent = input.extents()[axis];
        int stride = Extents.rowMajorStrides(input.extents())[axis];
        reserved(node, input.extents());
        Constant result = Constant.zeros(input.type(), input.extents());
        for (int line = 0; extent > 0 && line < input.size() / extent; line++) {
            int base = line / stride * stride * extent + line % stride;
            double sum = 0;
            long whole = 0;
            for (int i = 0; i < extent; i++) {
                int at = base + (reverse ? extent - 1 - i : i) * stride;
                if (input.isFloat()) {
                    double next = DataTypes.round(input.type(), sum + input.number(at));
                    result.set(at, exclusive ? sum : next);
                    sum = next;
                } else {
                    result.set(at, exclusive ? whole : whole + input.integers()[at]);
                    whole += input.integers()[at];
                }
            }
        }
        return result;
    }

    /** How some projects spread a ramp over an image: a column times a row. */
    private static Constant matrixProduct(OnnxNode node) {
        Constant a = node.constant(0, "first factor");
        Constant b = node.constant(1, "second factor");
        int depth = a.rank() < 1 ? -1 : a.extents()[a.rank() - 1];
        if (a.type() != b.type() || a.type() == DataType.BOOL || a.rank() < 2 || b.rank() < 2
                || b.extents()[b.rank() - 2] != depth) {
            throw node.refuse("constants", a + " and " + b, "matrices [..., M, K] and [..., K, N] of one type");
        }
        int[] outer = Extents.broadcast(node.label() + ", factors", Arrays.copyOf(a.extents(), a.rank() - 2),
                Arrays.copyOf(b.extents(), b.rank() - 2));
        int rows = a.extents()[a.rank() - 2];
        int columns = b.extents()[b.rank() - 1];
        int[] shape = Arrays.copyOf(outer, outer.length + 2);
        shape[outer.length] = rows;
        shape[outer.length + 1] = columns;
        reserved(node, shape);
        // The work, not only the result, is bounded by what the model may take.
        node.budget().spend(node.label(), (long) Extents.size("output", shape) * depth);
        IntUnaryOperator ofA = Extents.source(Arrays.copyOf(a.extents(), a.rank() - 2), outer);
        IntUnaryOperator ofB = Extents.source(Arrays.copyOf(b.extents(), b.rank() - 2), outer);
        Constant result = Constant.zeros(a.type(), shape);
        for (int i = 0; i < result.size(); i++) {
            int matrix = i / columns / rows;
            int x = ofA.applyAsInt(matrix) * rows * depth + i / columns % rows * depth;
            int y = ofB.applyAsInt(matrix) * depth * columns + i % columns;
            double sum = 0;
            long whole = 0;
            for (int k = 0; k < depth; k++) {
                if (a.isFloat()) {
                    sum += a.number(x + k) * b.number(y + k * columns);
                } else {
                    whole += a.integers()[x + k] * b.integers()[y + k * columns];
                }
            }
            if (a.isFloat()) {
                result.set(i, sum);
            } else {
                result.set(i, whole);
            }
        }
        return result;
    }
}

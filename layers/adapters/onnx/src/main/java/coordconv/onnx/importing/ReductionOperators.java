package coordconv.onnx.importing;

import coordconv.layers.Layer;
import coordconv.layers.activations.Unary;
import coordconv.layers.activations.UnaryFunction;
import coordconv.layers.merging.BinaryFunction;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.Reduce;
import coordconv.layers.pooling.Reduction;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/** Sums, means and extremes over axes, and what is made of them. */
final class ReductionOperators {
    private ReductionOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("ReduceSum", (node, to) -> to.give(node, reduce(node, to, node.feature(0, "input"), Reduction.SUM)));
        registry.put("ReduceMean", (node, to) -> to.give(node, reduce(node, to, node.feature(0, "input"), Reduction.MEAN)));
        registry.put("ReduceMax", (node, to) -> to.give(node, reduce(node, to, node.feature(0, "input"), Reduction.MAXIMUM)));
        registry.put("ReduceMin", (node, to) -> to.give(node, reduce(node, to, node.feature(0, "input"), Reduction.MINIMUM)));
        registry.put("ReduceSumSquare", (node, to) -> to.give(node, some(node, to, node.feature(0, "input"), Reduction.SUM_OF_SQUARES)));
        registry.put("ReduceL1", (node, to) -> to.give(node, some(node, to,
                function(node, to, UnaryFunction.ABS, node.feature(0, "input")), Reduction.SUM)));
        registry.put("ReduceL2", (node, to) -> to.give(node, function(node, to, UnaryFunction.SQUARE_ROOT,
                some(node, to, node.feature(0, "input"), Reduction.SUM_OF_SQUARES))));
        registry.put("ReduceLogSum", (node, to) -> to.give(node, function(node, to, UnaryFunction.LOGARITHM,
                some(node, to, node.feature(0, "input"), Reduction.SUM))));
        registry.put("ReduceLogSumExp", ReductionOperators::logSumExp);
        registry.put("MeanVarianceNormalization", ReductionOperators::standardise);
        registry.put("RMSNormalization", ReductionOperators::rootMeanSquare);
    }

    private static Feature function(OnnxNode node, Assembly to, UnaryFunction function, Feature x) {
        return to.add(node, Unary.of(function), x);
    }

    private static Feature reduce(OnnxNode node, Assembly to, Feature x, Reduction reduction) {
        boolean[] gone = ReducedAxes.of(node, x.rank());
        boolean keep = ReducedAxes.keeps(node);
        int[] axes = IntStream.range(0, gone.length).filter(axis -> gone[axis]).toArray();
        if (axes.length == 0) {
            return x;
        }
        boolean images = x.rank() == 4 && Arrays.equals(axes, new int[] {2, 3});
        if (images && (reduction == Reduction.MEAN || reduction == Reduction.MAXIMUM)) {
            Layer pool = reduction == Reduction.MEAN ? new GlobalAvgPool2d() : new GlobalMaxPool2d();
            Feature pooled = to.add(node, pool, new int[] {x.varies()[0], x.varies()[1], 0, 0}, x);
            return keep ? pooled : Views.add(node, to, pooled, Views.copied(0), Views.INFERRED);
        }
        return over(node, to, x, reduction, keep, axes);
    }

    /** Where no axis is taken, these would still be a function of each element, which versions of them define differently. */
    private static Feature some(OnnxNode node, Assembly to, Feature x, Reduction reduction) {
        Feature reduced = reduce(node, to, x, reduction);
        if (reduced == x) {
            throw node.refuse("axes", "none", "at least one");
        }
        return reduced;
    }

    private static Feature over(OnnxNode node, Assembly to, Feature x, Reduction reduction, boolean keep, int... axes) {
        boolean[] gone = new boolean[x.rank()];
        int[] varies = x.varies().clone();
        for (int axis : axes) {
            gone[axis] = true;
            varies[axis] = 0;
        }
        return to.add(node, new Reduce(reduction, keep, axes), keep ? varies : ReducedAxes.without(gone, varies), x);
    }

    /** With the greatest element taken out, so that nothing overflows. */
    private static void logSumExp(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        boolean[] gone = ReducedAxes.of(node, x.rank());
        int[] axes = IntStream.range(0, gone.length).filter(axis -> gone[axis]).toArray();
        boolean keep = ReducedAxes.keeps(node);
        if (axes.length == 0) {
            throw node.refuse("axes", "none", "at least one");
        }
        Feature most = over(node, to, x, Reduction.MAXIMUM, true, axes);
        Feature exponentials = function(node, to, UnaryFunction.EXPONENTIAL,
                ArithmeticOperators.apply(node, to, BinaryFunction.SUBTRACT, x, most));
        Feature sum = function(node, to, UnaryFunction.LOGARITHM, over(node, to, exponentials, Reduction.SUM, keep, axes));
        Feature back = keep ? most : over(node, to, x, Reduction.MAXIMUM, false, axes);
        to.give(node, ArithmeticOperators.apply(node, to, BinaryFunction.ADD, sum, back));
    }

    private static void standardise(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        long[] given = node.list("axes").orElse(new long[] {0, 2, 3});
        int[] axes = Arrays.stream(given).mapToInt(axis -> Extents.axis(node.label() + ", axis", axis, x.rank())).sorted().toArray();
        Feature around = ArithmeticOperators.apply(node, to, BinaryFunction.SUBTRACT, x, over(node, to, x, Reduction.MEAN, true, axes));
        Feature variance = over(node, to, ArithmeticOperators.apply(node, to, BinaryFunction.MULTIPLY, around, around),
                Reduction.MEAN, true, axes);
        Feature deviation = function(node, to, UnaryFunction.SQUARE_ROOT, variance);
        to.give(node, ArithmeticOperators.apply(node, to, BinaryFunction.DIVIDE, around,
                ArithmeticOperators.with(node, to, BinaryFunction.ADD, deviation, 1e-9)));
    }

    private static void rootMeanSquare(OnnxNode node, Assembly to) {
        node.integer("stash_type", 1);
        Feature x = node.feature(0, "input");
        int axis = Extents.axis(node.label() + ", axis", node.integer("axis", -1), x.rank());
        int[] axes = IntStream.range(axis, x.rank()).toArray();
        Feature mean = over(node, to, ArithmeticOperators.apply(node, to, BinaryFunction.MULTIPLY, x, x), Reduction.MEAN, true, axes);
        Feature root = function(node, to, UnaryFunction.SQUARE_ROOT,
                ArithmeticOperators.with(node, to, BinaryFunction.ADD, mean, node.number("epsilon", 1e-5f)));
        Feature normal = ArithmeticOperators.apply(node, to, BinaryFunction.DIVIDE, x, root);
        to.give(node, ArithmeticOperators.scaled(node, to, normal, 1));
    }

    /** The mean and the inverse deviation that a LayerNormalization may give beside its result. */
    static void moments(OnnxNode node, Assembly to, Feature x, int axis, double epsilon) {
        int[] axes = IntStream.range(axis, x.rank()).toArray();
        if (node.outputs().size() < 2 || !to.isRead(node, 1) && !to.isRead(node, 2)) {
            return;
        }
        Feature mean = over(node, to, x, Reduction.MEAN, true, axes);
        if (to.isRead(node, 1)) {
            to.give(node.outputs().get(1), mean);
        }
        if (to.isRead(node, 2)) {
            Feature around = ArithmeticOperators.apply(node, to, BinaryFunction.SUBTRACT, x, mean);
            Feature variance = over(node, to, ArithmeticOperators.apply(node, to, BinaryFunction.MULTIPLY, around, around),
                    Reduction.MEAN, true, axes);
            Feature root = function(node, to, UnaryFunction.SQUARE_ROOT,
                    ArithmeticOperators.with(node, to, BinaryFunction.ADD, variance, epsilon));
            to.give(node.outputs().get(2), function(node, to, UnaryFunction.RECIPROCAL, root));
        }
    }
}

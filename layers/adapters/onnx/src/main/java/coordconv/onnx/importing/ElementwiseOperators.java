package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import coordconv.kernels.Activation;
import coordconv.layers.activations.PReLU;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.activations.Softmax;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.activations.Unary;
import coordconv.layers.activations.UnaryFunction;
import coordconv.layers.normalisation.Dropout;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.Map;

/** Functions of one value: activations, softmax, and what does nothing in inference. */
final class ElementwiseOperators {
    private ElementwiseOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Relu", (node, to) -> to.give(node, to.activate(node, Activation.RELU, node.feature(0, "input"))));
        registry.put("LeakyRelu", ElementwiseOperators::leakyRelu);
        registry.put("Sigmoid", (node, to) -> to.give(node, to.add(node, new Sigmoid(), node.feature(0, "input"))));
        function(registry, "Abs", UnaryFunction.ABS);
        function(registry, "Neg", UnaryFunction.NEGATIVE);
        function(registry, "Reciprocal", UnaryFunction.RECIPROCAL);
        function(registry, "Sqrt", UnaryFunction.SQUARE_ROOT);
        function(registry, "Exp", UnaryFunction.EXPONENTIAL);
        function(registry, "Log", UnaryFunction.LOGARITHM);
        function(registry, "Erf", UnaryFunction.ERROR_FUNCTION);
        function(registry, "Tanh", UnaryFunction.TANH);
        function(registry, "Softsign", UnaryFunction.SOFTSIGN);
        function(registry, "Softplus", UnaryFunction.SOFTPLUS);
        function(registry, "Mish", UnaryFunction.MISH);
        function(registry, "HardSwish", UnaryFunction.HARD_SWISH);
        unary(registry, "Swish", node -> {
            if (node.number("alpha", 1) != 1) {
                throw node.refuse("attribute alpha", node.number("alpha", 1), 1);
            }
            return Unary.silu();
        });
        unary(registry, "HardSigmoid", node -> Unary.hardSigmoid(node.number("alpha", 0.2f), node.number("beta", 0.5f)));
        unary(registry, "Elu", node -> Unary.elu(node.number("alpha", 1)));
        unary(registry, "Celu", node -> Unary.celu(node.number("alpha", 1)));
        // The defaults of operator set 6, which earlier ones rounded.
        unary(registry, "Selu", node -> Unary.selu(node.number("alpha", 1.67326319217681884765625f),
                node.number("gamma", 1.05070102214813232421875f)));
        unary(registry, "ThresholdedRelu", node -> Unary.thresholdedRelu(node.number("alpha", 1)));
        unary(registry, "Gelu", node -> {
            String approximation = node.text("approximate", "none");
            if (!approximation.equals("none") && !approximation.equals("tanh")) {
                throw node.refuse("attribute approximate", Refusal.quote(approximation), "none or tanh");
            }
            return Unary.of(approximation.equals("none") ? UnaryFunction.GELU : UnaryFunction.GELU_TANH);
        });
        registry.put("Clip", ElementwiseOperators::clip);
        registry.put("PRelu", ElementwiseOperators::slopes);
        registry.put("Softmax", (node, to) -> softmax(node, to, false));
        registry.put("LogSoftmax", (node, to) -> softmax(node, to, true));
        registry.put("Dropout", ElementwiseOperators::dropout);
        registry.put("Cast", (node, to) -> {
            node.integer("saturate", 1);
            node.text("round_mode", "up");
            cast(node, to, DataTypes.known(node.integer("to", 0)));
        });
        registry.put("CastLike", (node, to) -> {
            node.integer("saturate", 1);
            node.text("round_mode", "up");
            cast(node, to, node.isFeature(1) ? DataType.FLOAT
                    : node.flexible(1, "target").type());
        });
    }

    /** Makes a layer from what a node says. */
    @FunctionalInterface
    private interface Making {
        Unary of(OnnxNode node);
    }

    private static void unary(Map<String, Conversion> registry, String operator, Making making) {
        registry.put(operator, (node, to) -> to.give(node, to.add(node, making.of(node), node.feature(0, "input"))));
    }

    private static void function(Map<String, Conversion> registry, String operator, UnaryFunction function) {
        unary(registry, operator, node -> Unary.of(function));
    }

    private static void leakyRelu(OnnxNode node, Assembly to) {
        float alpha = node.number("alpha", 0.01f);
        Feature x = node.feature(0, "input");
        if (alpha < 0 || !Float.isFinite(alpha)) {
            PReLU layer = new PReLU(1);
            layer.weight().set(alpha);
            to.give(node, to.add(node, layer, x));
        } else {
            to.give(node, to.activate(node, alpha == 0 ? Activation.RELU : Activation.leakyRelu(alpha), x));
        }
    }

    /** Bounds are attributes up to operator set 10 and inputs from then on. */
    private static void clip(OnnxNode node, Assembly to) {
        boolean attributes = node.operatorSet() < 11;
        double least = attributes ? node.number("min", -Float.MAX_VALUE)
                : node.hasInput(1) ? node.single(1, "min") : Float.NEGATIVE_INFINITY;
        double most = attributes ? node.number("max", Float.MAX_VALUE)
                : node.hasInput(2) ? node.single(2, "max") : Float.POSITIVE_INFINITY;
        Unary layer = Unary.clip((float) least, (float) most);
        Feature x = node.feature(0, "input");
        to.give(node, layer.asActivation() == null ? to.add(node, layer, x) : to.activate(node, layer.asActivation(), x));
    }

    /** One slope for all, or one for each channel. */
    private static void slopes(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        Constant slope = node.floats(1, "slope");
        int size = slope.size();
        int[] extents = slope.extents();
        boolean perChannel = false;
        for (int i = 1; i <= extents.length && x.rank() > 1; i++) {
            perChannel |= x.rank() - i == 1 && extents[extents.length - i] == size && size == x.extent(1);
        }
        // Before operator set 7 a list of slopes was one for each channel.
        perChannel |= node.operatorSet() < 7 && slope.rank() == 1 && x.rank() > 1 && size == x.extent(1);
        if (size != 1 && !perChannel || slope.rank() > x.rank()) {
            ArithmeticOperators.slopes(node, to, x, slope);
            return;
        }
        PReLU layer = new PReLU(size);
        layer.weight().set(slope.toFloats());
        to.give(node, to.add(node, layer, x));
    }

    private static void softmax(OnnxNode node, Assembly to, boolean logarithm) {
        Feature x = node.feature(0, "input");
        // Up to operator set 12 all axes from the given one on were taken together.
        boolean together = node.operatorSet() < 13;
        int axis = Extents.axis(node.label() + ", axis", node.integer("axis", together ? 1 : -1), x.rank());
        if (together && axis == 2 && x.rank() == 4 && !logarithm) {
            to.give(node, to.add(node, new SpatialSoftmax(), x));
        } else if (together && axis < x.rank() - 1) {
            to.give(node, to.add(node, Softmax.overTrailing(axis, logarithm), x));
        } else {
            to.give(node, to.add(node, logarithm ? Softmax.logarithm(axis) : new Softmax(axis), x));
        }
    }

    private static void dropout(OnnxNode node, Assembly to) {
        float ratio = 0.5f;
        if (node.operatorSet() < 12) {
            ratio = node.number("ratio", ratio);
        } else if (node.hasInput(1)) {
            ratio = (float) node.single(1, "ratio");
        }
        node.integer("seed", 0);
        if (node.operatorSet() < 7 && node.integer("is_test", 0) == 0 || node.hasInput(2) && node.single(2, "training_mode") != 0) {
            throw node.refuse("training_mode", "true", "false: a model is read as it computes in inference");
        }
        to.give(node, to.add(node, new Dropout(DataTypes.decimal(ratio).doubleValue()), node.feature(0, "input")));
    }

    /** Layers compute in float32 whatever type of floats the model names. */
    private static void cast(OnnxNode node, Assembly to, DataType type) {
        if (!DataTypes.isFloat(type)) {
            throw node.refuse("type", type, "a type of floats: what is computed stays in float32");
        }
        to.give(node, node.feature(0, "input"));
    }
}

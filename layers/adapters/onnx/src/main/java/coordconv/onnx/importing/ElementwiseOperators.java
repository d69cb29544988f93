package coordconv.onnx.importing;

import coordconv.kernels.Activation;
import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.Dropout;
import coordconv.onnx.importing.Operators.Conversion;
import java.math.BigDecimal;
import java.util.Map;

/** Activations, batch normalisation and dropout. */
final class ElementwiseOperators {
    /** Four parameters of a batch normalisation, two of them with gradients, and the statistics of a batch. */
    private static final int BYTES_A_CHANNEL = 8 * Float.BYTES;

    private ElementwiseOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Relu", (node, chain) -> chain.activate(node, Activation.RELU));
        registry.put("LeakyRelu", ElementwiseOperators::leakyRelu);
        registry.put("Sigmoid", (node, chain) -> chain.add(node, new Sigmoid()));
        registry.put("Softmax", ElementwiseOperators::softmax);
        registry.put("BatchNormalization", ElementwiseOperators::batchNormalisation);
        registry.put("Dropout", ElementwiseOperators::dropout);
        registry.put("Identity", (node, chain) -> { });
    }

    private static void leakyRelu(OnnxNode node, Chain chain) {
        float alpha = node.number("alpha", 0.01f);
        chain.activate(node, alpha == 0 ? Activation.RELU : Activation.leakyRelu(alpha));
    }

    /** Over all pixels of a channel, and over nothing else. */
    private static void softmax(OnnxNode node, Chain chain) {
        Shape x = chain.shape();
        // Up to operator set 12 all axes from the given one on were taken together.
        boolean together = node.operatorSet() < 13;
        int axis = Extents.axis(node.label() + ", axis", node.integer("axis", together ? 1 : -1), x.rank());
        boolean rows = x.rank() == 4 && (axis == 3 && x.extent(2) == 1 || axis == 2 && (together || x.extent(3) == 1));
        if (x.rank() == 3 && axis == 2) {
            chain.view(node, x.batch(), x.extent(1), 1, x.extent(2));
            chain.add(node, new SpatialSoftmax());
            chain.view(node, x.toArray());
        } else if (rows) {
            chain.add(node, new SpatialSoftmax());
        } else {
            throw node.refuse("axis and input", axis + " and " + x, "a softmax over all pixels of each channel");
        }
    }

    private static void batchNormalisation(OnnxNode node, Chain chain) {
        Operators.requireDataFirst(node);
        node.require("training_mode", 0);
        if (node.operatorSet() < 9) {
            node.require("spatial", 1);
        }
        Constant scale = node.floats(1, "scale");
        node.budget().take(node.label(), (long) BYTES_A_CHANNEL * scale.size());
        BatchNorm2d layer = new BatchNorm2d(scale.size(), decimal(node.number("epsilon", 1e-5f)).doubleValue(),
                BigDecimal.ONE.subtract(decimal(node.number("momentum", 0.9f))).doubleValue());
        Map<String, Parameter> state = layer.state();
        set(state.get("weight"), scale, node);
        set(state.get("bias"), node.floats(2, "bias"), node);
        set(state.get("running_mean"), node.floats(3, "mean"), node);
        set(state.get("running_var"), node.floats(4, "variance"), node);
        chain.add(node, layer);
    }

    private static void set(Parameter parameter, Constant values, OnnxNode node) {
        if (values.rank() != 1 || values.size() != parameter.shape().elements()) {
            throw node.refuse(parameter.name(), values, parameter.shape());
        }
        parameter.set(values.floats());
    }

    private static void dropout(OnnxNode node, Chain chain) {
        float ratio = 0.5f;
        if (node.operatorSet() < 12) {
            ratio = node.number("ratio", ratio);
        } else if (node.hasInput(1)) {
            Constant given = node.floats(1, "ratio");
            if (given.size() != 1) {
                throw node.refuse("ratio", given, "one number");
            }
            ratio = given.floats()[0];
        }
        node.integer("seed", 0);
        if (node.hasInput(2) && (node.constant(2, "training_mode").size() != 1
                || node.constant(2, "training_mode").number(0) != 0)) {
            throw node.refuse("training_mode", "true", "false: a model is read as it computes in inference");
        }
        Layer layer = new Dropout(decimal(ratio).doubleValue());
        chain.add(node, layer);
    }

    /** The decimal that a float attribute was written from: 1e-5 rather than the float next to it. */
    private static BigDecimal decimal(float value) {
        if (!Float.isFinite(value)) {
            throw new Refusal("attribute", value, "a finite number");
        }
        return new BigDecimal(Float.toString(value));
    }
}

package coordconv.onnx.importing;

import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.GroupNorm;
import coordconv.layers.normalisation.LayerNorm;
import coordconv.layers.normalisation.LocalResponseNorm;
import coordconv.onnx.importing.Operators.Conversion;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;

/** Normalisations over batches, images, groups and channels. */
final class NormalisationOperators {
    /** Four parameters of a batch normalisation, two of them with gradients, and the statistics of a batch. */
    private static final int BYTES_A_CHANNEL = 8 * Float.BYTES;

    private NormalisationOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("BatchNormalization", NormalisationOperators::batch);
        registry.put("InstanceNormalization", (node, to) -> {
            // Where old models name memory that may be reused.
            node.list("consumed_inputs");
            Constant scale = node.floats(1, "scale");
            groups(node, to, scale.size(), scale);
        });
        registry.put("GroupNormalization", (node, to) -> {
            node.integer("stash_type", 1);
            int groups = Extents.toInt(node.label() + ", attribute num_groups", node.integer("num_groups", 0));
            groups(node, to, groups, node.floats(1, "scale"));
        });
        registry.put("LayerNormalization", NormalisationOperators::layer);
        registry.put("LRN", (node, to) -> to.give(node, to.add(node, new LocalResponseNorm(
                Extents.toInt(node.label() + ", attribute size", node.integer("size", 0)),
                DataTypes.decimal(node.number("alpha", 1e-4f)).doubleValue(), DataTypes.decimal(node.number("beta", 0.75f)).doubleValue(),
                DataTypes.decimal(node.number("bias", 1)).doubleValue()), node.feature(0, "input"))));
    }

    private static double epsilon(OnnxNode node) {
        return DataTypes.decimal(node.number("epsilon", 1e-5f)).doubleValue();
    }

    private static void groups(OnnxNode node, Assembly to, int groups, Constant scale) {
        Feature x = node.feature(0, "input");
        if (x.rank() < 2) {
            throw node.refuse("input", x.shape(), "[N, C, ...]");
        }
        int channels = x.extent(1);
        GroupNorm layer = new GroupNorm(groups, channels, epsilon(node));
        // Up to operator set 20 groups had one scale each, from then on channels have.
        boolean eachGroup = node.operator().equals("GroupNormalization") && node.operatorSet() < 21;
        set(layer.weight(), eachGroup ? repeated(node, scale, groups, channels) : scale, node);
        Constant bias = node.floats(2, "bias");
        set(layer.bias(), eachGroup ? repeated(node, bias, groups, channels) : bias, node);
        to.give(node, to.add(node, layer, x));
    }

    private static Constant repeated(OnnxNode node, Constant values, int groups, int channels) {
        if (values.rank() != 1 || values.size() != groups) {
            throw node.refuse("scale or bias", values, "[" + groups + "]");
        }
        return values.pick(new int[] {channels}, channel -> channel / (channels / groups));
    }

    private static void layer(OnnxNode node, Assembly to) {
        node.integer("stash_type", 1);
        Feature x = node.feature(0, "input");
        int axis = Extents.axis(node.label() + ", axis", node.integer("axis", -1), x.rank());
        int[] last = Arrays.copyOfRange(x.shape().toArray(), axis, x.rank());
        LayerNorm layer = new LayerNorm(Shape.of(last), epsilon(node));
        layer.weight().set(spread(node, node.floats(1, "scale"), last));
        layer.bias().set(node.hasInput(2) ? spread(node, node.floats(2, "bias"), last) : new float[layer.bias().shape().elements()]);
        for (int i = axis; i < x.rank(); i++) {
            node.pin(x.varies()[i]);
        }
        to.give(node.outputs().getFirst(), to.add(node, layer, x));
        ReductionOperators.moments(node, to, x, axis, epsilon(node));
    }

    private static float[] spread(OnnxNode node, Constant values, int... shape) {
        int[] joint = Extents.broadcast(node.label() + ", scale or bias", values.extents(), shape);
        if (!Arrays.equals(joint, shape)) {
            throw node.refuse("scale or bias", values, "one that broadcasts to " + Arrays.toString(shape));
        }
        return values.pick(shape, Extents.source(values.extents(), shape)).toFloats();
    }

    private static void batch(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        node.require("training_mode", 0);
        if (node.operatorSet() < 7 && node.integer("is_test", 0) == 0) {
            throw node.refuse("attribute is_test", 0, "1: a model is read as it computes in inference");
        }
        if (node.operatorSet() < 9) {
            node.require("spatial", 1);
        }
        Constant scale = node.floats(1, "scale");
        node.budget().take(node.label(), (long) BYTES_A_CHANNEL * scale.size());
        BatchNorm2d layer = new BatchNorm2d(scale.size(), DataTypes.decimal(node.number("epsilon", 1e-5f)).doubleValue(),
                BigDecimal.ONE.subtract(DataTypes.decimal(node.number("momentum", 0.9f))).doubleValue());
        Map<String, Parameter> state = layer.state();
        set(state.get("weight"), scale, node);
        set(state.get("bias"), node.floats(2, "bias"), node);
        set(state.get("running_mean"), node.floats(3, "mean"), node);
        set(state.get("running_var"), node.floats(4, "variance"), node);
        asImages(node, to, x, layer);
    }

    /** A layer on images, on whatever has channels at axis 1. */
    private static void asImages(OnnxNode node, Assembly to, Feature x, BatchNorm2d layer) {
        if (x.rank() == 4) {
            to.give(node, to.add(node, layer, x));
        } else if (x.rank() == 3) {
            Feature images = Views.unsqueezed(node, to, x, 2);
            to.give(node, Views.squeezed(node, to, to.add(node, layer, images), 2));
        } else if (x.rank() == 2) {
            Feature images = Views.unsqueezed(node, to, Views.unsqueezed(node, to, x, 2), 2);
            to.give(node, Views.squeezed(node, to, Views.squeezed(node, to, to.add(node, layer, images), 2), 2));
        } else if (x.rank() > 4) {
            // However many axes lie behind the channels, each channel is one plane.
            Feature images = Views.add(node, to, x, Views.copied(0), Views.copied(1), 1, Views.INFERRED);
            int[] rules = new int[x.rank()];
            for (int axis = 0; axis < rules.length; axis++) {
                rules[axis] = axis < 2 ? Views.copied(axis) : x.extent(axis);
                node.pin(axis < 2 ? 0 : x.varies()[axis]);
            }
            to.give(node, Views.add(node, to, to.add(node, layer, images), rules));
        } else {
            throw node.refuse("input", x.shape(), "[N, C, ...]");
        }
    }

    private static void set(Parameter parameter, Constant values, OnnxNode node) {
        if (values.rank() != 1 || values.size() != parameter.shape().elements()) {
            throw node.refuse(parameter.name(), values, parameter.shape());
        }
        parameter.set(values.toFloats());
    }
}

package coordconv.onnx.importing;

import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.activations.ReLU;
import coordconv.layers.merging.Add;
import coordconv.layers.merging.Binary;
import coordconv.layers.merging.BinaryFunction;
import coordconv.layers.merging.Mul;
import coordconv.layers.normalisation.GroupNorm;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Arithmetic of several values, element by element. */
final class ArithmeticOperators {
    private ArithmeticOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Add", ArithmeticOperators::add);
        registry.put("Sub", (node, to) -> pair(node, to, BinaryFunction.SUBTRACT));
        registry.put("Mul", (node, to) -> completing(node, to, BinaryFunction.MULTIPLY, affine(node, to, true)));
        registry.put("Div", (node, to) -> pair(node, to, BinaryFunction.DIVIDE));
        registry.put("Pow", (node, to) -> pair(node, to, BinaryFunction.POWER));
        registry.put("Max", (node, to) -> to.give(node, together(node, to, BinaryFunction.MAXIMUM)));
        registry.put("Min", (node, to) -> to.give(node, together(node, to, BinaryFunction.MINIMUM)));
        registry.put("Sum", (node, to) -> to.give(node, together(node, to, BinaryFunction.ADD)));
        registry.put("Mean", (node, to) -> to.give(node, with(node, to, BinaryFunction.DIVIDE,
                together(node, to, BinaryFunction.ADD), node.inputs().size())));
    }

    private static void add(OnnxNode node, Assembly to) {
        completing(node, to, BinaryFunction.ADD, bias(node, to).or(() -> affine(node, to, false)));
    }

    /** What a layer before it has taken over, or a layer of its own. */
    private static void completing(OnnxNode node, Assembly to, BinaryFunction function, Optional<Feature> completed) {
        if (completed.isPresent()) {
            to.give(node, completed.get());
        } else {
            pair(node, to, function);
        }
    }

    private static void pair(OnnxNode node, Assembly to, BinaryFunction function) {
        if (node.inputs().size() != 2) {
            throw node.refuse("inputs", node.inputs().size(), 2);
        }
        // Up to operator set 6 the axes of the second input stand where an attribute says.
        boolean broadcast = node.operatorSet() < 7 && node.integer("broadcast", 0) != 0;
        long axis = broadcast ? node.integer("axis", Long.MIN_VALUE) : Long.MIN_VALUE;
        if (!node.isFeature(0)) {
            Constant a = operand(node, 0);
            Feature b = node.feature(1, "second input");
            if (axis != Long.MIN_VALUE) {
                throw node.refuse("attribute axis", axis, "none where the first input is a constant");
            }
            to.give(node, apply(node, to, function, a, b));
        } else if (node.isFeature(1)) {
            Feature a = node.feature(0, "first input");
            Feature b = node.feature(1, "second input");
            for (int i = axis == Long.MIN_VALUE ? 0 : trailing(node, axis, a.rank(), b.rank()); i > 0; i--) {
                b = Views.unsqueezed(node, to, b, b.rank());
            }
            to.give(node, apply(node, to, function, a, b));
        } else {
            Feature a = node.feature(0, "first input");
            Constant b = operand(node, 1);
            if (axis != Long.MIN_VALUE) {
                int[] extents = Arrays.copyOf(b.extents(), b.rank() + trailing(node, axis, a.rank(), b.rank()));
                Arrays.fill(extents, b.rank(), extents.length, 1);
                b = b.view(extents);
            }
            to.give(node, apply(node, to, function, a, b, node.isStored(1)));
        }
    }

    private static int trailing(OnnxNode node, long axis, int rank, int other) {
        int at = Extents.axis(node.label() + ", attribute axis", axis, rank);
        if (at + other > rank) {
            throw node.refuse("attribute axis", axis, "one from which " + other + " axes follow");
        }
        return rank - at - other;
    }

    private static Constant operand(OnnxNode node, int index) {
        Constant constant = node.constant(index, "input " + index);
        if (!constant.isFloat()) {
            throw node.refuse("input " + index, constant, "floats");
        }
        return constant;
    }

    /** Any number of values, one after another. */
    private static Feature together(OnnxNode node, Assembly to, BinaryFunction function) {
        List<Feature> features = new ArrayList<>();
        boolean plain = function == BinaryFunction.ADD && node.isFeature(0);
        for (int i = 0; plain && i < node.inputs().size(); i++) {
            plain &= node.isFeature(i) && node.feature(i, "input").shape().equals(node.feature(0, "input").shape());
        }
        if (plain && node.inputs().size() > 2) {
            for (int i = 0; i < node.inputs().size(); i++) {
                features.add(node.feature(i, "input " + i));
            }
            return to.add(node, new Add(), features.toArray(Feature[]::new));
        }
        Feature joint = null;
        Constant constant = null;
        for (int i = 0; i < node.inputs().size(); i++) {
            if (node.isFeature(i)) {
                Feature next = node.feature(i, "input " + i);
                joint = joint == null ? constant == null ? next : apply(node, to, function, constant, next)
                        : apply(node, to, function, joint, next);
            } else if (joint == null) {
                if (constant != null) {
                    throw node.refuse("inputs", "several constants before what is computed", "them behind it");
                }
                constant = operand(node, i);
            } else {
                joint = apply(node, to, function, joint, operand(node, i), false);
            }
        }
        return joint;
    }

    /** A function of two values. */
    static Feature apply(OnnxNode node, Assembly to, BinaryFunction function, Feature a, Feature b) {
        boolean equal = a.shape().equals(b.shape());
        if (equal && function == BinaryFunction.ADD) {
            return to.add(node, new Add(), a, b);
        }
        if (function == BinaryFunction.MULTIPLY && (equal || isPerChannel(a, b) || isPerChannel(b, a))) {
            return to.add(node, new Mul(), a, b);
        }
        return to.add(node, new Binary(function), a, b);
    }

    private static boolean isPerChannel(Feature factors, Feature images) {
        return images.rank() == 4 && factors.shape().equals(Shape.of(images.extent(0), images.extent(1), 1, 1))
                && factors.varies()[2] == 0 && factors.varies()[3] == 0;
    }

    private static Feature apply(OnnxNode node, Assembly to, BinaryFunction function, Feature a, Constant b, boolean weights) {
        node.budget().take(node.label(), 2L * Float.BYTES * b.size());
        Tensor values = Tensor.of(b.toFloats(), Shape.of(b.extents()));
        boolean learned = weights && (function == BinaryFunction.ADD || function == BinaryFunction.MULTIPLY
                || function == BinaryFunction.SUBTRACT);
        Binary layer = learned ? Binary.learned(function, values) : Binary.withConstant(function, values);
        if (learned) {
            layer.constant().set(b.toFloats());
        }
        return to.add(node, layer, a);
    }

    private static Feature apply(OnnxNode node, Assembly to, BinaryFunction function, Constant a, Feature b) {
        boolean commutes = function != BinaryFunction.SUBTRACT && function != BinaryFunction.DIVIDE && function != BinaryFunction.POWER;
        if (commutes) {
            return apply(node, to, function, b, a, false);
        }
        node.budget().take(node.label(), 2L * Float.BYTES * a.size());
        return to.add(node, Binary.withConstantFirst(function, Tensor.of(a.toFloats(), Shape.of(a.extents()))), b);
    }

    /** A function of a value and one number. */
    static Feature with(OnnxNode node, Assembly to, BinaryFunction function, Feature a, double number) {
        return to.add(node, Binary.withConstant(function, Tensor.of(new float[] {(float) number}, Shape.of())), a);
    }

    /** A value plus a multiple of constants. */
    static Feature plus(OnnxNode node, Assembly to, Feature a, Constant b, float factor) {
        Constant scaled = Constant.zeros(b.type(), b.extents());
        for (int i = 0; i < b.size(); i++) {
            scaled.set(i, factor * b.number(i));
        }
        return apply(node, to, BinaryFunction.ADD, a, scaled, false);
    }

    /** A value times weights that are an input of the node. */
    static Feature scaled(OnnxNode node, Assembly to, Feature a, int weights) {
        return apply(node, to, BinaryFunction.MULTIPLY, a, operand(node, weights), node.isStored(weights));
    }

    /** The Add of a constant right after a convolution without a bias is that bias. */
    private static Optional<Feature> bias(OnnxNode node, Assembly to) {
        int constant = node.isConstant(0) ? 0 : 1;
        // Up to operator set 6 an attribute says where the axes of the second input stand.
        if (!node.isConstant(constant) || node.flexible(constant, "addend").varies() != 0 || node.has("axis")) {
            return Optional.empty();
        }
        Feature x = node.feature(1 - constant, "addend");
        Constant added = node.flexible(constant, "addend");
        ConvolutionDraft draft = to.open(x).filter(open -> open.bias() == null).orElse(null);
        if (draft == null || !added.isFloat()) {
            return Optional.empty();
        }
        return isPerChannel(added, x.rank(), draft.spec().outChannels())
                ? Optional.of(to.complete(x, draft.withBias(added.toFloats()))) : Optional.empty();
    }

    private static boolean isPerChannel(Constant values, int rank, int channels) {
        int[] full = new int[rank];
        Arrays.fill(full, 1);
        full[1] = channels;
        return values.isFloat() && values.rank() <= rank && values.size() == channels
                && Arrays.equals(values.extents(), Arrays.copyOfRange(full, rank - values.rank(), rank));
    }

    /** A scale or a shift of each channel right after a group normalisation that has none is the normalisation's own. */
    private static Optional<Feature> affine(OnnxNode node, Assembly to, boolean scale) {
        int constant = node.isConstant(0) ? 0 : 1;
        if (node.inputs().size() != 2 || !node.isConstant(constant) || !node.isFeature(1 - constant) || node.has("axis")) {
            return Optional.empty();
        }
        Feature x = node.feature(1 - constant, "input");
        Constant values = node.flexible(constant, "constant");
        Layer before = to.maker(x).map(Assembly.Step::layer).orElse(null);
        if (!(before instanceof GroupNorm plain) || !to.isLastReader(x) || values.varies() != 0
                || !isPerChannel(values, x.rank(), plain.channels()) || !isFilled(plain.bias(), 0)
                || scale && !isFilled(plain.weight(), 1)) {
            return Optional.empty();
        }
        GroupNorm layer = new GroupNorm(plain.groups(), plain.channels(), plain.epsilon());
        layer.weight().set(scale ? values.toFloats() : plain.weight().values());
        layer.bias().set(scale ? plain.bias().values() : values.toFloats());
        return Optional.of(to.add(node, layer, to.undo(x)));
    }

    private static boolean isFilled(Parameter parameter, float value) {
        for (float each : parameter.values()) {
            if (each != value) {
                return false;
            }
        }
        return true;
    }

    /** Slopes for negative values that are neither one for all nor one for each channel. */
    static void slopes(OnnxNode node, Assembly to, Feature x, Constant slope) {
        Feature above = to.add(node, new ReLU(), x);
        Feature below = with(node, to, BinaryFunction.MINIMUM, x, 0);
        to.give(node, apply(node, to, BinaryFunction.ADD, above, apply(node, to, BinaryFunction.MULTIPLY, below, slope, true)));
    }
}

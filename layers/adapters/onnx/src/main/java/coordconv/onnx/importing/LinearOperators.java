package coordconv.onnx.importing;

import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.shaping.Transpose;
import coordconv.onnx.importing.ConvolutionDraft.Kind;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.Map;
import java.util.stream.IntStream;

/** Gemm and MatMul with weights. */
final class LinearOperators {
    private LinearOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Gemm", LinearOperators::gemm);
        registry.put("MatMul", LinearOperators::matMul);
    }

    private static void gemm(OnnxNode node, Assembly to) {
        // Up to operator set 6 it said whether the bias broadcasts; which shapes do is the same.
        node.integer("broadcast", 0);
        Feature x = node.feature(0, "first factor");
        if (node.integer("transA", 0) != 0 && x.rank() == 2) {
            x = to.add(node, new Transpose(1, 0), new int[] {x.varies()[1], x.varies()[0]}, x);
        }
        float[] weight = weight(node, x, node.integer("transB", 0) != 0, node.number("alpha", 1));
        int out = weight.length / x.extent(1);
        float beta = node.number("beta", 1);
        float[] bias = null;
        if (node.hasInput(2)) {
            Constant c = node.floats(2, "bias");
            int[] extents = c.extents();
            boolean row = c.size() == out && (c.rank() == 1 || c.rank() == 2 && extents[0] == 1);
            if (!row && c.size() != 1) {
                // A bias for each row of its own, too.
                Extents.broadcast(node.label() + ", bias", c.extents(), new int[] {x.extent(0), out});
                Feature product = add(node, to, x, out, weight, null);
                to.give(node, ArithmeticOperators.plus(node, to, product, c, beta));
                return;
            }
            bias = new float[out];
            for (int o = 0; o < out; o++) {
                bias[o] = beta * c.toFloats()[row ? o : 0];
            }
        }
        to.give(node, add(node, to, x, out, weight, bias));
    }

    private static void matMul(OnnxNode node, Assembly to) {
        if (!node.isFeature(0)) {
            fromTheLeft(node, to);
            return;
        }
        Feature x = node.feature(0, "first factor");
        if (x.rank() > 2) {
            // Rows of rows are rows.
            Feature rows = Views.add(node, to, x, Views.INFERRED, x.extent(x.rank() - 1));
            float[] weight = weight(node, rows, false, 1);
            int out = weight.length / rows.extent(1);
            Feature y = add(node, to, rows, out, weight, null);
            int[] rules = new int[x.rank()];
            int varying = 0;
            for (int axis = 0; axis < rules.length - 1; axis++) {
                rules[axis] = x.extent(axis);
                if (x.varies()[axis] != 0) {
                    varying++;
                    rules[axis] = varying == 1 ? Views.INFERRED : x.extent(axis);
                    node.pin(varying == 1 ? 0 : x.varies()[axis]);
                }
            }
            rules[rules.length - 1] = out;
            to.give(node, Views.add(node, to, y, rules));
            return;
        }
        float[] weight = weight(node, x, false, 1);
        to.give(node, add(node, to, x, weight.length / x.extent(1), weight, null));
    }

    /** Weights times a value are its columns, as rows, times the weights transposed. */
    private static void fromTheLeft(OnnxNode node, Assembly to) {
        Constant a = node.floats(0, "first factor");
        Feature x = node.feature(1, "second factor");
        if (a.rank() != 2 || x.rank() < 2 || a.extents()[1] != x.extent(x.rank() - 2) || a.size() == 0) {
            throw node.refuse("factors", a + " and " + x.shape(), "[M, K] and [..., K, N]");
        }
        int[] order = IntStream.range(0, x.rank()).toArray();
        order[x.rank() - 2] = x.rank() - 1;
        order[x.rank() - 1] = x.rank() - 2;
        Feature turned = ShapingOperators.transposed(node, to, x, order);
        int depth = a.extents()[1];
        Feature rows = turned.rank() == 2 ? turned : Views.add(node, to, turned, Views.INFERRED, depth);
        Feature y = add(node, to, rows, a.extents()[0], a.toFloats(), null);
        int[] rules = new int[x.rank()];
        boolean inferred = false;
        for (int axis = 0; axis < rules.length - 1; axis++) {
            rules[axis] = turned.varies()[axis] != 0 && !inferred ? Views.INFERRED : turned.extent(axis);
            node.pin(inferred ? turned.varies()[axis] : 0);
            inferred |= turned.varies()[axis] != 0;
        }
        rules[rules.length - 1] = a.extents()[0];
        to.give(node, ShapingOperators.transposed(node, to, turned.rank() == 2 ? y : Views.add(node, to, y, rules), order));
    }

    /** The second factor as a linear layer has it, [O, F]. */
    private static float[] weight(OnnxNode node, Feature x, boolean transposed, float scale) {
        Constant b = node.floats(1, "second factor");
        int features = x.rank() == 2 ? x.extent(1) : -1;
        if (b.rank() != 2 || b.extents()[transposed ? 1 : 0] != features || b.size() == 0) {
            throw node.refuse("factors", x.shape() + " and " + b, "[N, F] and " + (transposed ? "[O, F]" : "[F, O]"));
        }
        int out = b.extents()[transposed ? 0 : 1];
        if (transposed && scale == 1) {
            return b.toFloats();
        }
        node.budget().take(node.label(), (long) b.size() * Float.BYTES);
        float[] weight = new float[b.size()];
        float[] given = b.toFloats();
        for (int o = 0; o < out; o++) {
            for (int f = 0; f < features; f++) {
                weight[o * features + f] = scale * given[transposed ? o * features + f : f * out + o];
            }
        }
        return weight;
    }

    private static Feature add(OnnxNode node, Assembly to, Feature x, int out, float[] weight, float... bias) {
        ConvSpec spec = ConvSpec.of(x.extent(1), out, 1).withBias(bias != null);
        return to.add(node, new ConvolutionDraft(Kind.LINEAR, spec, Coordinates.NONE, 0, weight, bias), x);
    }
}

package coordconv.onnx.importing;

import coordconv.layers.Shape;
import coordconv.layers.convolution.ConvSpec;
import coordconv.onnx.importing.ConvolutionDraft.Kind;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.Arrays;
import java.util.Map;

/** Gemm, MatMul and the Add of a bias. */
final class LinearOperators {
    private LinearOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Gemm", LinearOperators::gemm);
        registry.put("MatMul", LinearOperators::matMul);
        registry.put("Add", LinearOperators::addBias);
    }

    private static void gemm(OnnxNode node, Chain chain) {
        node.require("transA", 0);
        float[] weight = weight(node, chain, node.integer("transB", 0) != 0, node.number("alpha", 1));
        int out = weight.length / chain.shape().extent(1);
        float[] bias = null;
        if (node.hasInput(2)) {
            Constant c = node.floats(2, "bias");
            int[] extents = c.extents();
            boolean row = c.size() == out && (c.rank() == 1 || c.rank() == 2 && extents[0] == 1);
            if (!row && c.size() != 1) {
                throw node.refuse("bias", c, "[" + out + "]");
            }
            float beta = node.number("beta", 1);
            bias = new float[out];
            for (int o = 0; o < out; o++) {
                bias[o] = beta * c.floats()[row ? o : 0];
            }
        } else {
            node.number("beta", 1);
        }
        add(node, chain, out, weight, bias);
    }

    private static void matMul(OnnxNode node, Chain chain) {
        float[] weight = weight(node, chain, false, 1);
        add(node, chain, weight.length / chain.shape().extent(1), weight, null);
    }

    /** The second factor as a linear layer has it, [O, F]. */
    private static float[] weight(OnnxNode node, Chain chain, boolean transposed, float scale) {
        Operators.requireDataFirst(node);
        Constant b = node.floats(1, "second factor");
        Shape x = chain.shape();
        int features = x.rank() == 2 ? x.extent(1) : -1;
        if (b.rank() != 2 || b.extents()[transposed ? 1 : 0] != features || b.size() == 0) {
            throw node.refuse("factors", x + " and " + b, "[N, F] and " + (transposed ? "[O, F]" : "[F, O]"));
        }
        int out = b.extents()[transposed ? 0 : 1];
        node.budget().take(node.label(), (long) b.size() * Float.BYTES);
        float[] weight = new float[b.size()];
        for (int o = 0; o < out; o++) {
            for (int f = 0; f < features; f++) {
                weight[o * features + f] = scale * b.floats()[transposed ? o * features + f : f * out + o];
            }
        }
        return weight;
    }

    private static void add(OnnxNode node, Chain chain, int out, float[] weight, float[] bias) {
        ConvSpec spec = ConvSpec.of(chain.shape().extent(1), out, 1).withBias(bias != null);
        chain.add(node, new ConvolutionDraft(Kind.LINEAR, spec, Coordinates.NONE, 0, weight, bias));
    }

    private static void addBias(OnnxNode node, Chain chain) {
        Constant added = node.floats(node.isConstant(0) ? 0 : 1, "addend");
        ConvolutionDraft draft = chain.last().map(Chain.Link::draft)
                .filter(d -> d.bias() == null && d.isOpen()).orElse(null);
        if (draft == null) {
            throw node.refuse("place", "an Add that is not the bias of a layer before it",
                    "one right after Conv, ConvTranspose, Gemm or MatMul without a bias");
        }
        int out = draft.spec().outChannels();
        int[] full = draft.kind() == Kind.LINEAR ? new int[] {1, out} : new int[] {1, out, 1, 1};
        boolean sameShape = added.rank() <= full.length && added.size() == out
                && Arrays.equals(added.extents(), Arrays.copyOfRange(full, full.length - added.rank(), full.length));
        if (!sameShape) {
            throw node.refuse("addend", added, "one number a channel: " + Arrays.toString(full));
        }
        chain.complete(draft.withBias(added.floats()));
    }
}

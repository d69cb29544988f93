package coordconv.onnx.importing;

import java.util.Map;
import java.util.TreeMap;

/** The operators that become layers, by name. */
final class Operators {
    private static final Map<String, Conversion> BY_NAME = new TreeMap<>();

    static {
        ConvolutionOperators.register(BY_NAME);
        LinearOperators.register(BY_NAME);
        ElementwiseOperators.register(BY_NAME);
        PoolingOperators.register(BY_NAME);
        ShapingOperators.register(BY_NAME);
    }

    private Operators() {}

    /** Appends the layer that a node stands for. */
    @FunctionalInterface
    interface Conversion {
        void convert(OnnxNode node, Chain chain);
    }

    static void convert(OnnxNode node, Chain chain) {
        Conversion conversion = BY_NAME.get(node.operator());
        if (conversion == null) {
            throw node.refuse("operator", Refusal.quote(node.operator()), "one of " + BY_NAME.keySet());
        }
        boolean takesJoined = node.operator().startsWith("Conv") || node.operator().equals("Concat")
                || node.operator().equals("Identity");
        if (chain.joined() != null && !takesJoined) {
            throw node.refuse("input", "features with constants joined to them", "a Conv or ConvTranspose for those");
        }
        conversion.convert(node, chain);
    }

    /** Refuses a node whose first input, the one that layers work on, is a constant. */
    static void requireDataFirst(OnnxNode node) {
        if (node.isConstant(0)) {
            throw node.refuse("first input", "a constant", "the value that is computed; constants come after it");
        }
    }
}

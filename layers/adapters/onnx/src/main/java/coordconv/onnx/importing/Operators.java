package coordconv.onnx.importing;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The operators that become layers, by name. */
final class Operators {
    /** Those that know what to do with constants that wait beside the features; all others get them joined. */
    private static final Set<String> TAKE_JOINED = Set.of("Conv", "ConvTranspose", "DeformConv", "Concat", "Transpose", "Identity");
    private static final Map<String, Conversion> BY_NAME = new TreeMap<>();

    static {
        ConvolutionOperators.register(BY_NAME);
        DeformableOperators.register(BY_NAME);
        JoiningOperators.register(BY_NAME);
        LinearOperators.register(BY_NAME);
        ElementwiseOperators.register(BY_NAME);
        ArithmeticOperators.register(BY_NAME);
        NormalisationOperators.register(BY_NAME);
        PoolingOperators.register(BY_NAME);
        ReductionOperators.register(BY_NAME);
        ResizingOperators.register(BY_NAME);
        ShapingOperators.register(BY_NAME);
    }

    private Operators() {}

    /** Appends the layers that a node stands for. */
    @FunctionalInterface
    interface Conversion {
        void convert(OnnxNode node, Assembly to);
    }

    static void convert(OnnxNode node, Assembly to) {
        Conversion conversion = BY_NAME.get(node.operator());
        if (conversion == null) {
            throw node.refuse("operator", Refusal.quote(node.operator()), "one of " + BY_NAME.keySet());
        }
        if (!TAKE_JOINED.contains(node.operator())) {
            to.joinConstantsOf(node);
        }
        conversion.convert(node, to);
    }
}

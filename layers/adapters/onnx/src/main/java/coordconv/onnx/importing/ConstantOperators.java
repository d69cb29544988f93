package coordconv.onnx.importing;

import java.util.Map;
import java.util.TreeMap;

/**
 * Operators that are computed when the model is read, because all they take is known: how exporters
 * write coordinates and shapes.
 */
final class ConstantOperators {
    private static final Map<String, Folding> BY_NAME = new TreeMap<>();

    static {
        ShapeFoldings.register(BY_NAME);
        SelectionFoldings.register(BY_NAME);
        ArithmeticFoldings.register(BY_NAME);
    }

    private ConstantOperators() {}

    /** Computes one operator. */
    @FunctionalInterface
    interface Folding {
        Constant fold(OnnxNode node);
    }

    static Constant fold(OnnxNode node) {
        Folding folding = BY_NAME.get(node.operator());
        if (folding == null) {
            throw node.refuse("operator on constants", Refusal.quote(node.operator()), "one of " + BY_NAME.keySet());
        }
        return folding.fold(node);
    }

    /** Says what the result takes, before it is made. */
    static int[] reserved(OnnxNode node, int... shape) {
        node.budget().take(node.label(), (long) Extents.size(node.label() + ", output", shape) * Long.BYTES);
        return shape;
    }
}

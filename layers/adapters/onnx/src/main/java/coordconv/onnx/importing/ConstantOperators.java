package coordconv.onnx.importing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Operators that are computed when the model is read, because all they take is known: how exporters
 * write coordinates and shapes.
 */
final class ConstantOperators {
    /** Those that say themselves where each element of their result comes from, as far as their first input goes. */
    private static final Set<String> SELECTING = Set.of("Identity", "Reshape", "Unsqueeze", "Squeeze", "Flatten", "Gather",
            "Slice", "Transpose", "Cast", "CastLike", "Floor", "Ceil", "Round");
    /** Those that say it of all inputs. */
    private static final Set<String> TRACING = Set.of("Concat", "Where", "Add", "Sub", "Mul", "Div", "Mod", "Sum", "Max", "Min",
            "And", "Or", "Xor", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual");

    private static final Map<String, Folding> BY_NAME = new TreeMap<>();

    static {
        ShapeFoldings.register(BY_NAME);
        SelectionFoldings.register(BY_NAME);
        ArithmeticFoldings.register(BY_NAME);
        ReductionFoldings.register(BY_NAME);
    }

    private ConstantOperators() {}

    /** Computes one operator of one output. */
    @FunctionalInterface
    interface Folding {
        Constant fold(OnnxNode node);
    }

    /** Computes a node, whatever the number of its outputs. */
    static List<Constant> foldAll(OnnxNode node) {
        return node.operator().equals("Split") ? SelectionFoldings.split(node) : List.of(fold(node));
    }

    private static Constant fold(OnnxNode node) {
        Folding folding = BY_NAME.get(node.operator());
        if (folding == null) {
            throw node.refuse("operator on constants", Refusal.quote(node.operator()), "one of " + BY_NAME.keySet());
        }
        Constant result = folding.fold(node);
        if (TRACING.contains(node.operator())) {
            return result;
        }
        int varies = 0;
        for (int i = SELECTING.contains(node.operator()) ? 1 : 0; i < node.inputs().size(); i++) {
            varies |= node.hasInput(i) ? node.constant(i, "input").varies() : 0;
        }
        return result.varyingWith(varies);
    }

    /** Says what the result takes, before it is made. */
    static int[] reserved(OnnxNode node, int... shape) {
        node.budget().take(node.label(), (long) Extents.size(node.label() + ", output", shape) * (Long.BYTES + Integer.BYTES));
        return shape;
    }
}

package coordconv.onnx.importing;

import coordconv.layers.Shape;
import coordconv.layers.shaping.TileOverImage;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.Arrays;
import java.util.Map;

/** Operators that only rearrange or repeat, where each sample keeps its own elements. */
final class ShapingOperators {
    private ShapingOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Flatten", ShapingOperators::flatten);
        registry.put("Reshape", ShapingOperators::reshape);
        registry.put("Squeeze", (node, chain) ->
                chain.view(node, ShapeFoldings.squeezed(node, chain.shape().toArray())));
        registry.put("Unsqueeze", (node, chain) ->
                chain.view(node, ShapeFoldings.unsqueezed(node, chain.shape().toArray())));
        registry.put("Expand", ShapingOperators::expand);
    }

    private static void flatten(OnnxNode node, Chain chain) {
        int[] extents = chain.shape().toArray();
        int axis = Extents.axis(node.label() + ", axis", node.integer("axis", 1), extents.length + 1);
        chain.view(node, Extents.size("rows", Arrays.copyOf(extents, axis)),
                Extents.size("columns", Arrays.copyOfRange(extents, axis, extents.length)));
    }

    private static void reshape(OnnxNode node, Chain chain) {
        Operators.requireDataFirst(node);
        chain.view(node, Extents.reshaped(node.label() + ", shape", chain.shape().toArray(),
                node.integers(1, "shape"), node.integer("allowzero", 0) == 1));
    }

    private static void expand(OnnxNode node, Chain chain) {
        Operators.requireDataFirst(node);
        Shape x = chain.shape();
        String what = node.label() + ", shape";
        int[] joint = Extents.broadcast(what, x.toArray(), Extents.ofLongs(what, node.integers(1, "shape")));
        if (Arrays.equals(joint, x.toArray())) {
            return;
        }
        if (x.rank() != 4 || joint.length != 4 || x.extent(2) != 1 || x.extent(3) != 1 || joint[0] != x.batch()
                || joint[1] != x.extent(1)) {
            throw node.refuse("shapes", x + " to " + Arrays.toString(joint), "[N, C, 1, 1] to [N, C, H, W]");
        }
        chain.view(node, x.batch(), x.extent(1));
        chain.add(node, new TileOverImage(joint[2], joint[3]));
    }
}

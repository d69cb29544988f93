package coordconv.onnx.importing;

import coordconv.kernels.CoordChannels.Placement;
import coordconv.layers.merging.Concat;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Concat: of features, and of constants beside them, which wait for a convolution. */
final class JoiningOperators {
    private JoiningOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Concat", JoiningOperators::concat);
        registry.put("Identity", (node, to) -> to.give(node, node.feature(0, "input")));
    }

    private static void concat(OnnxNode node, Assembly to) {
        int first = 0;
        while (!node.isFeature(first)) {
            first++;
        }
        int last = node.inputs().size() - 1;
        while (!node.isFeature(last)) {
            last--;
        }
        Feature x = node.feature(first, "input " + first);
        int axis = Extents.axis(node.label() + ", axis", node.integer("axis", 1), x.rank());
        boolean channels = x.rank() == 4 && (axis == 1 || axis == 3);
        boolean oneSide = first == 0 != (last == node.inputs().size() - 1);
        boolean together = true;
        for (int i = first; i <= last; i++) {
            together &= node.isFeature(i);
        }
        if (channels && oneSide && together && coordinatesFit(node, first, last, x, axis)) {
            beside(node, to, first, last, axis);
            return;
        }
        to.joinConstantsOf(node);
        List<Feature> parts = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            parts.add(node.isFeature(i) ? node.feature(i, "input " + i)
                    : Operands.asFeature(node, to, i, node.feature(first, "input")));
        }
        to.give(node, join(node, to, axis, parts));
    }

    private static Feature join(OnnxNode node, Assembly to, int axis, List<Feature> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int[] varies = parts.getFirst().varies().clone();
        for (Feature part : parts) {
            varies[axis] |= part.rank() > axis ? part.varies()[axis] : 0;
        }
        return to.add(node, new Concat(axis), varies, parts.toArray(Feature[]::new));
    }

    private static boolean coordinatesFit(OnnxNode node, int first, int last, Feature x, int axis) {
        for (int i = 0; i < node.inputs().size(); i++) {
            if (i < first || i > last) {
                Constant constant = node.flexible(i, "input " + i);
                int[] needed = x.shape().toArray();
                needed[axis] = constant.rank() == 4 ? constant.extents()[axis] : 0;
                if (!constant.isFloat() || needed[axis] == 0 || !Arrays.equals(constant.extents(), needed)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Constants on one side of the features; several Concats may add to them in turn. */
    private static void beside(OnnxNode node, Assembly to, int first, int last, int axis) {
        Placement placement = first > 0 ? Placement.BEFORE : Placement.AFTER;
        List<Constant> constants = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            if (i < first || i > last) {
                constants.add(node.flexible(i, "input " + i));
            }
        }
        JoinedConstants earlier = first == last ? node.feature(first, "features").joined() : null;
        Feature base;
        if (earlier != null && earlier.placement() == placement && earlier.axis() == axis) {
            constants.add(placement == Placement.BEFORE ? constants.size() : 0, earlier.values());
            base = earlier.base();
        } else {
            List<Feature> parts = new ArrayList<>();
            for (int i = first; i <= last; i++) {
                parts.add(to.whole(node.feature(i, "input " + i)));
            }
            base = join(node, to, axis, parts);
        }
        to.give(node, to.join(base, SelectionFoldings.concat(node, constants, axis), placement, axis, node));
    }
}

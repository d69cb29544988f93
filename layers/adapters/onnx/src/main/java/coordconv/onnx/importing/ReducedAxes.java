package coordconv.onnx.importing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which axes a reduction takes together: an attribute in old operator sets, an input in newer ones. */
final class ReducedAxes {
    private ReducedAxes() {}

    /** For each axis whether it is taken. */
    static boolean[] of(OnnxNode node, int rank) {
        // ReduceSum changed with operator set 13, the others with 18.
        boolean asInput = node.operatorSet() >= (node.operator().equals("ReduceSum") ? 13 : 18);
        long[] axes = asInput ? node.hasInput(1) ? node.integers(1, "axes") : null : node.list("axes").orElse(null);
        boolean none = axes == null || axes.length == 0 && asInput;
        boolean[] gone = new boolean[rank];
        Arrays.fill(gone, none && (!asInput || node.integer("noop_with_empty_axes", 0) == 0));
        if (asInput) {
            node.integer("noop_with_empty_axes", 0);
        }
        for (long axis : none ? new long[0] : axes) {
            gone[Extents.axis(node.label() + ", axis", axis, rank)] = true;
        }
        return gone;
    }

    static boolean keeps(OnnxNode node) {
        return node.integer("keepdims", 1) != 0;
    }

    /** The extents that are left. */
    static int[] without(boolean[] gone, int... extents) {
        List<Integer> kept = new ArrayList<>();
        for (int axis = 0; axis < extents.length; axis++) {
            if (!gone[axis]) {
                kept.add(extents[axis]);
            }
        }
        return kept.stream().mapToInt(extent -> extent).toArray();
    }
}

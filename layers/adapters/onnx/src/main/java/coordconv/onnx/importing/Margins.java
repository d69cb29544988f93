package coordconv.onnx.importing;

import java.util.Arrays;

/**
 * What the operator Pad adds to each axis, or takes away where it is negative.
 *
 * @param mode "constant", "reflect", "edge" or "wrap"
 * @param before elements in front
 * @param after elements behind
 * @param value of constant ones
 */
record Margins(String mode, int[] before, int[] after, double value) {
    /**
     * Reads the node, whose margins are attributes up to operator set 10 and inputs from then on.
     *
     * @param node a Pad
     * @param rank of its input
     */
    static Margins of(OnnxNode node, int rank) {
        boolean attributes = node.operatorSet() < 11;
        String mode = node.text("mode", "constant");
        if (!mode.equals("constant") && !mode.equals("reflect") && !mode.equals("edge") && !mode.equals("wrap")) {
            throw node.refuse("attribute mode", Refusal.quote(mode), "constant, reflect, edge or wrap");
        }
        long[] pads = attributes ? node.list("pads").orElseThrow(() -> node.refuse("attribute pads", "none", "a list"))
                : node.integers(1, "pads");
        double value = attributes ? node.number("value", 0) : node.hasInput(2) ? node.single(2, "constant_value") : 0;
        long[] axes = !attributes && node.hasInput(3) ? node.integers(3, "axes") : null;
        int count = axes == null ? rank : axes.length;
        if (pads.length != 2 * count) {
            throw node.refuse("pads", Arrays.toString(pads), 2 * count + " numbers");
        }
        int[] both = Extents.ofLongs(node.label() + ", pads", pads);
        int[] before = new int[rank];
        int[] after = new int[rank];
        boolean[] seen = new boolean[rank];
        for (int i = 0; i < count; i++) {
            int axis = axes == null ? i : Extents.axis(node.label() + ", axis", axes[i], rank);
            if (seen[axis]) {
                throw node.refuse("axes", Arrays.toString(axes), "different ones");
            }
            seen[axis] = true;
            before[axis] = both[i];
            after[axis] = both[count + i];
        }
        return new Margins(mode, before, after, value);
    }

    /** The index of the input that an index of the output shows, or -1 for the constant; what is cut off is not repeated. */
    int source(int index, int axis, int extent) {
        int cut = Math.max(-before[axis], 0);
        int left = extent - cut - Math.max(-after[axis], 0);
        int at = index - Math.max(before[axis], 0);
        if (at >= 0 && at < left) {
            return cut + at;
        }
        if (left < 1 && !mode.equals("constant")) {
            throw new Refusal("padded axis", "no elements that are left", "at least one to repeat");
        }
        return switch (mode) {
            case "edge" -> cut + Math.clamp(at, 0, left - 1);
            case "wrap" -> cut + Math.floorMod(at, left);
            case "reflect" -> {
                int period = Math.max(2 * (left - 1), 1);
                int inPeriod = Math.floorMod(at, period);
                yield cut + Math.min(inPeriod, period - inPeriod);
            }
            default -> -1;
        };
    }
}

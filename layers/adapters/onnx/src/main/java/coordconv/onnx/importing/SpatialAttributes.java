package coordconv.onnx.importing;

import java.util.Arrays;

/**
 * Where windows lie, as Conv and the pooling operators say it.
 *
 * @param strides along the height and the width
 * @param dilations along the height and the width
 * @param pads top, left, bottom, right, as ONNX orders them
 */
record SpatialAttributes(int[] strides, int[] dilations, int[] pads) {
    /**
     * Reads a node.
     *
     * @param node of a sliding window
     * @param lines whether its inputs are [N, C, L] rather than images: what it says of one axis holds for the width
     * @param kernel height and width
     * @param height of the images
     * @param width of the images
     */
    static SpatialAttributes of(OnnxNode node, boolean lines, int[] kernel, int height, int width) {
        int[] strides = pair(node, "strides", lines);
        int[] dilations = pair(node, "dilations", lines);
        if (Arrays.stream(strides).anyMatch(s -> s < 1) || Arrays.stream(dilations).anyMatch(d -> d < 1)) {
            throw node.refuse("strides and dilations", Arrays.toString(strides) + " and " + Arrays.toString(dilations),
                    "at least 1");
        }
        String automatic = node.text("auto_pad", "NOTSET");
        int[] pads = lines ? lines(node.list("pads", 0, 0)) : node.list("pads", 0, 0, 0, 0);
        if (!automatic.equals("NOTSET") && Arrays.stream(pads).anyMatch(pad -> pad != 0)) {
            throw node.refuse("attributes auto_pad and pads", "both", "one of them");
        }
        pads = switch (automatic) {
            case "NOTSET" -> pads;
            case "VALID" -> new int[4];
            case "SAME_UPPER", "SAME_LOWER" -> {
                if (strides[0] != 1 || strides[1] != 1) {
                    node.pin(Mark.IMAGE);
                }
                int[] rows = same(height, kernel[0], strides[0], dilations[0], automatic.equals("SAME_UPPER"));
                int[] columns = same(width, kernel[1], strides[1], dilations[1], automatic.equals("SAME_UPPER"));
                yield new int[] {rows[0], columns[0], rows[1], columns[1]};
            }
            default -> throw node.refuse("attribute auto_pad", Refusal.quote(automatic),
                    "NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        };
        return new SpatialAttributes(strides, dilations, pads);
    }

    private static int[] pair(OnnxNode node, String name, boolean lines) {
        return lines ? new int[] {1, node.list(name, 1)[0]} : node.list(name, 1, 1);
    }

    private static int[] lines(int... pads) {
        return new int[] {0, pads[0], 0, pads[1]};
    }

    /** The padding that gives ceil(size / stride) windows, the odd one at the end or at the beginning. */
    private static int[] same(int size, int kernel, int stride, int dilation, boolean upper) {
        long windows = (size + stride - 1L) / stride;
        long all = Math.max((windows - 1) * stride + (kernel - 1L) * dilation + 1 - size, 0);
        return halves(all, upper);
    }

    /** A margin shared between both sides, the odd one at the end or at the beginning. */
    static int[] halves(long all, boolean upper) {
        int less = Extents.toInt("padding", all / 2);
        int more = Extents.toInt("padding", all - all / 2);
        return upper ? new int[] {less, more} : new int[] {more, less};
    }
}

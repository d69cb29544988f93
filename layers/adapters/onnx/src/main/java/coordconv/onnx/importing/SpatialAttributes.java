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
    static SpatialAttributes of(OnnxNode node, int[] kernel, int height, int width) {
        int[] strides = node.list("strides", 1, 1);
        int[] dilations = node.list("dilations", 1, 1);
        if (Arrays.stream(strides).anyMatch(s -> s < 1) || Arrays.stream(dilations).anyMatch(d -> d < 1)) {
            throw node.refuse("strides and dilations", Arrays.toString(strides) + " and " + Arrays.toString(dilations),
                    "at least 1");
        }
        String automatic = node.text("auto_pad", "NOTSET");
        if (!automatic.equals("NOTSET") && node.has("pads")) {
            throw node.refuse("attributes auto_pad and pads", "both", "one of them");
        }
        int[] pads = switch (automatic) {
            case "NOTSET" -> node.list("pads", 0, 0, 0, 0);
            case "VALID" -> new int[4];
            case "SAME_UPPER", "SAME_LOWER" -> {
                int[] rows = same(height, kernel[0], strides[0], dilations[0], automatic.equals("SAME_UPPER"));
                int[] columns = same(width, kernel[1], strides[1], dilations[1], automatic.equals("SAME_UPPER"));
                yield new int[] {rows[0], columns[0], rows[1], columns[1]};
            }
            default -> throw node.refuse("attribute auto_pad", Refusal.quote(automatic),
                    "NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        };
        return new SpatialAttributes(strides, dilations, pads);
    }

    /** The padding that gives ceil(size / stride) windows, the odd one at the end or at the beginning. */
    private static int[] same(int size, int kernel, int stride, int dilation, boolean upper) {
        long windows = (size + stride - 1L) / stride;
        long all = Math.max((windows - 1) * stride + (kernel - 1L) * dilation + 1 - size, 0);
        int less = Extents.toInt("padding", all / 2);
        int more = Extents.toInt("padding", all - all / 2);
        return upper ? new int[] {less, more} : new int[] {more, less};
    }
}

package coordconv.onnx.importing;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * What the operator Slice takes along each axis.
 *
 * @param start first index
 * @param step from one index to the next, negative for backwards
 * @param count number of indices
 */
record Cut(int[] start, int[] step, int[] count) {
    /**
     * What the node says, in attributes up to operator set 9 and in inputs from then on.
     *
     * @param axes which are cut
     * @param starts first index along each, from the end if negative
     * @param ends behind the last index along each
     * @param steps along each
     */
    record Words(long[] axes, long[] starts, long[] ends, long[] steps) {
        static Words of(OnnxNode node, int rank) {
            boolean attributes = node.operatorSet() < 10;
            long[] starts = attributes ? required(node, "starts") : node.integers(1, "starts");
            long[] ends = attributes ? required(node, "ends") : node.integers(2, "ends");
            long[] axes = attributes ? node.list("axes").orElse(null) : node.hasInput(3) ? node.integers(3, "axes") : null;
            long[] steps = !attributes && node.hasInput(4) ? node.integers(4, "steps") : null;
            if (axes == null) {
                axes = LongStream.range(0, starts.length).toArray();
            }
            if (steps == null) {
                steps = new long[starts.length];
                Arrays.fill(steps, 1);
            }
            if (ends.length != starts.length || axes.length != starts.length || steps.length != starts.length) {
                throw node.refuse("starts, ends, axes and steps", "different numbers of them", "equal ones");
            }
            boolean[] seen = new boolean[rank];
            for (int i = 0; i < axes.length; i++) {
                int axis = Extents.axis(node.label() + ", axis", axes[i], rank);
                if (seen[axis] || steps[i] == 0) {
                    throw node.refuse("axes and steps", "axis " + axis + (seen[axis] ? " twice" : " with step 0"),
                            "different axes and steps other than 0");
                }
                seen[axis] = true;
                axes[i] = axis;
            }
            return new Words(axes, starts, ends, steps);
        }

        private static long[] required(OnnxNode node, String attribute) {
            return node.list(attribute).orElseThrow(() -> node.refuse("attribute " + attribute, "none", "a list"));
        }
    }

    /**
     * Reads a node.
     *
     * @param node a Slice
     * @param extents of its input
     */
    static Cut of(OnnxNode node, int... extents) {
        Words words = Words.of(node, extents.length);
        int rank = extents.length;
        Cut cut = new Cut(new int[rank], new int[rank], extents.clone());
        Arrays.fill(cut.step, 1);
        for (int i = 0; i < words.axes.length; i++) {
            int axis = (int) words.axes[i];
            long step = words.steps[i];
            int extent = extents[axis];
            // Forwards from 0 to the extent, backwards from the extent - 1 to just before 0.
            long start = Math.clamp(fromEnd(words.starts[i], extent), 0, Math.max(step > 0 ? extent : extent - 1, 0));
            long end = Math.clamp(fromEnd(words.ends[i], extent), step > 0 ? 0 : -1, extent);
            long span = step > 0 ? end - start : start - end;
            long stride = Math.min(step == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(step), Integer.MAX_VALUE);
            cut.start[axis] = (int) start;
            cut.step[axis] = (int) (step > 0 ? stride : -stride);
            cut.count[axis] = (int) Math.max(Math.ceilDiv(span, stride), 0);
        }
        return cut;
    }

    private static long fromEnd(long index, int extent) {
        return index < 0 ? index + extent : index;
    }
}

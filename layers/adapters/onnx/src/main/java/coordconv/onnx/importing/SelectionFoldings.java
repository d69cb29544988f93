package coordconv.onnx.importing;

import static coordconv.onnx.importing.ConstantOperators.reserved;

import coordconv.onnx.importing.ConstantOperators.Folding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Parts of constants taken out, put in another order and joined. */
final class SelectionFoldings {
    private SelectionFoldings() {}

    static void register(Map<String, Folding> registry) {
        registry.put("Gather", SelectionFoldings::gather);
        registry.put("Slice", SelectionFoldings::slice);
        registry.put("Transpose", SelectionFoldings::transpose);
        registry.put("Concat", SelectionFoldings::concat);
    }

    private static Constant gather(OnnxNode node) {
        Constant input = node.constant(0, "input");
        Constant indices = node.constant(1, "indices");
        if (indices.isFloat()) {
            throw node.refuse("indices", indices, "integers");
        }
        int axis = Extents.axis(node.label() + ", axis", node.integer("axis", 0), input.rank());
        int[] extents = input.extents();
        int inner = Extents.size("extents", Arrays.copyOfRange(extents, axis + 1, extents.length));
        int[] shape = new int[extents.length - 1 + indices.rank()];
        System.arraycopy(extents, 0, shape, 0, axis);
        System.arraycopy(indices.extents(), 0, shape, axis, indices.rank());
        System.arraycopy(extents, axis + 1, shape, axis + indices.rank(), extents.length - axis - 1);
        int[] taken = new int[indices.size()];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = Extents.axis(node.label() + ", index", indices.integers()[i], extents[axis]);
        }
        return input.pick(reserved(node, shape), i -> {
            int outer = i / inner / taken.length;
            return (outer * extents[axis] + taken[i / inner % taken.length]) * inner + i % inner;
        });
    }

    private static Constant slice(OnnxNode node) {
        if (node.operatorSet() < 10) {
            throw node.refuse("operator set", node.operatorSet(), "10 or later for this operator");
        }
        Constant input = node.constant(0, "input");
        long[] starts = node.integers(1, "starts");
        long[] ends = node.integers(2, "ends");
        long[] axes = node.hasInput(3) ? node.integers(3, "axes") : null;
        long[] steps = node.hasInput(4) ? node.integers(4, "steps") : null;
        if (ends.length != starts.length || axes != null && axes.length != starts.length
                || steps != null && steps.length != starts.length) {
            throw node.refuse("starts, ends, axes and steps", "different numbers of them", "equal ones");
        }
        int[] shape = input.extents().clone();
        int[] strides = Extents.rowMajorStrides(shape);
        int offset = 0;
        for (int i = 0; i < starts.length; i++) {
            int axis = Extents.axis(node.label() + ", axis", axes == null ? i : axes[i], shape.length);
            long step = steps == null ? 1 : steps[i];
            if (step < 1 || step > Integer.MAX_VALUE) {
                throw node.refuse("step", step, "1 or more");
            }
            int extent = shape[axis];
            long start = Math.clamp(starts[i] < 0 ? starts[i] + extent : starts[i], 0, extent);
            long end = Math.clamp(ends[i] < 0 ? ends[i] + extent : ends[i], start, extent);
            shape[axis] = (int) ((end - start + step - 1) / step);
            offset += (int) start * strides[axis];
            strides[axis] *= (int) step;
        }
        return input.pick(reserved(node, shape), Extents.strided(shape, strides, offset));
    }

    private static Constant transpose(OnnxNode node) {
        Constant input = node.constant(0, "input");
        int rank = input.rank();
        long[] order = node.list("perm").orElseGet(() -> {
            long[] reversed = new long[rank];
            Arrays.setAll(reversed, i -> rank - 1 - i);
            return reversed;
        });
        if (order.length != rank || Arrays.stream(order).distinct().count() != rank) {
            throw node.refuse("attribute perm", Arrays.toString(order), "each of " + rank + " axes once");
        }
        int[] from = Extents.rowMajorStrides(input.extents());
        int[] shape = new int[rank];
        int[] strides = new int[rank];
        for (int i = 0; i < rank; i++) {
            int axis = Extents.axis(node.label() + ", axis", order[i], rank);
            shape[i] = input.extents()[axis];
            strides[i] = from[axis];
        }
        return input.pick(reserved(node, shape), Extents.strided(shape, strides, 0));
    }

    private static Constant concat(OnnxNode node) {
        List<Constant> parts = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            parts.add(node.constant(i, "input " + i));
        }
        return concat(node, parts, node.integer("axis", 1));
    }

    static Constant concat(OnnxNode node, List<Constant> parts, long along) {
        if (parts.isEmpty()) {
            throw node.refuse("inputs", "none", "at least one");
        }
        Constant first = parts.getFirst();
        int axis = Extents.axis(node.label() + ", axis", along, first.rank());
        int[] shape = first.extents().clone();
        long joint = 0;
        for (Constant part : parts) {
            int[] expected = first.extents().clone();
            expected[axis] = part.rank() > axis ? part.extents()[axis] : 0;
            if (part.isFloat() != first.isFloat() || !Arrays.equals(expected, part.extents())) {
                throw node.refuse("inputs", first + " and " + part, "tensors of one type that differ along axis " + axis);
            }
            joint += part.extents()[axis];
        }
        shape[axis] = Extents.toInt(node.label() + ", output", joint);
        reserved(node, shape);
        int outer = Extents.size("extents", Arrays.copyOf(shape, axis));
        int size = Extents.size("output", shape);
        float[] floats = first.isFloat() ? new float[size] : null;
        long[] integers = first.isFloat() ? null : new long[size];
        int at = 0;
        for (int block = 0; block < outer; block++) {
            for (Constant part : parts) {
                int length = part.size() / outer;
                System.arraycopy(first.isFloat() ? part.floats() : part.integers(), block * length,
                        first.isFloat() ? floats : integers, at, length);
                at += length;
            }
        }
        return new Constant(shape, floats, integers);
    }
}

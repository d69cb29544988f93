package coordconv.onnx.importing;

import static coordconv.onnx.importing.ConstantOperators.reserved;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import coordconv.onnx.importing.ConstantOperators.Folding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Parts of constants taken out, put in another order and joined. */
final class SelectionFoldings {
    private SelectionFoldings() {}

    static void register(Map<String, Folding> registry) {
        registry.put("Gather", SelectionFoldings::gather);
        registry.put("Slice", SelectionFoldings::slice);
        registry.put("Transpose", SelectionFoldings::transpose);
        registry.put("Concat", SelectionFoldings::concat);
        registry.put("Pad", SelectionFoldings::pad);
        registry.put("NonZero", SelectionFoldings::nonZero);
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
        Constant input = node.constant(0, "input");
        Cut cut = Cut.of(node, input.extents());
        int[] strides = Extents.rowMajorStrides(input.extents());
        int offset = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            offset += cut.start()[axis] * strides[axis];
            strides[axis] *= cut.step()[axis];
        }
        return input.pick(reserved(node, cut.count()), Extents.strided(cut.count(), strides, offset));
    }

    static List<Constant> split(OnnxNode node) {
        Constant input = node.constant(0, "input");
        int axis = Extents.axis(node.label() + ", axis", node.integer("axis", 0), input.rank());
        List<Constant> parts = new ArrayList<>();
        int from = 0;
        int inner = Extents.size("extents", Arrays.copyOfRange(input.extents(), axis + 1, input.rank()));
        for (int size : partSizes(node, input.extents()[axis])) {
            int[] shape = input.extents().clone();
            shape[axis] = size;
            int first = from;
            int rows = size * inner;
            parts.add(input.pick(reserved(node, shape), i -> (i / rows * input.extents()[axis] + first) * inner + i % rows));
            from += size;
        }
        return parts;
    }

    /** The extents of the parts of a Split along its axis. */
    static int[] partSizes(OnnxNode node, int extent) {
        long[] given = node.operatorSet() < 13 ? node.list("split").orElse(null)
                : node.hasInput(1) ? node.integers(1, "split") : null;
        int parts = node.outputs().size();
        int[] sizes = new int[parts];
        if (given == null) {
            long wanted = node.integer("num_outputs", parts);
            int size = Math.ceilDiv(extent, parts);
            // Before operator set 18 all parts are equal, from then on the last may be smaller.
            if (wanted != parts || node.operatorSet() < 18 && extent % parts != 0 || (long) size * (parts - 1) > extent) {
                throw node.refuse("parts", parts + " of " + extent, "equal ones");
            }
            Arrays.fill(sizes, size);
            sizes[parts - 1] = extent - size * (parts - 1);
            return sizes;
        }
        if (given.length != parts || Arrays.stream(given).anyMatch(size -> size < 0 || size > extent)
                || Arrays.stream(given).sum() != extent) {
            throw node.refuse("split", Arrays.toString(given), parts + " parts of together " + extent);
        }
        return Extents.ofLongs(node.label() + ", split", given);
    }

    private static Constant transpose(OnnxNode node) {
        Constant input = node.constant(0, "input");
        return transposed(node, input, order(node, input.rank()));
    }

    static Constant transposed(OnnxNode node, Constant input, int... order) {
        int[] from = Extents.rowMajorStrides(input.extents());
        int[] shape = new int[order.length];
        int[] strides = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            shape[i] = input.extents()[order[i]];
            strides[i] = from[order[i]];
        }
        return input.pick(reserved(node, shape), Extents.strided(shape, strides, 0));
    }

    private static Constant pad(OnnxNode node) {
        Constant input = node.constant(0, "input");
        Margins margins = Margins.of(node, input.rank());
        int[] extents = input.extents();
        int[] shape = new int[extents.length];
        Arrays.setAll(shape, axis -> Extents.toInt(node.label() + ", output",
                (long) extents[axis] + margins.before()[axis] + margins.after()[axis]));
        reserved(node, shape);
        int[] strides = Extents.rowMajorStrides(extents);
        Constant padded = Constant.zeros(input.type(), shape);
        for (int i = 0; i < padded.size(); i++) {
            int at = 0;
            int rest = i;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                int from = margins.source(rest % shape[axis], axis, extents[axis]);
                at = from < 0 || at < 0 ? -1 : at + from * strides[axis];
                rest /= shape[axis];
            }
            if (at >= 0) {
                padded.copy(i, input, at);
            } else if (padded.isFloat()) {
                padded.set(i, margins.value());
            } else {
                padded.set(i, (long) margins.value());
            }
        }
        return padded;
    }

    private static Constant nonZero(OnnxNode node) {
        Constant input = node.constant(0, "input");
        int[] found = IntStream.range(0, input.size()).filter(i -> input.number(i) != 0).toArray();
        int[] extents = input.extents();
        // A single number counts as a list of one.
        int rank = Math.max(extents.length, 1);
        Constant indices = Constant.zeros(DataType.INT64, reserved(node, rank, found.length));
        int[] strides = Extents.rowMajorStrides(extents);
        for (int axis = 0; axis < extents.length; axis++) {
            for (int i = 0; i < found.length; i++) {
                indices.set(axis * found.length + i, (long) (found[i] / strides[axis] % extents[axis]));
            }
        }
        return indices;
    }

    /** The order of axes of a Transpose. */
    static int[] order(OnnxNode node, int rank) {
        long[] given = node.list("perm").orElseGet(() -> {
            long[] reversed = new long[rank];
            Arrays.setAll(reversed, i -> rank - 1 - i);
            return reversed;
        });
        int[] order = new int[given.length];
        for (int i = 0; i < order.length && order.length == rank; i++) {
            order[i] = Extents.axis(node.label() + ", axis", given[i], rank);
        }
        if (order.length != rank || Arrays.stream(order).distinct().count() != rank) {
            throw node.refuse("attribute perm", Arrays.toString(given), "each of " + rank + " axes once");
        }
        return order;
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
            if (part.type() != first.type() || !Arrays.equals(expected, part.extents())) {
                throw node.refuse("inputs", first + " and " + part, "tensors of one type that differ along axis " + axis);
            }
            joint += part.extents()[axis];
        }
        shape[axis] = Extents.toInt(node.label() + ", output", joint);
        reserved(node, shape);
        int outer = Extents.size("extents", Arrays.copyOf(shape, axis));
        Constant joined = Constant.zeros(first.type(), shape);
        boolean marked = parts.stream().anyMatch(part -> part.marks() != null);
        Mark[] marks = marked ? new Mark[joined.size()] : null;
        int at = 0;
        for (int block = 0; block < outer; block++) {
            for (Constant part : parts) {
                int length = part.size() / outer;
                for (int i = block * length; i < (block + 1) * length; i++, at++) {
                    joined.copy(at, part, i);
                    if (marked) {
                        marks[at] = part.mark(i);
                    }
                }
            }
        }
        return joined.with(marks);
    }
}

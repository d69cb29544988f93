package coordconv.onnx.importing;

import static coordconv.onnx.importing.ConstantOperators.reserved;

import coordconv.onnx.importing.ConstantOperators.Folding;
import java.util.Arrays;
import java.util.Map;

/** Constants made, repeated and put under another shape. */
final class ShapeFoldings {
    private ShapeFoldings() {}

    static void register(Map<String, Folding> registry) {
        registry.put("Constant", ShapeFoldings::constant);
        registry.put("ConstantOfShape", ShapeFoldings::constantOfShape);
        registry.put("Identity", node -> node.constant(0, "input"));
        registry.put("Shape", node -> {
            Constant input = node.constant(0, "input");
            return shape(node, input.extents(), new Mark[input.rank()]);
        });
        registry.put("Size", node -> Constant.of(new long[] {node.constant(0, "input").size()}));
        registry.put("Reshape", ShapeFoldings::reshape);
        registry.put("Flatten", node -> {
            Constant input = node.constant(0, "input");
            return input.view(flattened(node, input.extents()));
        });
        registry.put("Unsqueeze", node -> {
            Constant input = node.constant(0, "input");
            return input.view(unsqueezed(node, input.extents()));
        });
        registry.put("Squeeze", node -> {
            Constant input = node.constant(0, "input");
            return input.view(squeezed(node, input.extents()));
        });
        registry.put("Expand", ShapeFoldings::expand);
        registry.put("Tile", ShapeFoldings::tile);
        registry.put("Range", ShapeFoldings::range);
    }

    private static Constant constant(OnnxNode node) {
        if (node.has("value")) {
            return node.tensor("value").orElseThrow();
        }
        if (node.has("value_floats")) {
            float[] floats = node.numbers("value_floats").orElseThrow();
            return Constant.of(floats, floats.length);
        }
        if (node.has("value_float")) {
            return Constant.of(new float[] {node.number("value_float", 0)});
        }
        if (node.has("value_ints")) {
            return Constant.list(node.list("value_ints").orElseThrow());
        }
        if (node.has("value_int")) {
            return Constant.of(new long[] {node.integer("value_int", 0)});
        }
        throw node.refuse("attributes", "no value of floats or integers", "one");
    }

    private static Constant constantOfShape(OnnxNode node) {
        int[] shape = Extents.ofLongs(node.label() + ", shape", node.integers(0, "shape"));
        Constant value = node.tensor("value").orElse(Constant.of(new float[1], 1));
        if (value.size() != 1) {
            throw node.refuse("attribute value", value, "one element");
        }
        // Whole networks of weights are written like this.
        node.budget().take(node.label(), (long) Extents.size(node.label() + ", shape", shape)
                * (value.floats() != null ? Float.BYTES : Long.BYTES));
        return value.pick(shape, i -> 0);
    }

    /** The operator Shape, on whatever has these extents. */
    static Constant shape(OnnxNode node, int[] extents, Mark... marks) {
        int rank = extents.length;
        long start = Math.clamp(fromEnd(node.integer("start", 0), rank), 0, rank);
        long end = Math.clamp(fromEnd(node.integer("end", rank), rank), start, rank);
        return Constant.list(Arrays.stream(extents, (int) start, (int) end).mapToLong(e -> e).toArray())
                .with(Arrays.copyOfRange(marks, (int) start, (int) end));
    }

    /** The operator Shape, on a value that is computed. */
    static Constant shape(OnnxNode node, Feature of) {
        Mark[] marks = new Mark[of.rank()];
        Arrays.setAll(marks, axis -> of.varies()[axis] == 0 ? null : new Mark(of.varies()[axis], of, axis, 1));
        return shape(node, of.shape().toArray(), marks);
    }

    private static long fromEnd(long index, int size) {
        return index < 0 ? index + size : index;
    }

    private static Constant reshape(OnnxNode node) {
        Constant input = node.constant(0, "input");
        long[] wanted = node.operatorSet() < 5 ? node.list("shape").orElseThrow() : node.integers(1, "shape");
        return input.view(Extents.reshaped(node.label() + ", shape", input.extents(), wanted,
                node.integer("allowzero", 0) == 1));
    }

    /** First axis of the columns of the operator Flatten, the rank if there are none. */
    static int flattenAxis(OnnxNode node, int rank) {
        long axis = node.integer("axis", 1);
        return axis == rank ? rank : Extents.axis(node.label() + ", axis", axis, rank);
    }

    /** Rows and columns of the operator Flatten. */
    static int[] flattened(OnnxNode node, int... extents) {
        int axis = flattenAxis(node, extents.length);
        return new int[] {Extents.size("rows", Arrays.copyOf(extents, axis)),
            Extents.size("columns", Arrays.copyOfRange(extents, axis, extents.length))};
    }

    /** The axes of Squeeze and Unsqueeze: an attribute up to operator set 12, an input from then on. */
    private static long[] axes(OnnxNode node) {
        return node.operatorSet() >= 13 ? node.hasInput(1) ? node.integers(1, "axes") : null
                : node.list("axes").orElse(null);
    }

    /** For each axis of the output of an Unsqueeze whether it is a new one. */
    static boolean[] unsqueezedAxes(OnnxNode node, int inputRank) {
        long[] axes = axes(node);
        if (axes == null) {
            throw node.refuse("axes", "none", "at least one");
        }
        int rank = Extents.toInt("rank", Math.addExact(inputRank, axes.length));
        boolean[] fresh = new boolean[rank];
        for (long axis : axes) {
            int at = Extents.axis(node.label() + ", axis", axis, rank);
            if (fresh[at]) {
                throw node.refuse("axes", Arrays.toString(axes), "different ones");
            }
            fresh[at] = true;
        }
        return fresh;
    }

    static int[] unsqueezed(OnnxNode node, int... extents) {
        boolean[] fresh = unsqueezedAxes(node, extents.length);
        int[] shape = new int[fresh.length];
        for (int i = 0, from = 0; i < shape.length; i++) {
            shape[i] = fresh[i] ? 1 : extents[from++];
        }
        return shape;
    }

    /** For each axis of the input of a Squeeze whether it goes. */
    static boolean[] squeezedAxes(OnnxNode node, int... extents) {
        long[] axes = axes(node);
        boolean[] gone = new boolean[extents.length];
        for (int i = 0; axes == null && i < gone.length; i++) {
            gone[i] = extents[i] == 1;
        }
        for (long axis : axes == null ? new long[0] : axes) {
            int at = Extents.axis(node.label() + ", axis", axis, extents.length);
            if (extents[at] != 1) {
                throw node.refuse("axes", Arrays.toString(axes), "axes of extent 1 of " + Arrays.toString(extents));
            }
            gone[at] = true;
        }
        return gone;
    }

    static int[] squeezed(OnnxNode node, int... extents) {
        return ReducedAxes.without(squeezedAxes(node, extents), extents);
    }

    private static Constant expand(OnnxNode node) {
        Constant input = node.constant(0, "input");
        String shape = node.label() + ", shape";
        int[] joint = reserved(node,
                Extents.broadcast(shape, input.extents(), Extents.ofLongs(shape, node.integers(1, "shape"))));
        return input.pick(joint, Extents.source(input.extents(), joint));
    }

    private static Constant tile(OnnxNode node) {
        Constant input = node.constant(0, "input");
        long[] repeats = node.integers(1, "repeats");
        if (repeats.length != input.rank()) {
            throw node.refuse("repeats", Arrays.toString(repeats), input.rank() + " numbers");
        }
        int[] shape = new int[repeats.length];
        for (int i = 0; i < shape.length; i++) {
            String what = node.label() + ", repeats";
            shape[i] = Extents.toInt(what, (long) Extents.toInt(what, repeats[i]) * input.extents()[i]);
        }
        reserved(node, shape);
        int[] extents = input.extents();
        int[] strides = Extents.rowMajorStrides(extents);
        return input.pick(shape, index -> {
            int at = 0;
            int rest = index;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                at += rest % shape[axis] % extents[axis] * strides[axis];
                rest /= shape[axis];
            }
            return at;
        });
    }

    private static Constant range(OnnxNode node) {
        node.integer("stash_type", 1);
        Constant start = scalar(node, 0, "start");
        Constant limit = scalar(node, 1, "limit");
        Constant delta = scalar(node, 2, "delta");
        double steps = Math.ceil((limit.number(0) - start.number(0)) / delta.number(0));
        if (!(steps < Integer.MAX_VALUE)) {
            throw node.refuse("steps", steps, "less than 2^31");
        }
        int count = reserved(node, (int) Math.max(steps, 0))[0];
        Constant range = Constant.zeros(start.type(), count);
        for (int i = 0; i < count; i++) {
            if (range.isFloat()) {
                range.set(i, start.number(0) + i * delta.number(0));
            } else {
                range.set(i, start.integers()[0] + i * delta.integers()[0]);
            }
        }
        return range;
    }

    private static Constant scalar(OnnxNode node, int input, String role) {
        Constant constant = node.constant(input, role);
        if (constant.size() != 1 || constant.type() != node.constant(0, role).type()) {
            throw node.refuse(role, constant, "one number, of the type of the others");
        }
        return constant;
    }
}

package coordconv.onnx.importing;

import static coordconv.onnx.importing.ConstantOperators.reserved;

import coordconv.onnx.importing.ConstantOperators.Folding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Constants made, repeated and put under another shape. */
final class ShapeFoldings {
    private ShapeFoldings() {}

    static void register(Map<String, Folding> registry) {
        registry.put("Constant", ShapeFoldings::constant);
        registry.put("ConstantOfShape", ShapeFoldings::constantOfShape);
        registry.put("Identity", node -> node.constant(0, "input"));
        registry.put("Shape", node -> shape(node, node.constant(0, "input").extents()));
        registry.put("Reshape", ShapeFoldings::reshape);
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
        int[] shape = reserved(node, Extents.ofLongs(node.label() + ", shape", node.integers(0, "shape")));
        Constant value = node.tensor("value").orElse(Constant.of(new float[1], 1));
        if (value.size() != 1) {
            throw node.refuse("attribute value", value, "one element");
        }
        return value.pick(shape, i -> 0);
    }

    /** The operator Shape, on whatever has these extents. */
    static Constant shape(OnnxNode node, int... extents) {
        int rank = extents.length;
        long start = Math.clamp(fromEnd(node.integer("start", 0), rank), 0, rank);
        long end = Math.clamp(fromEnd(node.integer("end", rank), rank), start, rank);
        return Constant.list(Arrays.stream(extents, (int) start, (int) end).mapToLong(e -> e).toArray());
    }

    private static long fromEnd(long index, int size) {
        return index < 0 ? index + size : index;
    }

    private static Constant reshape(OnnxNode node) {
        Constant input = node.constant(0, "input");
        return input.view(Extents.reshaped(node.label() + ", shape", input.extents(), node.integers(1, "shape"),
                node.integer("allowzero", 0) == 1));
    }

    /** The axes of Squeeze and Unsqueeze: an attribute up to operator set 12, an input from then on. */
    private static long[] axes(OnnxNode node) {
        return node.operatorSet() >= 13 ? node.hasInput(1) ? node.integers(1, "axes") : null
                : node.list("axes").orElse(null);
    }

    static int[] unsqueezed(OnnxNode node, int... extents) {
        long[] axes = axes(node);
        if (axes == null) {
            throw node.refuse("axes", "none", "at least one");
        }
        int rank = Extents.toInt("rank", Math.addExact(extents.length, axes.length));
        boolean[] fresh = new boolean[rank];
        for (long axis : axes) {
            int at = Extents.axis(node.label() + ", axis", axis, rank);
            if (fresh[at]) {
                throw node.refuse("axes", Arrays.toString(axes), "different ones");
            }
            fresh[at] = true;
        }
        int[] shape = new int[rank];
        for (int i = 0, from = 0; i < rank; i++) {
            shape[i] = fresh[i] ? 1 : extents[from++];
        }
        return shape;
    }

    static int[] squeezed(OnnxNode node, int... extents) {
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
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < gone.length; i++) {
            if (!gone[i]) {
                kept.add(extents[i]);
            }
        }
        return kept.stream().mapToInt(e -> e).toArray();
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
        Constant start = scalar(node, 0, "start");
        Constant limit = scalar(node, 1, "limit");
        Constant delta = scalar(node, 2, "delta");
        double steps = Math.ceil((limit.number(0) - start.number(0)) / delta.number(0));
        if (!(steps < Integer.MAX_VALUE)) {
            throw node.refuse("steps", steps, "less than 2^31");
        }
        int count = reserved(node, (int) Math.max(steps, 0))[0];
        if (start.isFloat()) {
            float[] floats = new float[count];
            for (int i = 0; i < count; i++) {
                floats[i] = start.floats()[0] + i * delta.floats()[0];
            }
            return Constant.of(floats, count);
        }
        long[] integers = new long[count];
        Arrays.setAll(integers, i -> start.integers()[0] + i * delta.integers()[0]);
        return Constant.list(integers);
    }

    private static Constant scalar(OnnxNode node, int input, String role) {
        Constant constant = node.constant(input, role);
        if (constant.size() != 1 || constant.isFloat() != node.constant(0, role).isFloat()) {
            throw node.refuse(role, constant, "one number, of the type of the others");
        }
        return constant;
    }
}

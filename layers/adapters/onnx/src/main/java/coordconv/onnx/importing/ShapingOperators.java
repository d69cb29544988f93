package coordconv.onnx.importing;

import coordconv.layers.activations.Softmax;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.normalisation.GroupNorm;
import coordconv.layers.shaping.DepthToSpace;
import coordconv.layers.shaping.Pad;
import coordconv.layers.shaping.Pick;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.Slice;
import coordconv.layers.shaping.SpaceToDepth;
import coordconv.layers.shaping.Squeeze;
import coordconv.layers.shaping.Tile;
import coordconv.layers.shaping.TileOverImage;
import coordconv.layers.shaping.Transpose;
import coordconv.layers.shaping.Unsqueeze;
import coordconv.onnx.importing.Assembly.Step;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that only rearrange, repeat or leave out. */
final class ShapingOperators {
    private static final int[] TO_CHANNELS_FIRST = {0, 3, 1, 2};

    private ShapingOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Flatten", ShapingOperators::flatten);
        registry.put("Reshape", ShapingOperators::reshape);
        registry.put("Squeeze", ShapingOperators::squeeze);
        registry.put("Unsqueeze", ShapingOperators::unsqueeze);
        registry.put("Expand", ShapingOperators::expand);
        registry.put("Tile", ShapingOperators::tile);
        registry.put("Transpose", ShapingOperators::transpose);
        registry.put("Slice", ShapingOperators::slice);
        registry.put("Split", ShapingOperators::split);
        registry.put("Gather", ShapingOperators::gather);
        registry.put("Pad", ShapingOperators::pad);
        registry.put("DepthToSpace", (node, to) -> {
            String mode = node.text("mode", "DCR");
            if (!mode.equals("DCR") && !mode.equals("CRD")) {
                throw node.refuse("attribute mode", Refusal.quote(mode), "DCR or CRD");
            }
            to.give(node, to.add(node, new DepthToSpace(block(node), mode.equals("DCR")), node.feature(0, "input")));
        });
        registry.put("SpaceToDepth", (node, to) -> {
            if (!node.text("mode", "DCR").equals("DCR")) {
                throw node.refuse("attribute mode", Refusal.quote(node.text("mode", "")), "DCR");
            }
            to.give(node, to.add(node, new SpaceToDepth(block(node)), node.feature(0, "input")));
        });
    }

    private static int block(OnnxNode node) {
        return Extents.toInt(node.label() + ", attribute blocksize", node.integer("blocksize", 0));
    }

    private static void flatten(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        int axis = ShapeFoldings.flattenAxis(node, x.rank());
        int[] target = ShapeFoldings.flattened(node, x.shape().toArray());
        int rows = 0;
        int columns = 0;
        for (int i = 0; i < x.rank(); i++) {
            if (i < axis) {
                rows |= x.varies()[i];
            } else {
                columns |= x.varies()[i];
            }
        }
        int[] rules = {axis == 1 ? Views.copied(0) : rows == 0 ? target[0] : Views.INFERRED, Views.INFERRED};
        if (rules[0] == Views.INFERRED) {
            node.pin(columns);
            rules[1] = target[1];
        }
        to.give(node, Views.add(node, to, x, rules));
    }

    private static void reshape(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        Constant wanted = node.flexible(1, "shape");
        if (wanted.isFloat() || wanted.rank() > 1) {
            throw node.refuse("shape", wanted, "a list of integers");
        }
        boolean zeroIsZero = node.integer("allowzero", 0) == 1;
        int[] target = Extents.reshaped(node.label() + ", shape", x.shape().toArray(), wanted.integers(), zeroIsZero);
        Optional<Feature> known = softmaxInRow(node, to, x, wanted, target).or(() -> groupsInRow(node, to, x, wanted, target));
        if (known.isPresent()) {
            to.give(node, known.get());
            return;
        }
        int[] rules = new int[target.length];
        boolean inferred = Arrays.stream(wanted.integers()).anyMatch(extent -> extent == -1);
        for (int i = 0; i < rules.length; i++) {
            long extent = wanted.integers()[i];
            Mark mark = wanted.mark(i);
            if (extent == -1) {
                rules[i] = Views.INFERRED;
            } else if (extent == 0 && !zeroIsZero) {
                rules[i] = Views.copied(i);
            } else if (mark == null) {
                // A model of one fixed batch writes it out; its layers take any.
                boolean batch = i == 0 && x.hasBatch() && target[0] == x.extent(0) && !to.isBatchOpen();
                rules[i] = batch ? Views.copied(0) : target[i];
            } else if (i < x.rank() && mark.isExtent() && x.extent(i) == target[i] && isExtent(to, mark, x, i)) {
                rules[i] = Views.copied(i);
            } else if (!inferred) {
                // All others are known: this one is what is left.
                inferred = true;
                rules[i] = Views.INFERRED;
            } else {
                node.pin(mark.varies());
                rules[i] = target[i];
            }
        }
        to.give(node, Views.add(node, to, x, rules));
    }

    /** Whether a number is the extent of an axis: of that very value, or the number of samples. */
    static boolean isExtent(Assembly to, Mark mark, Feature x, int axis) {
        return mark.isExtent() && (to.current(mark.of()) == x && mark.axis() == axis
                || mark.varies() == Mark.BATCH && mark.axis() == 0 && axis == 0 && x.hasBatch());
    }

    /** Whether every number of a list that depends on sizes is the extent of that axis of a value. */
    private static boolean isShapeOf(Assembly to, Constant list, Feature value) {
        return IntStream.range(0, list.size()).allMatch(axis -> list.mark(axis) == null || isExtent(to, list.mark(axis), value, axis));
    }

    /** Whether pixels were laid in a row for a softmax and are now laid back. */
    private static Optional<Feature> softmaxInRow(OnnxNode node, Assembly to, Feature x, Constant wanted, int... target) {
        Step softmax = to.maker(x).orElse(null);
        if (softmax == null || !(softmax.layer() instanceof Softmax layer) || layer.isLogarithm() || !to.isLastReader(x)
                || target.length != 4 || (layer.axis() + x.rank()) % x.rank() != x.rank() - 1) {
            return Optional.empty();
        }
        Feature row = softmax.inputs().getFirst();
        Step view = to.maker(row).orElse(null);
        if (view == null || !(view.layer() instanceof Reshape) || !to.isReadOnceBy(row, softmax)
                || !Arrays.equals(view.inputs().getFirst().shape().toArray(), target)
                || x.extent(1) != target[1] || x.extent(x.rank() - 1) != target[2] * target[3]
                || !isShapeOf(to, wanted, view.inputs().getFirst())) {
            return Optional.empty();
        }
        to.undo(x);
        return Optional.of(to.add(node, new SpatialSoftmax(), to.undo(row)));
    }

    /**
     * Whether the elements of each group of channels were laid in a row for an instance normalisation and are now laid back:
     * how exporters spell group normalisation.
     */
    private static Optional<Feature> groupsInRow(OnnxNode node, Assembly to, Feature x, Constant wanted, int... target) {
        Step normalisation = to.maker(x).orElse(null);
        if (normalisation == null || !(normalisation.layer() instanceof GroupNorm instances) || x.rank() != 3 || !to.isLastReader(x)
                || instances.groups() != instances.channels()) {
            return Optional.empty();
        }
        Feature row = normalisation.inputs().getFirst();
        Step view = to.maker(row).orElse(null);
        if (view == null || !(view.layer() instanceof Reshape) || !to.isReadOnceBy(row, normalisation)) {
            return Optional.empty();
        }
        Feature images = view.inputs().getFirst();
        boolean same = Arrays.equals(images.shape().toArray(), target) && images.rank() > 2
                && images.extent(0) == x.extent(0) && images.extent(1) % instances.groups() == 0;
        if (!same || !isShapeOf(to, wanted, images)) {
            return Optional.empty();
        }
        int channels = images.extent(1);
        GroupNorm groups = new GroupNorm(instances.groups(), channels, instances.epsilon());
        for (int c = 0; c < channels; c++) {
            int group = c / (channels / instances.groups());
            groups.weight().values()[c] = instances.weight().values()[group];
            groups.bias().values()[c] = instances.bias().values()[group];
        }
        groups.weight().changed();
        groups.bias().changed();
        to.undo(x);
        return Optional.of(to.add(node, groups, to.undo(row)));
    }

    private static void squeeze(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        int[] left = ShapeFoldings.squeezed(node, x.shape().toArray());
        boolean[] gone = ShapeFoldings.squeezedAxes(node, x.shape().toArray());
        int[] axes = new int[x.rank() - left.length];
        int[] varies = new int[left.length];
        for (int i = 0, a = 0, k = 0; i < x.rank(); i++) {
            if (gone[i]) {
                axes[a++] = i;
            } else {
                varies[k++] = x.varies()[i];
            }
        }
        // Named axes are refused by the layer where they are not 1; without names other sizes would choose others.
        boolean named = node.has("axes") || node.hasInput(1);
        node.pin(named ? 0 : x.variesAnywhere());
        to.give(node, axes.length == 0 ? x : to.add(node, new Squeeze(axes), varies, x));
    }

    private static void unsqueeze(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        boolean[] fresh = ShapeFoldings.unsqueezedAxes(node, x.rank());
        int[] axes = new int[fresh.length - x.rank()];
        int[] varies = new int[fresh.length];
        for (int i = 0, a = 0, k = 0; i < fresh.length; i++) {
            if (fresh[i]) {
                axes[a++] = i;
            } else {
                varies[i] = x.varies()[k++];
            }
        }
        to.give(node, to.add(node, new Unsqueeze(axes), varies, x));
    }

    private static void expand(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        Constant wanted = node.flexible(1, "shape");
        String what = node.label() + ", shape";
        int[] target = Extents.ofLongs(what, node.integers(1, "shape"));
        int[] joint = Extents.broadcast(what, x.shape().toArray(), target);
        node.pin(wanted.varies());
        if (Arrays.equals(joint, x.shape().toArray())) {
            to.give(node, x);
            return;
        }
        Step view = to.maker(x).orElse(null);
        if (x.rank() == 4 && joint.length == 4 && x.extent(2) == 1 && x.extent(3) == 1 && joint[0] == x.extent(0)
                && joint[1] == x.extent(1) && view != null && view.layer() instanceof Unsqueeze && to.isLastReader(x)
                && view.inputs().getFirst().rank() == 2) {
            to.give(node, to.add(node, new TileOverImage(joint[2], joint[3]), x.varies(), to.undo(x)));
            return;
        }
        Feature wide = x;
        while (wide.rank() < joint.length) {
            wide = Views.unsqueezed(node, to, wide, 0);
        }
        int[] repeats = new int[joint.length];
        for (int axis = 0; axis < repeats.length; axis++) {
            repeats[axis] = joint[axis] / wide.extent(axis);
            // An extent of 1 that may be another one would no longer be repeated.
            node.pin(repeats[axis] > 1 ? wide.varies()[axis] : 0);
        }
        to.give(node, Arrays.stream(repeats).allMatch(repeat -> repeat == 1) ? wide : to.add(node, new Tile(repeats), wide));
    }

    private static void tile(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        int[] repeats = Extents.ofLongs(node.label() + ", repeats", node.integers(1, "repeats"));
        if (repeats.length != x.rank()) {
            throw node.refuse("repeats", Arrays.toString(repeats), x.rank() + " numbers");
        }
        to.give(node, to.add(node, new Tile(repeats), x));
    }

    private static void transpose(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        int[] order = SelectionFoldings.order(node, x.rank());
        JoinedConstants joined = x.joined();
        if (joined != null && joined.isChannelsLast() && Arrays.equals(order, TO_CHANNELS_FIRST)) {
            // TensorFlow joins coordinates to its own layout, and only then goes over to that of convolutions.
            to.give(node, to.join(transposed(node, to, joined.base(), order),
                    SelectionFoldings.transposed(node, joined.values(), order), joined.placement(), 1, node));
            return;
        }
        to.joinConstantsOf(node);
        to.give(node, transposed(node, to, node.feature(0, "input"), order));
    }

    /** Two transpositions in a row are one, or none. */
    static Feature transposed(OnnxNode node, Assembly to, Feature x, int... order) {
        Step before = to.maker(x).orElse(null);
        if (before != null && before.layer() instanceof Transpose first) {
            int[] joint = first.order();
            int[] composed = new int[order.length];
            Arrays.setAll(composed, axis -> joint[order[axis]]);
            return transposed(node, to, before.inputs().getFirst(), composed);
        }
        int[] varies = new int[order.length];
        boolean same = true;
        for (int axis = 0; axis < order.length; axis++) {
            varies[axis] = x.varies()[order[axis]];
            same &= order[axis] == axis;
        }
        return same ? x : to.add(node, new Transpose(order), varies, x);
    }

    /** The layer counts from the end and cuts what lies beyond as the operator does, so that it follows other sizes. */
    private static void slice(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        Cut.Words words = Cut.Words.of(node, x.rank());
        to.give(node, to.add(node, new Slice(narrow(words.axes()), narrow(words.starts()), narrow(words.ends()),
                narrow(words.steps())), x));
    }

    private static int[] narrow(long... numbers) {
        return Arrays.stream(numbers).mapToInt(number -> (int) Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE)).toArray();
    }

    private static void split(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        int axis = Extents.axis(node.label() + ", axis", node.integer("axis", 0), x.rank());
        int[] sizes = SelectionFoldings.partSizes(node, x.extent(axis));
        node.pin(x.varies()[axis]);
        int from = 0;
        for (int i = 0; i < sizes.length; i++) {
            String name = node.outputs().get(i);
            if (!name.isEmpty()) {
                if (sizes[i] < 1) {
                    throw node.refuse("split", Arrays.toString(sizes), "parts of at least one element");
                }
                to.give(name, sizes[i] == x.extent(axis) ? x : to.add(node, Slice.of(axis, from, from + sizes[i]), x));
            }
            from += sizes[i];
        }
    }

    private static void gather(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        int axis = Extents.axis(node.label() + ", axis", node.integer("axis", 0), x.rank());
        Constant indices = node.constant(1, "indices");
        if (indices.isFloat() || indices.rank() > 1 || indices.size() == 0) {
            throw node.refuse("indices", indices, "integers: one, or a list");
        }
        int[] picked = Extents.ofLongs(node.label() + ", indices", indices.integers());
        for (int index : picked) {
            Extents.axis(node.label() + ", index", index, x.extent(axis));
        }
        int[] varies = x.varies().clone();
        varies[axis] = 0;
        Feature y = to.add(node, new Pick(axis, picked), varies, x);
        to.give(node, indices.rank() == 1 ? y : Views.squeezed(node, to, y, axis));
    }

    private static void pad(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        Margins margins = Margins.of(node, x.rank());
        Pad.Mode mode = switch (margins.mode()) {
            case "constant" -> Pad.Mode.CONSTANT;
            case "reflect" -> Pad.Mode.REFLECT;
            case "edge" -> Pad.Mode.EDGE;
            default -> Pad.Mode.WRAP;
        };
        boolean none = Arrays.stream(margins.before()).allMatch(n -> n == 0) && Arrays.stream(margins.after()).allMatch(n -> n == 0);
        to.give(node, none ? x : to.add(node, new Pad(mode, (float) margins.value(), margins.before(), margins.after()), x));
    }
}

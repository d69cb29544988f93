package coordconv.onnx.importing;

import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import coordconv.layers.shaping.ResizeSpec.Coordinates;
import coordconv.layers.shaping.ResizeSpec.Crop;
import coordconv.layers.shaping.ResizeSpec.Fit;
import coordconv.layers.shaping.ResizeSpec.Mode;
import coordconv.layers.shaping.ResizeSpec.Rounding;
import coordconv.onnx.importing.Operators.Conversion;
import coordconv.onnx.operators.ResizeLike;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Resize, and Upsample before it. */
final class ResizingOperators {
    private ResizingOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Resize", ResizingOperators::resize);
        registry.put("Upsample", ResizingOperators::resize);
    }

    /** How large each axis becomes: by a factor, or to a size. */
    private record Axis(int axis, double scale, int size, Mark mark) {}

    private static void resize(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "input");
        boolean old = node.operator().equals("Upsample") || node.operatorSet() < 11;
        boolean bySize = !old && node.hasInput(3) && node.flexible(3, "sizes").size() > 0;
        List<Axis> axes = bySize ? sizes(node, to, x) : scales(node, x, old);
        Fit fit = switch (node.text("keep_aspect_ratio_policy", "stretch")) {
            case "stretch" -> Fit.STRETCH;
            case "not_larger" -> Fit.NOT_LARGER;
            case "not_smaller" -> Fit.NOT_SMALLER;
            default -> throw node.refuse("attribute keep_aspect_ratio_policy",
                    Refusal.quote(node.text("keep_aspect_ratio_policy", "")), "stretch, not_larger or not_smaller");
        };
        if (axes.isEmpty()) {
            // What says how would change nothing.
            kind(node, old, List.of());
            to.give(node, x);
            return;
        }
        int[] varies = x.varies().clone();
        axes.stream().filter(axis -> bySize).forEach(axis -> varies[axis.axis()] = Mark.varies(axis.mark()));
        Feature like = bySize && fit == Fit.STRETCH && !isCrop(node) ? like(to, axes) : null;
        if (like != null) {
            Axis first = axes.getFirst();
            ResizeSpec spec = kind(node, old, axes).apply(ResizeSpec.toSize(mode(node), indices(axes), sizes(axes)));
            int factor = first.mark().factor();
            int[] from = axes.stream().mapToInt(axis -> axis.mark().axis()).toArray();
            to.give(node, to.add(node, new ResizeLike(spec, from, factor), varies, x, to.current(like)));
            return;
        }
        axes.forEach(axis -> node.pin(Mark.varies(axis.mark())));
        if (isCrop(node)) {
            if (!bySize) {
                throw node.refuse("attribute coordinate_transformation_mode", "tf_crop_and_resize by scales", "sizes for it");
            }
            ResizeSpec spec = kind(node, false, axes).apply(ResizeSpec.toSize(mode(node), indices(axes), sizes(axes)));
            to.give(node, to.add(node, new Resize(spec.withCrop(crop(node, x, axes)).withFit(fit)), varies, x));
            return;
        }
        Feature y = x;
        for (List<Axis> part : parts(axes, old && mode(node) == Mode.NEAREST)) {
            ResizeSpec spec = bySize ? ResizeSpec.toSize(mode(node), indices(part), sizes(part)) : ResizeSpec.byScales(mode(node),
                    indices(part), part.stream().mapToDouble(Axis::scale).toArray());
            y = to.add(node, new Resize(kind(node, old, part).apply(spec).withFit(fit)), varies, y);
        }
        to.give(node, y);
    }

    private static boolean isCrop(OnnxNode node) {
        return node.text("coordinate_transformation_mode", "half_pixel").equals("tf_crop_and_resize");
    }

    /** The part that the second input names: starts of all its axes, and then ends. */
    private static Crop crop(OnnxNode node, Feature x, List<Axis> axes) {
        Constant given = node.floats(1, "roi");
        int[] named = axes(node, x, given.size() / 2);
        List<Double> starts = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        for (int i = 0; i < named.length; i++) {
            int axis = named[i];
            double start = given.number(i);
            double end = given.number(named.length + i);
            if (axes.stream().anyMatch(each -> each.axis() == axis)) {
                starts.add(start);
                ends.add(end);
            } else if (start != 0 || end != 1) {
                throw node.refuse("roi", given, "0 to 1 along axes that keep their size");
            }
        }
        return new Crop(starts, ends, node.number("extrapolation_value", 0));
    }

    /** The operators of old took the upper neighbour where they reduce, so that both directions are two steps. */
    private static List<List<Axis>> parts(List<Axis> axes, boolean apart) {
        List<Axis> larger = axes.stream().filter(axis -> !apart || axis.scale() >= 1).toList();
        List<Axis> smaller = axes.stream().filter(axis -> apart && axis.scale() < 1).toList();
        return List.of(larger, smaller).stream().filter(part -> !part.isEmpty()).toList();
    }

    private static int[] indices(List<Axis> axes) {
        return axes.stream().mapToInt(Axis::axis).toArray();
    }

    private static int[] sizes(List<Axis> axes) {
        return axes.stream().mapToInt(Axis::size).toArray();
    }

    /** The value that all sizes are the same multiple of, one axis each, or null. */
    private static Feature like(Assembly to, List<Axis> axes) {
        Feature like = null;
        int factor = 0;
        for (Axis axis : axes) {
            Mark mark = axis.mark();
            if (mark == null || mark.of() == null || like != null && (like != to.current(mark.of()) || factor != mark.factor())) {
                return null;
            }
            like = to.current(mark.of());
            factor = mark.factor();
        }
        return like != null && to.isValue(like) ? like : null;
    }

    private static List<Axis> scales(OnnxNode node, Feature x, boolean old) {
        boolean attribute = node.operator().equals("Upsample") && node.operatorSet() < 9;
        Constant given;
        if (attribute) {
            float[] numbers = node.numbers("scales").orElseThrow(() -> node.refuse("attribute scales", "none", "a list"));
            given = Constant.of(numbers, numbers.length);
        } else {
            given = node.floats(old ? 1 : 2, "scales");
        }
        int[] indices = axes(node, x, given.size());
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < indices.length; i++) {
            double scale = given.number(i);
            if (scale != 1) {
                axes.add(new Axis(indices[i], scale, 0, null));
            }
        }
        return axes;
    }

    private static List<Axis> sizes(OnnxNode node, Assembly to, Feature x) {
        Constant given = node.flexible(3, "sizes");
        if (given.isFloat() || given.rank() != 1) {
            throw node.refuse("sizes", given, "a list of integers");
        }
        int[] sizes = Extents.ofLongs(node.label() + ", sizes", given.integers());
        int[] indices = axes(node, x, sizes.length);
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            int axis = indices[i];
            Mark mark = given.mark(i);
            boolean kept = sizes[i] == x.extent(axis) && (mark == null ? x.varies()[axis] != Mark.IMAGE
                    : ShapingOperators.isExtent(to, mark, x, axis));
            if (kept) {
                node.pin(mark == null && to.isBatchOpen() ? x.varies()[axis] : 0);
            } else {
                axes.add(new Axis(axis, 0, sizes[i], mark));
            }
        }
        return axes;
    }

    private static int[] axes(OnnxNode node, Feature x, int count) {
        long[] given = node.list("axes").orElse(null);
        int[] axes = new int[count];
        if (count != (given == null ? x.rank() : given.length)) {
            throw node.refuse("scales or sizes", count + " numbers", given == null ? x.rank() : given.length);
        }
        Arrays.setAll(axes, i -> given == null ? i : Extents.axis(node.label() + ", axis", given[i], x.rank()));
        return axes;
    }

    private static Mode mode(OnnxNode node) {
        return switch (node.text("mode", "nearest")) {
            case "nearest" -> Mode.NEAREST;
            case "linear" -> Mode.LINEAR;
            case "cubic" -> Mode.CUBIC;
            default -> throw node.refuse("attribute mode", Refusal.quote(node.text("mode", "")), "nearest, linear or cubic");
        };
    }

    /** What a spec is completed by. */
    @FunctionalInterface
    private interface Completion {
        ResizeSpec apply(ResizeSpec spec);
    }

    private static Completion kind(OnnxNode node, boolean old, List<Axis> axes) {
        mode(node);
        if (old) {
            boolean smaller = axes.stream().anyMatch(axis -> axis.scale() < 1);
            return spec -> spec.withCoordinates(Coordinates.ASYMMETRIC).withRounding(smaller ? Rounding.CEIL : Rounding.FLOOR);
        }
        String where = node.text("coordinate_transformation_mode", "half_pixel");
        String which = node.text("nearest_mode", "round_prefer_floor");
        if (where.equals("tf_half_pixel_for_nn") && mode(node) == Mode.NEAREST) {
            // Half a pixel further than half_pixel: to round there is to take the next integer here.
            Rounding shifted = switch (which) {
                case "round_prefer_floor" -> Rounding.CEIL;
                case "floor" -> Rounding.HALF_UP;
                default -> throw node.refuse("attribute nearest_mode", Refusal.quote(which), "round_prefer_floor or floor for " + where);
            };
            rest(node);
            return spec -> spec.withCoordinates(Coordinates.HALF_PIXEL).withRounding(shifted);
        }
        Coordinates coordinates = switch (where) {
            case "half_pixel" -> Coordinates.HALF_PIXEL;
            case "pytorch_half_pixel" -> Coordinates.PYTORCH_HALF_PIXEL;
            case "half_pixel_symmetric" -> Coordinates.HALF_PIXEL_SYMMETRIC;
            case "align_corners" -> Coordinates.ALIGN_CORNERS;
            case "asymmetric" -> Coordinates.ASYMMETRIC;
            // A crop has coordinates of its own.
            case "tf_crop_and_resize" -> Coordinates.HALF_PIXEL;
            default -> throw node.refuse("attribute coordinate_transformation_mode", Refusal.quote(where),
                    "half_pixel, pytorch_half_pixel, half_pixel_symmetric, align_corners, asymmetric or tf_crop_and_resize");
        };
        Rounding rounding = switch (which) {
            case "round_prefer_floor" -> Rounding.HALF_DOWN;
            case "round_prefer_ceil" -> Rounding.HALF_UP;
            case "floor" -> Rounding.FLOOR;
            case "ceil" -> Rounding.CEIL;
            default -> throw node.refuse("attribute nearest_mode", Refusal.quote(which),
                    "round_prefer_floor, round_prefer_ceil, floor or ceil");
        };
        Completion rest = rest(node);
        return spec -> rest.apply(spec).withCoordinates(coordinates).withRounding(rounding);
    }

    private static Completion rest(OnnxNode node) {
        double cubic = node.number("cubic_coeff_a", -0.75f);
        boolean exclude = node.integer("exclude_outside", 0) != 0;
        boolean antialias = node.integer("antialias", 0) != 0;
        // The value outside is one of cropping alone.
        node.number("extrapolation_value", 0);
        return spec -> spec.withCubic(cubic).withExcludeOutside(exclude).withAntialias(antialias);
    }
}

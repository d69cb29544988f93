package coordconv.onnx.bounds;

import static coordconv.onnx.bounds.Bounded.UNIT;
import static coordconv.onnx.bounds.Bounded.gamma;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that rearrange, repeat, leave out or resize; all but resizing move elements as they are. */
final class ShapeBounds {
    /** No kernel of cubic interpolation with a coefficient from -1 to 0 is steeper. */
    private static final double CUBIC_SLOPE = 1.5;

    private ShapeBounds() {}

    static Bounded reshape(Bounded x, int... wanted) {
        int[] extents = wanted.clone();
        int known = 1;
        for (int i = 0; i < extents.length; i++) {
            extents[i] = extents[i] == 0 ? x.extent(i) : extents[i];
            known *= extents[i] < 0 ? 1 : extents[i];
        }
        for (int i = 0; i < extents.length; i++) {
            extents[i] = extents[i] < 0 ? x.size() / known : extents[i];
        }
        return x.reshaped(extents);
    }

    static Bounded flatten(Bounded x, int axis) {
        int rows = 1;
        for (int i = 0; i < axis; i++) {
            rows *= x.extent(i);
        }
        return x.reshaped(rows, x.size() / rows);
    }

    static Bounded squeeze(Bounded x, int... axes) {
        List<Integer> gone = Arrays.stream(axes).map(x::axis).boxed().toList();
        return x.reshaped(IntStream.range(0, x.rank()).filter(axis -> axes.length == 0 ? x.extent(axis) != 1 : !gone.contains(axis))
                .map(x::extent).toArray());
    }

    static Bounded unsqueeze(Bounded x, int... axes) {
        int rank = x.rank() + axes.length;
        List<Integer> fresh = Arrays.stream(axes).map(axis -> axis < 0 ? axis + rank : axis).boxed().toList();
        int[] extents = new int[rank];
        for (int axis = 0, own = 0; axis < rank; axis++) {
            extents[axis] = fresh.contains(axis) ? 1 : x.extent(own++);
        }
        return x.reshaped(extents);
    }

    static Bounded concat(int axis, Bounded... parts) {
        int[] extents = parts[0].shape().clone();
        int at = parts[0].axis(axis);
        extents[at] = Arrays.stream(parts).mapToInt(part -> part.extent(at)).sum();
        Bounded y = Bounded.of(extents);
        int inner = 1;
        for (int i = at + 1; i < extents.length; i++) {
            inner *= extents[i];
        }
        int outer = y.size() / inner / extents[at];
        int start = 0;
        for (Bounded part : parts) {
            int run = part.extent(at) * inner;
            for (int o = 0; o < outer; o++) {
                System.arraycopy(part.value(), o * run, y.value(), o * extents[at] * inner + start, run);
                System.arraycopy(part.error(), o * run, y.error(), o * extents[at] * inner + start, run);
            }
            start += run;
        }
        return y;
    }

    static Bounded slice(Bounded x, int[] starts, int[] ends, int[] axes, int... steps) {
        int[][] sources = x.identity();
        for (int i = 0; i < axes.length; i++) {
            int axis = x.axis(axes[i]);
            int size = x.extent(axis);
            int step = steps.length == 0 ? 1 : steps[i];
            int start = starts[i] < 0 ? starts[i] + size : starts[i];
            int end = ends[i] < 0 && ends[i] != Integer.MIN_VALUE ? ends[i] + size : ends[i];
            start = Math.clamp(start, 0, step > 0 ? size : size - 1);
            end = Math.clamp(end, step > 0 ? 0 : -1, size);
            int first = start;
            sources[axis] = IntStream.range(0, Math.max(0, Math.ceilDiv(end - start, step))).map(k -> first + k * step).toArray();
        }
        return x.mapped(sources, 0);
    }

    static Bounded gather(Bounded x, int axis, Bounded indices) {
        int[][] sources = x.identity();
        sources[axis] = Arrays.stream(indices.integers()).map(index -> index < 0 ? index + x.extent(axis) : index).toArray();
        Bounded y = x.mapped(sources, 0);
        return indices.rank() == 0 ? squeeze(y, axis) : y;
    }

    static Bounded tile(Bounded x, int... repeats) {
        int[][] sources = x.identity();
        for (int axis = 0; axis < sources.length; axis++) {
            int size = x.extent(axis);
            sources[axis] = IntStream.range(0, size * repeats[axis]).map(i -> i % size).toArray();
        }
        return x.mapped(sources, 0);
    }

    /** Source: the text of the operator Pad; margins that are negative cut elements off before any others are added. */
    static Bounded pad(Bounded x, String mode, double constant, int... pads) {
        int[][] sources = new int[x.rank()][];
        for (int axis = 0; axis < sources.length; axis++) {
            int size = x.extent(axis);
            int before = pads[axis];
            int after = pads[x.rank() + axis];
            int low = Math.max(-before, 0);
            int left = size - low - Math.max(-after, 0);
            sources[axis] = IntStream.range(0, size + before + after).map(i -> {
                int at = i - Math.max(before, 0);
                return switch (mode) {
                    case "constant" -> at < 0 || at >= left ? -1 : low + at;
                    case "edge" -> low + Math.clamp(at, 0, left - 1);
                    case "wrap" -> low + Math.floorMod(at, left);
                    default -> {
                        int period = Math.max(1, 2 * (left - 1));
                        int there = Math.floorMod(at, period);
                        yield low + Math.min(there, period - there);
                    }
                };
            }).toArray();
        }
        return x.mapped(sources, constant);
    }

    static Bounded depthToSpace(Bounded x, int block, boolean depthFirst) {
        int c = x.extent(1) / block / block;
        int h = x.extent(2);
        int w = x.extent(3);
        Bounded split = depthFirst ? x.reshaped(x.extent(0), block, block, c, h, w).transposed(0, 3, 4, 1, 5, 2)
                : x.reshaped(x.extent(0), c, block, block, h, w).transposed(0, 1, 4, 2, 5, 3);
        return split.reshaped(x.extent(0), c, h * block, w * block);
    }

    static Bounded spaceToDepth(Bounded x, int block) {
        int c = x.extent(1);
        int h = x.extent(2) / block;
        int w = x.extent(3) / block;
        return x.reshaped(x.extent(0), c, h, block, w, block).transposed(0, 3, 5, 1, 2, 4).reshaped(x.extent(0), c * block * block, h, w);
    }

    /** Along each axis in turn; sizes or scales, whichever is given. */
    static Bounded resize(Attributes node, Bounded x, Bounded scales, Bounded sizes) {
        int[] axes = node.integers("axes", IntStream.range(0, x.rank()).toArray());
        double[] ratios = new double[axes.length];
        int[] outputs = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            int size = x.extent(x.axis(axes[i]));
            ratios[i] = sizes == null ? scales.value()[i] : sizes.value()[i] / size;
            outputs[i] = sizes == null ? (int) Math.floor((float) size * (float) ratios[i]) : sizes.integer(i);
        }
        String fit = node.text("keep_aspect_ratio_policy", "stretch");
        if (sizes != null && !fit.equals("stretch")) {
            var all = Arrays.stream(ratios);
            double ratio = (fit.equals("not_larger") ? all.min() : all.max()).orElseThrow();
            Arrays.setAll(ratios, i -> ratio);
            Arrays.setAll(outputs, i -> (int) Math.floor(x.extent(x.axis(axes[i])) * ratio + 0.5));
        }
        Bounded y = x;
        for (int i = 0; i < axes.length; i++) {
            y = ratios[i] == 1 ? y : along(node, y, x.axis(axes[i]), ratios[i], outputs[i]);
        }
        return y;
    }

    private static Bounded along(Attributes node, Bounded x, int axis, double ratio, int outputs) {
        String mode = node.text("mode", "nearest");
        int size = x.extent(axis);
        boolean antialias = node.integer("antialias", 0) != 0;
        double stretch = antialias ? Math.min(ratio, 1) : 1;
        int[] extents = x.shape().clone();
        extents[axis] = outputs;
        Bounded y = Bounded.of(extents);
        int inner = 1;
        for (int i = axis + 1; i < extents.length; i++) {
            inner *= extents[i];
        }
        for (int flat = 0; flat < y.size(); flat++) {
            int from = flat / inner / outputs * size * inner + flat % inner;
            int output = flat / inner % outputs;
            if (mode.equals("nearest")) {
                // Which is the nearest turns on the last bit of a place: this is the formula in the model's own precision.
                int nearest = nearest(node, placeInFloat(node, output, (float) ratio, outputs, size), size);
                y.value()[flat] = x.value()[from + nearest * inner];
                y.error()[flat] = x.error()[from + nearest * inner];
                continue;
            }
            double place = place(node, output, ratio, outputs, size);
            int reach = (int) Math.ceil((mode.equals("linear") ? 1 : 2) / stretch);
            int first = (int) Math.floor(place) - reach + 1;
            // A place in float is off by some roundings of itself, and a weight by that times its slope.
            double ofWeight = gamma(4) * (Math.abs(place) + 1) * stretch * (mode.equals("linear") ? 1 : CUBIC_SLOPE) + gamma(6);
            double sum = 0;
            double total = 0;
            double off = 0;
            double ofTotal = 0;
            for (int k = first - 1; k <= first + 2 * reach; k++) {
                int at = from + Math.clamp(k, 0, size - 1) * inner;
                boolean left = node.integer("exclude_outside", 0) != 0 && (k < 0 || k >= size);
                double weight = left ? 0 : kernel(node, mode, (k - place) * stretch);
                double ofThis = !left && Math.abs((k - place) * stretch) <= reach + ofWeight ? ofWeight : 0;
                sum += weight * x.value()[at];
                total += weight;
                off += (Math.abs(weight) + ofThis) * x.error()[at] + ofThis * Math.abs(x.value()[at])
                        + gamma(2 * reach + 4) * Math.abs(weight * x.value()[at]);
                ofTotal += ofThis;
            }
            boolean normalised = antialias || node.integer("exclude_outside", 0) != 0;
            y.set(flat, sum / total, off / Math.abs(total) + Math.abs(sum / total) * (UNIT + (normalised ? ofTotal / Math.abs(total) : 0)));
        }
        return y;
    }

    private static double place(Attributes node, int i, double ratio, int outputs, int size) {
        return switch (node.text("coordinate_transformation_mode", "half_pixel")) {
            case "half_pixel" -> (i + 0.5) / ratio - 0.5;
            case "pytorch_half_pixel" -> outputs > 1 ? (i + 0.5) / ratio - 0.5 : 0;
            case "half_pixel_symmetric" -> size / 2.0 * (1 - outputs / (ratio * size)) + (i + 0.5) / ratio - 0.5;
            case "align_corners" -> outputs > 1 ? i * (size - 1) / (ratio * size - 1) : 0;
            case "asymmetric" -> i / ratio;
            default -> throw new IllegalArgumentException(node.text("coordinate_transformation_mode", ""));
        };
    }

    private static double placeInFloat(Attributes node, int i, float ratio, int outputs, int size) {
        return switch (node.text("coordinate_transformation_mode", "half_pixel")) {
            case "half_pixel" -> (i + 0.5f) / ratio - 0.5f;
            case "pytorch_half_pixel" -> outputs > 1 ? (i + 0.5f) / ratio - 0.5f : 0;
            case "half_pixel_symmetric" -> (float) (size / 2f * (1 - outputs / (ratio * size)) + (i + 0.5) / ratio - 0.5);
            case "align_corners" -> outputs > 1 ? i * (size - 1f) / (ratio * size - 1) : 0;
            default -> i / ratio;
        };
    }

    private static int nearest(Attributes node, double place, int size) {
        double rounded = switch (node.text("nearest_mode", "round_prefer_floor")) {
            case "round_prefer_floor" -> Math.ceil(place - 0.5);
            case "round_prefer_ceil" -> Math.floor(place + 0.5);
            case "floor" -> Math.floor(place);
            default -> Math.ceil(place);
        };
        return (int) Math.clamp(rounded, 0, size - 1);
    }

    private static double kernel(Attributes node, String mode, double distance) {
        double d = Math.abs(distance);
        if (mode.equals("linear")) {
            return Math.max(0, 1 - d);
        }
        double a = node.number("cubic_coeff_a", -0.75);
        if (d < 1) {
            return (a + 2) * d * d * d - (a + 3) * d * d + 1;
        }
        return d < 2 ? a * (d * d * d - 5 * d * d + 8 * d - 4) : 0;
    }
}

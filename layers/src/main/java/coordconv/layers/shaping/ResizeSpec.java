package coordconv.layers.shaping;

import coordconv.layers.internal.Lists;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How a tensor is enlarged or reduced; every {@code with} method gives a changed copy. Source: ONNX Resize, whose
 * attributes these are.
 */
public final class ResizeSpec {
    final Mode mode;
    final int[] axes;
    final double[] scales;
    final int[] sizes;
    final Coordinates coordinates;
    final Rounding rounding;
    final double cubic;
    final boolean excludeOutside;
    final boolean antialias;
    final Fit fit;
    final Crop crop;

    /** How an output comes from its neighbours in the input. */
    public enum Mode {
        /** The nearest one. */
        NEAREST,
        /** The two around it along each axis, weighted by nearness. */
        LINEAR,
        /** The four around it along each axis, weighted by a cubic convolution. Source: Keys 1981. */
        CUBIC
    }

    /**
     * The place in an input of D elements that output i of E stands for; {@code s} is the scale, {@code E / D} unless
     * it was given.
     */
    public enum Coordinates {
        /** {@code (i + 1/2) / s - 1/2}: pixels are areas. */
        HALF_PIXEL,
        /** The same, and 0 where E is 1. */
        PYTORCH_HALF_PIXEL,
        /** The same around the middle of the input, where a given scale does not divide. */
        HALF_PIXEL_SYMMETRIC,
        /** {@code i (D - 1) / (s D - 1)}: the first and last elements stay; 0 where E is 1. */
        ALIGN_CORNERS,
        /** {@code i / s}. */
        ASYMMETRIC
    }

    /**
     * A part of the input that is resized in place of the whole, as TensorFlow's crop_and_resize has it: output i of E
     * stands for {@code start (D - 1) + i (end - start) (D - 1) / (E - 1)}, and for the middle of the part where E is 1.
     * It takes the place of the coordinates.
     *
     * @param starts for each axis of the spec where the part starts, 0 for the first element and 1 for the last
     * @param ends where it ends
     * @param outside the output where a place lies beyond the input
     */
    public record Crop(List<Double> starts, List<Double> ends, float outside) {
        /** Refuses numbers that are not finite. */
        public Crop {
            starts = Lists.copy("starts", starts);
            ends = Lists.copy("ends", ends);
            if (!Stream.concat(starts.stream(), ends.stream()).allMatch(Double::isFinite)) {
                throw new IllegalArgumentException("starts and ends: given " + starts + " and " + ends + ", needed finite numbers");
            }
        }
    }

    /** Which of two neighbours is the nearest. */
    public enum Rounding {
        /** The nearer one, and of equals the lower. */
        HALF_DOWN,
        /** The nearer one, and of equals the upper. */
        HALF_UP,
        /** The lower one. */
        FLOOR,
        /** The upper one. */
        CEIL
    }

    /** What sizes that do not have the input's proportions mean. */
    public enum Fit {
        /** The sizes themselves. */
        STRETCH,
        /** The input's proportions, as large as the sizes allow. */
        NOT_LARGER,
        /** The input's proportions, as small as the sizes allow. */
        NOT_SMALLER
    }

    private ResizeSpec(Mode mode, int[] axes, double[] scales, int[] sizes, Coordinates coordinates, Rounding rounding,
            double cubic, boolean excludeOutside, boolean antialias, Fit fit, Crop crop) {
        this.mode = mode;
        this.axes = axes;
        this.scales = scales;
        this.sizes = sizes;
        this.coordinates = coordinates;
        this.rounding = rounding;
        this.cubic = cubic;
        this.excludeOutside = excludeOutside;
        this.antialias = antialias;
        this.fit = fit;
        this.crop = crop;
    }

    /**
     * Images [N, C, H, W] times a factor; half-pixel coordinates, and of two nearest elements the lower.
     *
     * @param mode how an output comes from its neighbours
     * @param height factor on H, above 0; the product is rounded down
     * @param width factor on W
     * @return the spec
     */
    public static ResizeSpec byScales(Mode mode, double height, double width) {
        return byScales(mode, new int[] {2, 3}, new double[] {height, width});
    }

    /**
     * Images [N, C, H, W] to a size; half-pixel coordinates, and of two nearest elements the lower.
     *
     * @param mode how an output comes from its neighbours
     * @param height the new H
     * @param width the new W
     * @return the spec
     */
    public static ResizeSpec toSize(Mode mode, int height, int width) {
        return toSize(mode, new int[] {2, 3}, new int[] {height, width});
    }

    /**
     * Any axes times factors.
     *
     * @param mode how an output comes from its neighbours
     * @param axes which axes, each once; -1 for the last
     * @param scales a factor for each of them, above 0; the product is rounded down
     * @return the spec
     */
    public static ResizeSpec byScales(Mode mode, int[] axes, double[] scales) {
        requireAsMany("scales", scales.length, axes.length);
        for (double scale : scales) {
            if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("scales: given " + Arrays.toString(scales)
                        + ", needed finite numbers above 0");
            }
        }
        return of(mode, axes.clone(), scales.clone(), null);
    }

    /**
     * Any axes to sizes.
     *
     * @param mode how an output comes from its neighbours
     * @param axes which axes, each once; -1 for the last
     * @param sizes a size for each of them
     * @return the spec
     */
    public static ResizeSpec toSize(Mode mode, int[] axes, int[] sizes) {
        requireAsMany("sizes", sizes.length, axes.length);
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException("sizes: given " + Arrays.toString(sizes) + ", needed at least 1 each");
            }
        }
        return of(mode, axes.clone(), null, sizes.clone());
    }

    private static ResizeSpec of(Mode mode, int[] axes, double[] scales, int[] sizes) {
        return new ResizeSpec(Objects.requireNonNull(mode, "mode"), axes, scales, sizes, Coordinates.HALF_PIXEL,
                Rounding.HALF_DOWN, -0.75, false, false, Fit.STRETCH, null);
    }

    private static void requireAsMany(String argument, int given, int needed) {
        if (given != needed) {
            throw new IllegalArgumentException(argument + ": given " + given + " numbers, needed as many as there are axes, "
                    + needed);
        }
    }

    /**
     * {@return a copy with other coordinates}
     *
     * @param other the place that an output stands for
     */
    public ResizeSpec withCoordinates(Coordinates other) {
        return new ResizeSpec(mode, axes, scales, sizes, Objects.requireNonNull(other, "other"), rounding, cubic,
                excludeOutside, antialias, fit, crop);
    }

    /**
     * {@return a copy with another choice among neighbours, for the nearest one}
     *
     * @param other which one it is
     */
    public ResizeSpec withRounding(Rounding other) {
        return new ResizeSpec(mode, axes, scales, sizes, coordinates, Objects.requireNonNull(other, "other"), cubic,
                excludeOutside, antialias, fit, crop);
    }

    /**
     * {@return a copy with another cubic convolution}
     *
     * @param coefficient a of Keys' paper; -0.75 unless given, -0.5 in TensorFlow
     */
    public ResizeSpec withCubic(double coefficient) {
        if (!Double.isFinite(coefficient)) {
            throw new IllegalArgumentException("coefficient: given " + coefficient + ", needed a finite number");
        }
        return new ResizeSpec(mode, axes, scales, sizes, coordinates, rounding, coefficient, excludeOutside, antialias, fit, crop);
    }

    /**
     * {@return a copy that treats neighbours beyond the border otherwise}
     *
     * @param exclude whether they count nothing, the others growing for them; else the border stands in
     */
    public ResizeSpec withExcludeOutside(boolean exclude) {
        return new ResizeSpec(mode, axes, scales, sizes, coordinates, rounding, cubic, exclude, antialias, fit, crop);
    }

    /**
     * {@return a copy with or without a filter against aliasing}
     *
     * @param on whether a reduction averages over as many elements as its scale leaves out; linear and cubic only
     */
    public ResizeSpec withAntialias(boolean on) {
        return new ResizeSpec(mode, axes, scales, sizes, coordinates, rounding, cubic, excludeOutside, on, fit, crop);
    }

    /**
     * {@return a copy whose sizes mean something else}
     *
     * @param other what sizes of other proportions mean
     */
    public ResizeSpec withFit(Fit other) {
        return new ResizeSpec(mode, axes, scales, sizes, coordinates, rounding, cubic, excludeOutside, antialias,
                Objects.requireNonNull(other, "other"), crop);
    }

    /**
     * {@return a copy that resizes a part of the input}
     *
     * @param part which part, with a start and an end for each axis of this spec
     */
    public ResizeSpec withCrop(Crop part) {
        requireAsMany("starts", part.starts().size(), axes.length);
        requireAsMany("ends", part.ends().size(), axes.length);
        return new ResizeSpec(mode, axes, scales, sizes, coordinates, rounding, cubic, excludeOutside, antialias, fit, part);
    }

    /** {@return how an output comes from its neighbours} */
    public Mode mode() {
        return mode;
    }

    /** {@return a copy of the axes as they were given} */
    public int[] axes() {
        return axes.clone();
    }

    /** {@return a copy of the scales, or null if sizes were given} */
    public double[] scales() {
        return scales == null ? null : scales.clone();
    }

    /** {@return a copy of the sizes, or null if scales were given} */
    public int[] sizes() {
        return sizes == null ? null : sizes.clone();
    }

    /** {@return the place that an output stands for} */
    public Coordinates coordinates() {
        return coordinates;
    }

    /** {@return which neighbour is the nearest} */
    public Rounding rounding() {
        return rounding;
    }

    /** {@return the coefficient of the cubic convolution} */
    public double cubic() {
        return cubic;
    }

    /** {@return whether neighbours beyond the border count nothing} */
    public boolean excludesOutside() {
        return excludeOutside;
    }

    /** {@return whether a reduction is filtered against aliasing} */
    public boolean isAntialiased() {
        return antialias;
    }

    /** {@return what sizes of other proportions mean} */
    public Fit fit() {
        return fit;
    }

    /** {@return the part of the input that is resized, or null for all of it} */
    public Crop crop() {
        return crop;
    }
}

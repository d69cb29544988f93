package coordconv.layers.io;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.ClampedRamp;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.CoordPreset;
import java.util.Arrays;

/**
 * Rearranges the slices of a CoordConv weight that belong to its coordinates, so that weights trained
 * with one project's coordinates give the same numbers with another's. One group is taken for granted.
 */
public enum CoordColumns {
    /** [O, C + coords, KH, KW], a convolution's. */
    CONVOLUTION(1),
    /** [C + coords, O, KH, KW], a transposed convolution's. */
    TRANSPOSED(0);

    /** Two sizes of no special relation: presets that agree on them agree on every size above 1. */
    private static final int ANY_HEIGHT = 5;
    private static final int ANY_WIDTH = 8;

    private static final double ROUNDING = 1e-12;

    private final int axis;

    CoordColumns(int axis) {
        this.axis = axis;
    }

    /**
     * Converts a weight to another preset, for images of every size above 1.
     *
     * <p>Each coordinate of {@code from} must be a constant multiple of one of {@code to}: its column moves
     * there, multiplied by that constant (a power of two between all ramps of the presets). Coordinates
     * that only {@code to} has get columns of 0.
     *
     * @param weight in this layout
     * @param from the coordinates it was trained with
     * @param to the coordinates it shall be used with
     * @return a new array of the same name
     * @throws IllegalArgumentException if the shape is unfit, or a coordinate of {@code from} has no
     *     counterpart, such as a radius: dropping it would change the results
     */
    public NamedArray convert(NamedArray weight, CoordPreset from, CoordPreset to) {
        return convert(weight, from, to, ANY_HEIGHT, ANY_WIDTH);
    }

    /**
     * Converts a weight to another preset, for images of one size alone; on square images, for example,
     * Uber's coordinates are those of most other projects.
     *
     * @param weight in this layout
     * @param from the coordinates it was trained with
     * @param to the coordinates it shall be used with
     * @param height H
     * @param width W
     * @return a new array of the same name
     * @throws IllegalArgumentException as above
     */
    public NamedArray convert(NamedArray weight, CoordPreset from, CoordPreset to, int height, int width) {
        CoordChannels old = from.channels(height, width);
        CoordChannels wanted = to.channels(height, width);
        int features = features(weight, old.count());
        Slices slices = new Slices(weight, features + wanted.count());
        slices.copyFeatures(features, start(old, Placement.BEFORE), start(wanted, Placement.BEFORE));
        for (int source = 0; source < old.count(); source++) {
            Channel channel = old.channels().get(source);
            int target = counterpart(channel, wanted);
            if (target < 0) {
                throw refuse(weight, "coordinate " + source + " of " + from.code(), "a multiple of one of " + to.code()
                        + ", which " + channel + " is not at " + height + "x" + width
                        + ": without it the results would change");
            }
            slices.copy(start(old, Placement.AFTER) * features + source,
                    start(wanted, Placement.AFTER) * features + target,
                    (float) multiple(channel, wanted.channels().get(target)));
        }
        return slices.result();
    }

    /**
     * Widens the weight of an ordinary convolution to a CoordConv that computes the same: the columns of
     * the coordinates are 0.
     *
     * @param weight in this layout, without coordinates
     * @param preset which coordinates
     * @return a new array of the same name
     * @throws IllegalArgumentException if the shape is unfit
     */
    public NamedArray retrofit(NamedArray weight, CoordPreset preset) {
        return convert(weight, CoordPreset.NONE, preset);
    }

    private int features(NamedArray weight, int coordinates) {
        int[] shape = weight.shape();
        if (shape.length != 4 || shape[axis] <= coordinates) {
            throw refuse(weight, "shape " + Arrays.toString(shape), "four axes, of which axis " + axis
                    + " holds at least 1 feature beside " + coordinates + " coordinates");
        }
        return shape[axis] - coordinates;
    }

    /** 1 if the coordinates stand there, else 0. */
    private static int start(CoordChannels coords, Placement placement) {
        return coords.placement() == placement ? 1 : 0;
    }

    private static int counterpart(Channel channel, CoordChannels among) {
        for (int i = 0; i < among.count(); i++) {
            if (!Double.isNaN(multiple(channel, among.channels().get(i)))) {
                return i;
            }
        }
        return -1;
    }

    /** The constant that makes b into a, or NaN. */
    private static double multiple(Channel a, Channel b) {
        if (a instanceof Ramp first && b instanceof Ramp second) {
            return multiple(first, second);
        }
        if (a instanceof Radius first && b instanceof Radius second) {
            // The root does not care for the order of its terms.
            double straight = both(multiple(first.first(), second.first()), multiple(first.second(), second.second()));
            double crossed = both(multiple(first.first(), second.second()), multiple(first.second(), second.first()));
            return (Double.isNaN(straight) ? crossed : straight) * first.scale() / second.scale();
        }
        if (a instanceof ClampedRamp first && b instanceof ClampedRamp second && first.reciprocal() == second.reciprocal()) {
            // Both bend at the same place if ramp and least value are the same multiple.
            double least = first.least() / second.least();
            double slope = multiple(first.ramp(), second.ramp());
            boolean same = Math.abs(slope - least) <= ROUNDING * least;
            return !same ? Double.NaN : first.reciprocal() ? 1 / least : least;
        }
        return Double.NaN;
    }

    private static double both(double a, double b) {
        return Math.abs(Math.abs(a) - Math.abs(b)) <= ROUNDING * Math.abs(a) ? Math.abs(a) : Double.NaN;
    }

    private static double multiple(Ramp a, Ramp b) {
        double start = a.start()[0];
        double step = a.step()[0];
        double otherStart = b.start()[0];
        double otherStep = b.step()[0];
        boolean proportional = Math.abs(start * otherStep - step * otherStart)
                <= ROUNDING * (Math.abs(start * otherStep) + Math.abs(step * otherStart));
        if (a.axis() != b.axis() || !proportional) {
            return Double.NaN;
        }
        if (start == 0 && step == 0) {
            return otherStart == 0 && otherStep == 0 ? 1 : Double.NaN;
        }
        double factor = Math.abs(start) > Math.abs(step) ? start / otherStart : step / otherStep;
        return factor == 0 || Double.isInfinite(factor) ? Double.NaN : factor;
    }

    private static IllegalArgumentException refuse(NamedArray weight, String given, String needed) {
        return new IllegalArgumentException("array " + Text.quote(weight.name()) + ": given " + given + ", needed " + needed);
    }

    /** Copies slices along the channel axis into a new, zeroed array. */
    private final class Slices {
        private final NamedArray source;
        private final int sourceChannels;
        private final int channels;
        private final int inner;
        private final int outer;
        private final int[] shape;
        private final float[] values;

        Slices(NamedArray source, int channels) {
            this.source = source;
            this.channels = channels;
            shape = source.shape();
            sourceChannels = shape[axis];
            int[] after = Arrays.copyOfRange(shape, axis + 1, shape.length);
            inner = ArraySpec.elements(after);
            outer = axis == 0 ? 1 : shape[0];
            shape[axis] = channels;
            int elements = ArraySpec.elements(shape);
            if (elements < 0) {
                throw refuse(source, "shape " + Arrays.toString(shape), "at most " + ArraySpec.MAX_ELEMENTS + " elements");
            }
            values = new float[elements];
        }

        void copyFeatures(int features, int before, int wantedBefore) {
            int from = before * (sourceChannels - features);
            int to = wantedBefore * (channels - features);
            for (int o = 0; o < outer; o++) {
                System.arraycopy(source.values(), (o * sourceChannels + from) * inner,
                        values, (o * channels + to) * inner, features * inner);
            }
        }

        void copy(int from, int to, float factor) {
            for (int o = 0; o < outer; o++) {
                int read = (o * sourceChannels + from) * inner;
                int write = (o * channels + to) * inner;
                for (int i = 0; i < inner; i++) {
                    values[write + i] = factor * source.values()[read + i];
                }
            }
        }

        NamedArray result() {
            return new NamedArray(source.name(), shape, values);
        }
    }
}

package coordconv.onnx.importing;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.CoordPreset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;

/**
 * Finds which coordinates a constant holds: a preset, else affine ramps.
 *
 * <p>Frameworks compute coordinates in float32 in a few operations: index, scale, shift, and for a radius two
 * squares, a sum and a root. Values count as equal up to eight roundings of the largest of their channel, which no two
 * presets come near to, unless an image is so small that they agree.
 */
final class CoordinateMatch {
    private static final double ROUNDINGS = 8 * 0x1p-24;

    /** Every pair of values is looked at. */
    private static final int LONGEST_FIT = 2048;

    private final Placement placement;
    private final int count;
    private final float[] values;
    private final int images;
    private final int height;
    private final int width;
    /** Of each channel. */
    private final double[] tolerance;

    private CoordinateMatch(Constant constant, Placement placement) {
        this.placement = placement;
        int[] extents = constant.extents();
        values = constant.toFloats();
        images = extents[0];
        count = extents[1];
        height = extents[2];
        width = extents[3];
        tolerance = new double[count];
        for (int i = 0; i < values.length; i++) {
            int channel = i / (height * width) % count;
            tolerance[channel] = Math.max(tolerance[channel], ROUNDINGS * Math.abs(values[i]));
        }
    }

    /**
     * Finds the coordinates.
     *
     * @param joined the constant channels
     * @param otherSizes gives the same constants for inputs of other sizes, as far as the model can be read for them
     * @return a preset or ramps, or nothing if the values are neither
     */
    static Optional<Coordinates> of(JoinedConstants joined, Supplier<List<Constant>> otherSizes) {
        CoordinateMatch match = new CoordinateMatch(joined.values(), joined.placement());
        if (!Arrays.stream(match.tolerance).allMatch(Double::isFinite)) {
            return Optional.empty();
        }
        List<CoordPreset> presets = match.presets();
        int varies = joined.values().varies();
        if (!presets.isEmpty()) {
            CoordPreset first = presets.getFirst();
            if ((varies & Mark.IMAGE) == 0) {
                return Optional.of(match.preset(first, 0));
            }
            List<Constant> others = otherSizes.get();
            for (Constant other : others) {
                presets.retainAll(new CoordinateMatch(other, joined.placement()).presets());
            }
            boolean follows = !others.isEmpty() && !presets.isEmpty();
            return Optional.of(match.preset(follows ? presets.getFirst() : first, follows ? 0 : Mark.IMAGE));
        }
        List<Channel> ramps = new ArrayList<>();
        for (int channel = 0; channel < match.count; channel++) {
            Ramp ramp = match.ramp(channel);
            if (ramp == null) {
                return Optional.empty();
            }
            ramps.add(ramp);
        }
        // A layer with ramps of its own refuses images of another size, and another number of images than have ramps.
        return Optional.of(new Coordinates(null, new CoordChannels(ramps, joined.placement()), match.height, match.width,
                match.count, 0));
    }

    private Coordinates preset(CoordPreset preset, int pins) {
        return new Coordinates(preset, null, height, width, count, pins);
    }

    private List<CoordPreset> presets() {
        List<CoordPreset> found = new ArrayList<>();
        for (CoordPreset preset : CoordPreset.values()) {
            if (isPreset(preset.channels(height, width))) {
                found.add(preset);
            }
        }
        return found;
    }

    private float value(int image, int channel, int row, int column) {
        return values[((image * count + channel) * height + row) * width + column];
    }

    private boolean isPreset(CoordChannels preset) {
        if (preset.count() != count || preset.placement() != placement) {
            return false;
        }
        for (int image = 0; image < images; image++) {
            for (int channel = 0; channel < preset.count(); channel++) {
                for (int row = 0; row < height; row++) {
                    for (int column = 0; column < width; column++) {
                        float expected = preset.value(channel, image, row, column);
                        if (!(Math.abs(value(image, channel, row, column) - (double) expected) <= tolerance[channel])) {
                            return false;
                        }
                    }
                }
            }
        }
        return true;
    }

    /** The ramp that a channel is, or null. */
    private Ramp ramp(int channel) {
        for (Axis axis : Axis.values()) {
            if (isConstantAcross(axis, channel)) {
                double[] start = new double[images];
                double[] step = new double[images];
                boolean affine = true;
                for (int image = 0; image < images; image++) {
                    int fixed = image;
                    int size = axis == Axis.COLUMN ? width : height;
                    double[] line = line(size, tolerance[channel], i -> axis == Axis.COLUMN
                            ? value(fixed, channel, 0, i) : value(fixed, channel, i, 0));
                    affine &= line != null;
                    start[image] = affine ? line[0] : 0;
                    step[image] = affine ? line[1] : 0;
                }
                if (affine) {
                    return shared(axis, start, step);
                }
            }
        }
        return null;
    }

    /** Images that agree share one ramp, so that the layer takes any batch. */
    private static Ramp shared(Axis axis, double[] start, double[] step) {
        boolean equal = Arrays.stream(start).distinct().count() <= 1 && Arrays.stream(step).distinct().count() <= 1;
        return equal ? new Ramp(axis, start[0], step[0]) : new Ramp(axis, start, step);
    }

    private boolean isConstantAcross(Axis axis, int channel) {
        for (int image = 0; image < images; image++) {
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    float along = axis == Axis.COLUMN ? value(image, channel, 0, column) : value(image, channel, row, 0);
                    if (value(image, channel, row, column) != along) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /**
     * Start and step of a line through some floats. The decimals that the first float and the mean step were
     * probably written as are tried first, because only the right line rounds to every one of them.
     */
    private static double[] line(int size, double tolerance, IntToDoubleFunction value) {
        double first = value.applyAsDouble(0);
        double mean = size == 1 ? 0 : (value.applyAsDouble(size - 1) - first) / (size - 1);
        double[] starts = {decimal(first), first};
        double[] steps = {decimal(mean), mean};
        double[] closest = null;
        for (double start : starts) {
            for (double step : steps) {
                double worst = 0;
                boolean exact = true;
                for (int i = 0; i < size; i++) {
                    double given = value.applyAsDouble(i);
                    exact &= (float) (start + step * i) == (float) given;
                    worst = Math.max(worst, Math.abs(start + step * i - given));
                }
                if (exact) {
                    return new double[] {start, step};
                }
                if (worst <= tolerance) {
                    closest = new double[] {start, step};
                }
            }
        }
        double[] fitted = size > LONGEST_FIT ? null : fitted(size, value);
        return fitted == null ? closest : fitted;
    }

    /**
     * A line that rounds to each of some floats, or null if there is none. Each float allows the line an interval there. The
     * step lies between the bounds that each pair of intervals sets, and for any such step the intervals leave a start.
     */
    private static double[] fitted(int size, IntToDoubleFunction value) {
        double[] low = new double[size];
        double[] high = new double[size];
        for (int i = 0; i < size; i++) {
            float given = (float) value.applyAsDouble(i);
            low[i] = ((double) given + Math.nextDown(given)) / 2;
            high[i] = ((double) given + Math.nextUp(given)) / 2;
        }
        double least = Double.NEGATIVE_INFINITY;
        double most = Double.POSITIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            for (int j = i + 1; j < size; j++) {
                least = Math.max(least, (low[j] - high[i]) / (j - i));
                most = Math.min(most, (high[j] - low[i]) / (j - i));
            }
        }
        double step = size == 1 ? 0 : (least + most) / 2;
        double from = Double.NEGATIVE_INFINITY;
        double to = Double.POSITIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            from = Math.max(from, low[i] - step * i);
            to = Math.min(to, high[i] - step * i);
        }
        double start = (from + to) / 2;
        for (int i = 0; i < size; i++) {
            if ((float) (start + step * i) != (float) value.applyAsDouble(i)) {
                return null;
            }
        }
        return new double[] {start, step};
    }

    private static double decimal(double value) {
        return Double.parseDouble(Float.toString((float) value));
    }
}

package coordconv.kernels;

import java.util.List;
import java.util.Objects;

/**
 * The coordinate channels that join the features before a convolution, and where they join.
 *
 * <p>They are never stored as a tensor: {@link #value} defines them, and the packing of a plan
 * generates the few rows that a cache block needs. Outside the image they are zero, like every
 * padded tap, and they take no gradient. Source: Liu et al., "An intriguing failing of convolutional
 * neural networks and the CoordConv solution", 2018.
 *
 * @param channels the channels in order; none makes the convolution an ordinary one
 * @param placement whether they come after or before the features
 */
public record CoordChannels(List<Channel> channels, Placement placement) {
    /** No coordinates: an ordinary convolution. */
    public static final CoordChannels NONE = new CoordChannels(List.of(), Placement.AFTER);

    /** Of the unit of a radar's ranges, 100 km. */
    private static final double METRE = 1e-5;
    /** Distance of two measurements of a radar, in metres. */
    static final double GATE = 250;
    private static final double LEAST_RANGE = 2125;

    /** Where the coordinate channels stand in the concatenated input. */
    public enum Placement {
        /** After the features. */
        AFTER,
        /** Before the features. */
        BEFORE
    }

    /** The axis that a ramp rises along. */
    public enum Axis {
        /** x: the column index. */
        COLUMN,
        /** y: the row index. */
        ROW
    }

    /** One coordinate channel. */
    public sealed interface Channel permits Ramp, Radius, ClampedRamp {
        /**
         * The number of images this channel has values for of its own.
         *
         * @return 1 where all images share the values, else the batch size it was made for
         */
        int images();

        /**
         * The value at one pixel, before rounding to float.
         *
         * @param image index of the image in the batch
         * @param row row of the pixel
         * @param column column of the pixel
         * @return the coordinate
         */
        double value(int image, int row, int column);
    }

    /**
     * An affine ramp: {@code start + step * index} along one axis, constant along the other.
     *
     * @param axis the axis whose index is taken
     * @param start value at index 0: one for all images, or one an image
     * @param step difference of two neighbours, in the same number
     */
    public record Ramp(Axis axis, double[] start, double[] step) implements Channel {
        /** Copies the arrays and refuses such as do not go together. */
        public Ramp {
            Arguments.present("axis", axis);
            Arguments.present("start", start);
            Arguments.present("step", step);
            Arguments.check(start.length >= 1 && start.length == step.length, "ramp start and step",
                    start.length + " and " + step.length + " values", "the same number, at least 1");
            start = start.clone();
            step = step.clone();
            for (int i = 0; i < start.length; i++) {
                Arguments.finite("ramp start", start[i]);
                Arguments.finite("ramp step", step[i]);
            }
        }

        /**
         * A ramp that all images share.
         *
         * @param axis the axis whose index is taken
         * @param start value at index 0
         * @param step difference of two neighbours
         */
        public Ramp(Axis axis, double start, double step) {
            this(axis, new double[] {start}, new double[] {step});
        }

        /** {@return a copy of the values at index 0} */
        @Override
        public double[] start() {
            return start.clone();
        }

        /** {@return a copy of the differences of two neighbours} */
        @Override
        public double[] step() {
            return step.clone();
        }

        @Override
        public int images() {
            return start.length;
        }

        @Override
        public double value(int image, int row, int column) {
            int s = start.length == 1 ? 0 : image;
            return start[s] + step[s] * (axis == Axis.COLUMN ? column : row);
        }
    }

    /**
     * A radius: {@code scale * sqrt(first^2 + second^2)}.
     *
     * @param first one ramp, its centre taken off its start
     * @param second the other
     * @param scale factor on the root
     */
    public record Radius(Ramp first, Ramp second, double scale) implements Channel {
        /** Refuses ramps that are made for different numbers of images. */
        public Radius {
            Arguments.present("first", first);
            Arguments.present("second", second);
            Arguments.finite("radius scale", scale);
            int a = first.images();
            int b = second.images();
            Arguments.check(a == b || a == 1 || b == 1, "radius ramps", a + " and " + b + " images",
                    "the same number of images, or 1");
        }

        @Override
        public int images() {
            return Math.max(first.images(), second.images());
        }

        @Override
        public double value(int image, int row, int column) {
            double a = first.value(image, row, column);
            double b = second.value(image, row, column);
            return scale * Math.sqrt(a * a + b * b);
        }
    }

    /**
     * A ramp that never falls below a least value, or the reciprocal of one: {@code max(ramp, least)} and
     * {@code 1 / max(ramp, least)}, as the ranges of a radar are that sees nothing close by.
     *
     * @param ramp the ramp
     * @param least what it is kept to, above 0
     * @param reciprocal whether the channel is one divided by it
     */
    public record ClampedRamp(Ramp ramp, double least, boolean reciprocal) implements Channel {
        /** Refuses a least value that is not above 0. */
        public ClampedRamp {
            Arguments.present("ramp", ramp);
            Arguments.finite("least value of a clamped ramp", least);
            Arguments.check(least > 0, "least value of a clamped ramp", least, "above 0");
        }

        @Override
        public int images() {
            return ramp.images();
        }

        @Override
        public double value(int image, int row, int column) {
            double clamped = Math.max(ramp.value(image, row, column), least);
            return reciprocal ? 1 / clamped : clamped;
        }
    }

    /**
     * The range r of each column of a radar's image in units of 100 km, never below that of the first measurement,
     * 2.125 km, and 1/r: the coordinates of TorNet, after the features. Columns lie from 250 m inside the least range to
     * 250 m inside the greatest. Source: Veillette et al., "A Benchmark Dataset for Tornado Detection and
     * Prediction using Full-Resolution Polarimetric Weather Radar Data", 2024, and {@code compute_coordinates} of its code,
     * mit-ll/tornet.
     *
     * @param nearest least range in metres, {@code rng_lower} in the data set: one for all images, or one an image
     * @param farthest greatest range in metres, {@code rng_upper}, in the same number
     * @param width W, at least 1; one column alone has the least range
     * @return two channels
     * @throws IllegalArgumentException naming ranges that are none
     */
    public static CoordChannels radarRange(double[] nearest, double[] farthest, int width) {
        Arguments.present("nearest", nearest);
        Arguments.present("farthest", farthest);
        Arguments.positive("width", width);
        Arguments.check(nearest.length >= 1 && nearest.length == farthest.length, "nearest and farthest",
                nearest.length + " and " + farthest.length + " ranges", "the same number, at least 1");
        double[] start = new double[nearest.length];
        double[] step = new double[nearest.length];
        for (int i = 0; i < start.length; i++) {
            Arguments.check(nearest[i] >= 0 && farthest[i] > nearest[i] && farthest[i] < Double.POSITIVE_INFINITY,
                    "nearest and farthest", nearest[i] + " and " + farthest[i],
                    "finite ranges of at least 0, the second the greater one");
            start[i] = (nearest[i] + GATE) * METRE;
            step[i] = width == 1 ? 0 : ((farthest[i] - GATE) * METRE - start[i]) / (width - 1);
        }
        Ramp ramp = new Ramp(Axis.COLUMN, start, step);
        return new CoordChannels(List.of(new ClampedRamp(ramp, LEAST_RANGE * METRE, false),
                new ClampedRamp(ramp, LEAST_RANGE * METRE, true)), Placement.AFTER);
    }

    /** Copies the list. */
    public CoordChannels {
        for (Channel channel : Arguments.present("channels", channels)) {
            Arguments.present("channel", channel);
        }
        channels = List.copyOf(channels);
        Arguments.present("placement", placement);
    }

    /**
     * The number of coordinate channels.
     *
     * @return 0 for an ordinary convolution
     */
    public int count() {
        return channels.size();
    }

    /**
     * The coordinate that the convolution sees.
     *
     * @param channel index among the coordinate channels
     * @param image index of the image in the batch
     * @param row row of the pixel, inside the image
     * @param column column of the pixel, inside the image
     * @return the value, rounded to float once
     * @throws IndexOutOfBoundsException if there is no such channel
     */
    public float value(int channel, int image, int row, int column) {
        return (float) channels.get(Objects.checkIndex(channel, channels.size())).value(image, row, column);
    }
}

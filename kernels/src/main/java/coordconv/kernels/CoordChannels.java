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

    /** Where the coordinate channels stand in the concatenated input. */
    public enum Placement { AFTER, BEFORE }

    /** The axis that a ramp rises along. */
    public enum Axis {
        /** x: the column index. */
        COLUMN,
        /** y: the row index. */
        ROW
    }

    /** One coordinate channel. */
    public sealed interface Channel permits Ramp, Radius {
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

        @Override
        public double[] start() {
            return start.clone();
        }

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

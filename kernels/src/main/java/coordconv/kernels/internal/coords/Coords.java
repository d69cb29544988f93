package coordconv.kernels.internal.coords;

import java.util.Arrays;
import java.util.Objects;

/**
 * The coordinate channels of one image batch: the only place that turns rows and columns into values.
 *
 * <p>Channel c is {@code start + step * index} along one axis (Liu et al., "An intriguing failing of
 * convolutional neural networks and the CoordConv solution", 2018), {@code scale * sqrt(first^2 + second^2)} of two such
 * ramps, or a ramp kept to a least value, or one divided by that. It is computed in double precision and rounded to float once.
 */
public final class Coords {
    /** No channels: an ordinary convolution. */
    public static final Coords NONE = new Coords(new Ramp[0], new Ramp[0], new double[0], new Clamp[0], false);

    private final Ramp[] first;
    private final Ramp[] second;
    private final double[] scale;
    private final Clamp[] clamp;
    private final boolean beforeFeatures;

    /**
     * Channels, one entry each in all four arrays.
     *
     * @param first the ramp of the channel
     * @param second a second ramp where the channel is a radius, else null
     * @param scale factor of a radius
     * @param clamp what the first ramp is kept to, or null
     * @param beforeFeatures whether the coordinates stand before the features
     */
    public Coords(Ramp[] first, Ramp[] second, double[] scale, Clamp[] clamp, boolean beforeFeatures) {
        this.first = first;
        this.second = second;
        this.scale = scale;
        this.clamp = clamp;
        this.beforeFeatures = beforeFeatures;
    }

    /**
     * An affine ramp along one axis.
     *
     * @param alongColumns whether it rises with the column index, not the row index
     * @param start value at index 0: one for all images, or one an image
     * @param step difference of two neighbours, in the same number
     */
    public record Ramp(boolean alongColumns, double[] start, double[] step) {
        double at(int image, int row, int column) {
            int s = start.length == 1 ? 0 : image;
            return start[s] + step[s] * (alongColumns ? column : row);
        }

        boolean isShared() {
            return start.length == 1;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Ramp ramp && alongColumns == ramp.alongColumns
                    && Arrays.equals(start, ramp.start) && Arrays.equals(step, ramp.step);
        }

        @Override
        public int hashCode() {
            return Objects.hash(alongColumns, Arrays.hashCode(start), Arrays.hashCode(step));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Coords coords && beforeFeatures == coords.beforeFeatures && Arrays.equals(first, coords.first)
                && Arrays.equals(second, coords.second) && Arrays.equals(scale, coords.scale)
                && Arrays.equals(clamp, coords.clamp);
    }

    @Override
    public int hashCode() {
        return Objects.hash(beforeFeatures, Arrays.hashCode(first), Arrays.hashCode(second), Arrays.hashCode(scale),
                Arrays.hashCode(clamp));
    }

    /**
     * A least value of a ramp.
     *
     * @param least what the ramp is kept to, above 0
     * @param reciprocal whether the channel is one divided by it
     */
    public record Clamp(double least, boolean reciprocal) {
        double of(double value) {
            double clamped = Math.max(value, least);
            return reciprocal ? 1 / clamped : clamped;
        }
    }

    /** {@return number of channels} */
    public int count() {
        return first.length;
    }

    /** {@return whether the coordinates stand before the features} */
    public boolean beforeFeatures() {
        return beforeFeatures;
    }

    /** {@return whether all rows of all images hold the same values of a channel} */
    public boolean isSameInAllRows(int channel) {
        return second[channel] == null && first[channel].alongColumns && first[channel].isShared();
    }

    /** {@return whether all images hold the same values of a channel} */
    public boolean isSameInAllImages(int channel) {
        return first[channel].isShared() && (second[channel] == null || second[channel].isShared());
    }

    /** {@return whether a channel is an affine ramp along one axis: no radius, and kept to no least value} */
    public boolean isRamp(int channel) {
        return second[channel] == null && clamp[channel] == null;
    }

    /** {@return whether a channel that is a ramp rises with the column index, not the row index} */
    public boolean isAlongColumns(int channel) {
        return first[channel].alongColumns;
    }

    /**
     * The value at one pixel, before rounding to float.
     *
     * @param channel coordinate channel
     * @param image image of the batch
     * @param row row of the pixel
     * @param column column of the pixel
     * @return the coordinate
     */
    public double value(int channel, int image, int row, int column) {
        double a = first[channel].at(image, row, column);
        if (clamp[channel] != null) {
            return clamp[channel].of(a);
        }
        if (second[channel] == null) {
            return a;
        }
        double b = second[channel].at(image, row, column);
        return scale[channel] * Math.sqrt(a * a + b * b);
    }

    /**
     * Writes values of one image row.
     *
     * @param channel coordinate channel
     * @param image image of the batch
     * @param row row of the image
     * @param column column of the first value
     * @param stride columns from one value to the next
     * @param count number of values
     * @param dst destination
     * @param at offset of the first value
     */
    public void fillRow(int channel, int image, int row, int column, int stride, int count, float[] dst, int at) {
        Ramp ramp = first[channel];
        if (!isRamp(channel)) {
            for (int v = 0; v < count; v++) {
                dst[at + v] = (float) value(channel, image, row, column + v * stride);
            }
        } else if (ramp.alongColumns) {
            int s = ramp.isShared() ? 0 : image;
            fillRamp(ramp.start[s], ramp.step[s], column, stride, count, dst, at);
        } else {
            Arrays.fill(dst, at, at + count, (float) ramp.at(image, row, column));
        }
    }

    private static void fillRamp(double start, double step, int column, int stride, int count, float[] dst, int at) {
        for (int v = 0; v < count; v++) {
            dst[at + v] = (float) (start + step * (column + v * stride));
        }
    }

    /**
     * Writes values of consecutive pixels of a batch of images, row after row and image after image.
     *
     * @param channel coordinate channel
     * @param height rows of an image
     * @param width columns of an image
     * @param pixel first pixel, counted from the first one of image 0
     * @param count number of pixels
     * @param dst destination
     * @param at offset of the first value
     */
    public void fillPixels(int channel, int height, int width, int pixel, int count, float[] dst, int at) {
        boolean sameRows = isSameInAllRows(channel);
        int wholeRow = -1;
        int run;
        for (int i = 0; i < count; i += run) {
            int q = pixel + i;
            int row = q / width;
            int column = q - row * width;
            run = Math.min(count - i, width - column);
            if (wholeRow >= 0) {
                // Rows that follow a whole one begin at column 0, as it did.
                System.arraycopy(dst, wholeRow, dst, at + i, run);
            } else {
                fillRow(channel, row / height, row % height, column, 1, run, dst, at + i);
                wholeRow = sameRows && run == width ? at + i : -1;
            }
        }
    }
}

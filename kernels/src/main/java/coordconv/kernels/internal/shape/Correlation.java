package coordconv.kernels.internal.shape;

import coordconv.kernels.internal.coords.Coords;
import java.util.Arrays;
import java.util.Objects;

/**
 * One strided cross-correlation, the only shape of work the engine knows:
 * {@code out[n, m, i, j] = sum over c, t of w[m, c, t] * in[n, c, i * strideH + tapRow[t], j * strideW + tapColumn[t]]}
 * with zeros outside the image.
 *
 * <p>A forward convolution is one correlation a group. The gradient to the input is one a group and a
 * stride phase, over the output gradient: the pixels of one phase meet a fixed subset of the taps, so no
 * zero is ever multiplied (the sub-pixel decomposition).
 *
 * @param input where the input lies
 * @param channels what the correlation sums over
 * @param grid the columns of the product
 * @param output where results go
 * @param weights where the weights of row m, channel c, tap t lie
 * @param biasAt index of row 0's bias
 */
public record Correlation(Image input, Channels channels, Grid grid, Output output, Weights weights, int biasAt) {
    /**
     * A tensor in memory.
     *
     * @param batch N
     * @param height rows
     * @param width columns
     * @param batchStride image stride
     * @param channelStride channel stride
     * @param rowStride row stride
     * @param columnStride column stride
     */
    public record Image(int batch, int height, int width,
                        int batchStride, int channelStride, int rowStride, int columnStride) {
        /** {@return a tensor with so many floats from one pixel to the next, or with 0 for one in planes} */
        static Image of(int pitch, int n, int c, int h, int w) {
            return pitch == 0 || pitch == 1
                    ? new Image(n, h, w, c * h * w, h * w, w, 1)
                    : new Image(n, h, w, h * w * pitch, 1, w * pitch, pitch);
        }

        /** {@return whether the channels of a pixel, and not the pixels of a channel, lie side by side} */
        public boolean isChannelsLast() {
            return columnStride != 1;
        }

        /** {@return offset of a pixel in a channel, or -1 outside the image} */
        public int offsetOf(int row, int column) {
            boolean inside = row >= 0 && row < height && column >= 0 && column < width;
            return inside ? row * rowStride + column * columnStride : -1;
        }
    }

    /**
     * The channels summed over: features from memory, coordinates generated.
     *
     * @param features number of features
     * @param firstFeature index of the first in the tensor
     * @param coords the coordinate channels of the whole convolution
     * @param coordCount how many of them are summed over
     * @param firstCoord the first of those
     */
    public record Channels(int features, int firstFeature, Coords coords, int coordCount, int firstCoord) {
        /** {@return whether the coordinates stand before the features} */
        public boolean coordsFirst() {
            return coords.beforeFeatures();
        }

        /** {@return whether all images hold the same values of these coordinates} */
        public boolean coordsAreShared() {
            for (int c = firstCoord; c < firstCoord + coordCount; c++) {
                if (!coords.isSameInAllImages(c)) {
                    return false;
                }
            }
            return true;
        }

        /** {@return features and coordinates together} */
        public int total() {
            return features + coordCount;
        }

        /** {@return the first joined channel that is a feature} */
        public int featuresFrom() {
            return coordsFirst() ? coordCount : 0;
        }

        /** {@return first feature of the joined channels from one on} */
        public int featuresFrom(int from) {
            return Math.max(from, featuresFrom());
        }

        /** {@return joined channel after the last feature of those before one; there may be none} */
        public int featuresTo(int to) {
            return Math.min(to, featuresFrom() + features);
        }

        /** {@return first coordinate of the joined channels from one on} */
        public int coordsFrom(int from) {
            return coordsFirst() ? from : Math.max(from, features);
        }

        /** {@return joined channel after the last coordinate of those before one; there may be none} */
        public int coordsTo(int to) {
            return coordsFirst() ? Math.min(to, coordCount) : to;
        }

        /** {@return index in the tensor of joined channel c, a feature} */
        public int feature(int c) {
            return firstFeature + (coordsFirst() ? c - coordCount : c);
        }

        /** {@return index among the coordinates of joined channel c, a coordinate} */
        public int coord(int c) {
            return firstCoord + coordSlot(c);
        }

        /** {@return place of joined channel c, a coordinate, among those of this correlation} */
        public int coordSlot(int c) {
            return coordsFirst() ? c : c - features;
        }
    }

    /**
     * The output grid of one image, and the taps of one grid point: all pairs of some rows and some columns of the input, evenly
     * spaced both.
     *
     * @param height rows
     * @param width columns
     * @param strideH input rows from one grid row to the next
     * @param strideW input columns from one grid column to the next
     * @param tapRow input row of each tap at grid row 0
     * @param tapColumn input column of each tap at grid column 0
     */
    public record Grid(int height, int width, int strideH, int strideW, int[] tapRow, int[] tapColumn) {
        /** {@return grid points of one image} */
        public int points() {
            return height * width;
        }

        /** {@return number of taps} */
        public int taps() {
            return tapRow.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Grid grid && height == grid.height && width == grid.width && strideH == grid.strideH
                    && strideW == grid.strideW && Arrays.equals(tapRow, grid.tapRow) && Arrays.equals(tapColumn, grid.tapColumn);
        }

        @Override
        public int hashCode() {
            return Objects.hash(height, width, strideH, strideW, Arrays.hashCode(tapRow), Arrays.hashCode(tapColumn));
        }
    }

    /**
     * Where results go.
     *
     * @param rows M, the output channels
     * @param base offset of image 0, row 0, grid point (0, 0)
     * @param batchStride image stride
     * @param rowStride stride from one output channel to the next
     * @param gridRowStride stride from one grid row to the next
     * @param gridColumnStride stride from one grid column to the next
     */
    public record Output(int rows, int base, int batchStride, int rowStride, int gridRowStride, int gridColumnStride) {}

    /**
     * Where weights lie: {@code base + m * rowStride + c * channelStride + tapAt[t]}.
     *
     * @param base offset of row 0, channel 0
     * @param rowStride row stride
     * @param channelStride stride from one joined channel to the next
     * @param tapAt offset of each tap
     */
    public record Weights(int base, int rowStride, int channelStride, int[] tapAt) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Weights weights && base == weights.base && rowStride == weights.rowStride
                    && channelStride == weights.channelStride && Arrays.equals(tapAt, weights.tapAt);
        }

        @Override
        public int hashCode() {
            return Objects.hash(base, rowStride, channelStride, Arrays.hashCode(tapAt));
        }
    }

    /** {@return this correlation over its features alone} */
    public Correlation withoutCoords() {
        int firstChannel = channels.featuresFrom();
        return new Correlation(input,
                new Channels(channels.features(), channels.firstFeature(), Coords.NONE, 0, 0), grid, output,
                new Weights(weights.base() + firstChannel * weights.channelStride(), weights.rowStride(),
                        weights.channelStride(), weights.tapAt()), biasAt);
    }

    /** {@return N * grid points: the columns of the product} */
    public int columns() {
        return input.batch * grid.points();
    }

    /** {@return K, the depth of the product} */
    public int depth() {
        return channels.total() * grid.taps();
    }

    /** {@return whether the columns of an image are its pixels in the order of the input: 1x1, stride 1} */
    public boolean isPointwise() {
        return grid.taps() == 1 && grid.tapRow[0] == 0 && grid.tapColumn[0] == 0
                && grid.strideH == 1 && grid.strideW == 1
                && grid.height == input.height && grid.width == input.width
                && input.rowStride == input.width * input.columnStride;
    }
}

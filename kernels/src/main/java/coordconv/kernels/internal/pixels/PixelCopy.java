package coordconv.kernels.internal.pixels;

import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Copies windows of the input, the summed features of each pixel side by side, with zeros for what lies outside the image. */
final class PixelCopy {
    private final Correlation.Image input;
    private final int features;
    private final int firstFeature;
    /** Whether the features of neighbouring pixels follow one another without a gap. */
    private final boolean dense;

    PixelCopy(Correlation correlation) {
        input = correlation.input();
        features = correlation.channels().features();
        firstFeature = correlation.channels().firstFeature();
        boolean together = input.channelStride() == 1 || features == 1;
        dense = together && input.columnStride() == features;
    }

    /**
     * Copies a window.
     *
     * @param x input
     * @param image index of the image
     * @param fromRow first row, maybe outside the image
     * @param rows number of rows
     * @param fromColumn first column, maybe outside the image
     * @param columns number of columns
     * @param copy destination
     * @param at offset of the first pixel in it
     * @param rowStride floats from one row to the next in it
     */
    void copy(Floats x, int image, int fromRow, int rows, int fromColumn, int columns, float[] copy, int at, int rowStride) {
        int inside = Math.clamp(-(long) fromColumn, 0, columns);
        int outside = Math.clamp((long) input.width() - fromColumn, inside, columns);
        for (int i = 0; i < rows; i++) {
            int row = fromRow + i;
            int to = at + i * rowStride;
            if (row < 0 || row >= input.height() || inside == outside) {
                Arrays.fill(copy, to, to + columns * features, 0);
                continue;
            }
            int from = image * input.batchStride() + row * input.rowStride() + (fromColumn + inside) * input.columnStride();
            Arrays.fill(copy, to, to + inside * features, 0);
            copyPixels(x, from, outside - inside, copy, to + inside * features);
            Arrays.fill(copy, to + outside * features, to + columns * features, 0);
        }
    }

    private void copyPixels(Floats x, int from, int pixels, float[] copy, int at) {
        int first = from + firstFeature * input.channelStride();
        if (dense) {
            copyFloats(x, first, pixels * features, copy, at);
        } else if (input.channelStride() == 1) {
            for (int p = 0; p < pixels; p++) {
                copyFloats(x, first + p * input.columnStride(), features, copy, at + p * features);
            }
        } else if (features == 3 && input.columnStride() == 1 && x.array() != null) {
            interleaveThree(x.array(), x.arrayOffset() + first, pixels, copy, at);
        } else {
            for (int c = 0; c < features; c++) {
                interleave(x, first + c * input.channelStride(), pixels, copy, at + c);
            }
        }
    }

    /** The three planes of a picture in one loop, whose stores follow one another. */
    private void interleaveThree(float[] array, int first, int pixels, float[] copy, int at) {
        int second = first + input.channelStride();
        int third = second + input.channelStride();
        for (int p = 0; p < pixels; p++) {
            copy[at + 3 * p] = array[first + p];
            copy[at + 3 * p + 1] = array[second + p];
            copy[at + 3 * p + 2] = array[third + p];
        }
    }

    private void interleave(Floats x, int from, int pixels, float[] copy, int at) {
        float[] array = x.array();
        if (array == null) {
            for (int p = 0; p < pixels; p++) {
                copy[at + p * features] = x.get((long) from + p * input.columnStride());
            }
            return;
        }
        int first = x.arrayOffset() + from;
        for (int p = 0; p < pixels; p++) {
            copy[at + p * features] = array[first + p * input.columnStride()];
        }
    }

    /** Copies floats from wherever they lie to an array. */
    static void copyFloats(Floats x, int from, int count, float[] copy, int at) {
        if (x.array() != null) {
            System.arraycopy(x.array(), x.arrayOffset() + from, copy, at, count);
        } else {
            MemorySegment.copy(x.segment(), x.layout(), (long) from * Float.BYTES, copy, at, count);
        }
    }

    /** Copies floats from an array to wherever they shall lie. */
    static void storeFloats(float[] from, int fromAt, int count, Floats y, int at) {
        if (y.array() != null) {
            System.arraycopy(from, fromAt, y.array(), y.arrayOffset() + at, count);
        } else {
            MemorySegment.copy(from, fromAt, y.segment(), y.layout(), (long) at * Float.BYTES, count);
        }
    }
}

package coordconv.layers.pooling;

import coordconv.layers.Shape;
import java.util.Arrays;
import java.util.Objects;

/**
 * The maximum of each window; padded places never win, a NaN always does. The gradient goes to the first
 * maximum in row-major order.
 */
public final class MaxPool2d extends WindowPool {
    private final PoolSpec spec;
    /** For each part of the work the maxima over the rows of a window, between the padding of a row. */
    private float[][] down;
    /** The maxima over whole windows, those between two strides included. */
    private float[][] across;
    private float[][] shifted;
    private int[] winners;

    /**
     * Windows side by side, without padding.
     *
     * @param kernel height, width and stride of the windows
     */
    public MaxPool2d(int kernel) {
        this(PoolSpec.of(kernel));
    }

    /**
     * Square windows.
     *
     * @param kernel height and width of the windows
     * @param stride distance of two windows
     * @param padding places around the image
     */
    public MaxPool2d(int kernel, int stride, int padding) {
        this(PoolSpec.of(kernel, kernel).withStride(stride).withPadding(padding));
    }

    /**
     * In full.
     *
     * @param spec where the windows lie
     */
    public MaxPool2d(PoolSpec spec) {
        this.spec = Objects.requireNonNull(spec, "spec");
    }

    /** {@return where the windows lie} */
    public PoolSpec spec() {
        return spec;
    }

    @Override
    public String type() {
        return "MaxPool2D";
    }

    @Override
    Windows windowsDown(Shape input) {
        return spec.windowsDown(input);
    }

    @Override
    Windows windowsAcross(Shape input) {
        return spec.windowsAcross(input);
    }

    @Override
    String needs() {
        return spec.needs();
    }

    @Override
    void prepare(Shape input, Shape output, int parts, boolean gradients) {
        winners = gradients ? new int[output.elements()] : null;
        int reach = (columns.count - 1) * spec.strideWidth() + Windows.extent(spec.kernelWidth(), spec.dilationWidth());
        int floats = Math.max(reach, spec.padLeft() + input.extent(3)) * channels;
        down = new float[parts][floats];
        across = new float[parts][floats];
        shifted = new float[parts][floats];
        for (float[] row : down) {
            Arrays.fill(row, Float.NEGATIVE_INFINITY);
        }
    }

    @Override
    void pool(int part, float[] image, int plane, int width, int row, float[] pooled, int outputAt, boolean remember) {
        if (remember) {
            remember(image, plane, width, row, pooled, outputAt);
            return;
        }
        // Down the columns first, then along the row of maxima, whose padding never wins: whole rows at a time, each copied
        // to the place of the row that it meets, since C2 does not vectorise a loop that stores floats at another offset
        // than it loads.
        float[] max = down[part];
        float[] other = shifted[part];
        int left = spec.padLeft() * channels;
        int at = plane + rows.first[row] * width;
        System.arraycopy(image, at, max, left, width);
        for (int k = 1; k < rows.inside[row]; k++) {
            at += rows.step * width;
            System.arraycopy(image, at, other, left, width);
            keepGreater(max, other, left, left + width);
        }
        if (channels > 1 || spec.strideWidth() == 1) {
            together(max, across[part], other, pooled, outputAt);
        } else {
            apart(max, pooled, outputAt);
        }
    }

    private static void keepGreater(float[] kept, float[] other, int from, int to) {
        for (int i = from; i < to; i++) {
            kept[i] = Math.max(kept[i], other[i]);
        }
    }

    private void together(float[] max, float[] best, float[] other, float[] pooled, int outputAt) {
        int step = spec.strideWidth() * channels;
        int floats = (columns.count - 1) * step + channels;
        System.arraycopy(max, 0, best, 0, floats);
        for (int k = 1; k < spec.kernelWidth(); k++) {
            System.arraycopy(max, k * columns.step * channels, other, 0, floats);
            keepGreater(best, other, 0, floats);
        }
        if (step == channels) {
            System.arraycopy(best, 0, pooled, outputAt, floats);
        } else {
            for (int j = 0; j < columns.count; j++) {
                System.arraycopy(best, j * step, pooled, outputAt + j * channels, channels);
            }
        }
    }

    private void apart(float[] max, float[] pooled, int outputAt) {
        for (int j = 0, start = 0; j < columns.count; j++, start += spec.strideWidth()) {
            float best = max[start];
            for (int k = 1, from = start + columns.step; k < spec.kernelWidth(); k++, from += columns.step) {
                best = Math.max(best, max[from]);
            }
            pooled[outputAt + j] = best;
        }
    }

    private void remember(float[] image, int plane, int width, int row, float[] pooled, int outputAt) {
        for (int j = 0; j < columns.count; j++) {
            int first = plane + rows.first[row] * width;
            int best = first + columns.first[j];
            for (int k = 0; k < rows.inside[row]; k++, first += rows.step * width) {
                for (int l = 0, at = first + columns.first[j]; l < columns.inside[j]; l++, at += columns.step) {
                    if (image[at] > image[best] || image[at] != image[at] && image[best] == image[best]) {
                        best = at;
                    }
                }
            }
            winners[outputAt + j] = best;
            pooled[outputAt + j] = image[best];
        }
    }

    @Override
    void spread(float[] pooled, int outputAt, float[] dx, int plane, int width, int row) {
        for (int at = outputAt; at < outputAt + columns.count; at++) {
            dx[winners[at]] += pooled[at];
        }
    }
}

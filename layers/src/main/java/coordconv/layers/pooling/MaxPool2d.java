package coordconv.layers.pooling;

import coordconv.layers.Shape;
import java.util.Arrays;
import java.util.Objects;

/**
 * The maximum of each window; padded places never win, a NaN always does. The gradient goes to the first
 * maximum in row-major order.
 */
public final class MaxPool2d extends WindowPool {
    /** Floats of a row that are pooled at a time, so that their maxima stay in the first-level cache. */
    private static final int PIECE = 2048;

    private final PoolSpec spec;
    /** Windows of a row that are pooled at a time. */
    private int pieceColumns;
    /** For each part of the work the maxima over the rows of some windows. */
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
        int step = spec.strideWidth() * channels;
        pieceColumns = Math.clamp(PIECE / step, 1, columns.count);
        int floats = (pieceColumns - 1) * step + Windows.extent(spec.kernelWidth(), spec.dilationWidth()) * channels;
        down = new float[parts][floats];
        across = new float[parts][floats];
        shifted = new float[parts][floats];
    }

    @Override
    void pool(int part, float[] image, int plane, int width, int row, float[] pooled, int outputAt, boolean remember) {
        if (remember) {
            remember(image, plane, width, row, pooled, outputAt);
            return;
        }
        for (int j = 0; j < columns.count; j += pieceColumns) {
            int count = Math.min(pieceColumns, columns.count - j);
            maximaDown(part, image, plane + rows.first[row] * width, width, rows.inside[row], j, count);
            if (channels > 1 || spec.strideWidth() == 1) {
                together(down[part], across[part], shifted[part], count, pooled, outputAt + j * channels);
            } else {
                apart(down[part], count, pooled, outputAt + j);
            }
        }
    }

    /**
     * The maxima down the columns of some windows of a row, between padding that never wins: whole rows at a time, each copied
     * to the place of the row that it meets, since C2 does not vectorise a loop that stores floats at another offset than it
     * loads.
     */
    private void maximaDown(int part, float[] image, int firstRow, int width, int inside, int firstWindow, int windows) {
        float[] max = down[part];
        float[] other = shifted[part];
        int step = spec.strideWidth() * channels;
        int left = spec.padLeft() * channels - firstWindow * step;
        int floats = (windows - 1) * step + Windows.extent(spec.kernelWidth(), spec.dilationWidth()) * channels;
        int from = Math.max(0, left);
        int to = Math.min(floats, left + width);
        Arrays.fill(max, 0, from, Float.NEGATIVE_INFINITY);
        Arrays.fill(max, to, floats, Float.NEGATIVE_INFINITY);
        int at = firstRow + from - left;
        System.arraycopy(image, at, max, from, to - from);
        for (int k = 1; k < inside; k++) {
            at += rows.step * width;
            System.arraycopy(image, at, other, from, to - from);
            keepGreater(max, other, from, to);
        }
    }

    private static void keepGreater(float[] kept, float[] other, int from, int to) {
        for (int i = from; i < to; i++) {
            kept[i] = Math.max(kept[i], other[i]);
        }
    }

    private void together(float[] max, float[] best, float[] other, int count, float[] pooled, int outputAt) {
        int step = spec.strideWidth() * channels;
        int floats = (count - 1) * step + channels;
        System.arraycopy(max, 0, best, 0, floats);
        for (int k = 1; k < spec.kernelWidth(); k++) {
            System.arraycopy(max, k * columns.step * channels, other, 0, floats);
            keepGreater(best, other, 0, floats);
        }
        if (step == channels) {
            System.arraycopy(best, 0, pooled, outputAt, floats);
        } else {
            for (int j = 0; j < count; j++) {
                System.arraycopy(best, j * step, pooled, outputAt + j * channels, channels);
            }
        }
    }

    private void apart(float[] max, int count, float[] pooled, int outputAt) {
        for (int j = 0, start = 0; j < count; j++, start += spec.strideWidth()) {
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

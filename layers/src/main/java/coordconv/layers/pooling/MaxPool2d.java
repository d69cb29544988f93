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
    private float[][] greatest;
    private double[][] running;
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
        greatest = new float[parts][Math.max(reach, spec.padLeft() + input.extent(3)) * channels];
        running = new double[parts][Math.max(columns.count, input.extent(3)) * channels];
        for (float[] row : greatest) {
            Arrays.fill(row, Float.NEGATIVE_INFINITY);
        }
    }

    @Override
    void pool(int part, float[] image, int plane, int width, int row, float[] pooled, int outputAt, boolean remember) {
        if (remember) {
            remember(image, plane, width, row, pooled, outputAt);
            return;
        }
        // Down the columns first, whole rows at a time, then along the row of maxima, whose padding never wins. Each
        // loop stores doubles and loads floats or the other way: C2 does not vectorise one that stores floats at
        // another offset than it loads.
        double[] best = running[part];
        float[] max = greatest[part];
        Arrays.fill(best, 0, width, Double.NEGATIVE_INFINITY);
        for (int k = 0, at = plane + rows.first[row] * width; k < rows.inside[row]; k++, at += rows.step * width) {
            for (int i = 0; i < width; i++) {
                best[i] = Math.max(best[i], image[at + i]);
            }
        }
        int left = spec.padLeft() * channels;
        for (int i = 0; i < width; i++) {
            max[left + i] = (float) best[i];
        }
        if (channels > 1) {
            pixels(max, best, pooled, outputAt);
        } else if (spec.strideWidth() == 1) {
            sliding(max, best, pooled, outputAt);
        } else {
            apart(max, pooled, outputAt);
        }
    }

    private void pixels(float[] max, double[] best, float[] pooled, int outputAt) {
        int count = channels;
        for (int j = 0, start = 0; j < columns.count; j++, start += spec.strideWidth() * count) {
            Arrays.fill(best, 0, count, Double.NEGATIVE_INFINITY);
            for (int k = 0, from = start; k < spec.kernelWidth(); k++, from += columns.step * count) {
                for (int c = 0; c < count; c++) {
                    best[c] = Math.max(best[c], max[from + c]);
                }
            }
            int at = outputAt + j * count;
            for (int c = 0; c < count; c++) {
                pooled[at + c] = (float) best[c];
            }
        }
    }

    private void sliding(float[] max, double[] best, float[] pooled, int outputAt) {
        int count = columns.count;
        Arrays.fill(best, 0, count, Double.NEGATIVE_INFINITY);
        for (int k = 0, from = 0; k < spec.kernelWidth(); k++, from += columns.step) {
            for (int j = 0; j < count; j++) {
                best[j] = Math.max(best[j], max[from + j]);
            }
        }
        for (int j = 0; j < count; j++) {
            pooled[outputAt + j] = (float) best[j];
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

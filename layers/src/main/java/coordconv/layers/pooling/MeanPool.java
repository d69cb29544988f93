package coordconv.layers.pooling;

import coordconv.layers.Shape;
import java.util.Arrays;

/** The mean of each window. */
abstract class MeanPool extends WindowPool {
    private double[][] sums;
    private double[][] totals;

    /** Whether places in the padding count in the divisor. */
    abstract boolean countsPadding();

    @Override
    final void prepare(Shape input, Shape output, int parts, boolean gradients) {
        sums = new double[parts][input.extent(3) * channels];
        totals = new double[parts][channels];
    }

    private float share(int row, int column) {
        return 1f / (countsPadding() ? rows.places[row] * columns.places[column]
                : rows.inside[row] * columns.inside[column]);
    }

    @Override
    final void pool(int part, float[] image, int plane, int width, int row, float[] pooled, int outputAt, boolean winners) {
        double[] sum = sums[part];
        Arrays.fill(sum, 0);
        for (int k = 0, at = plane + rows.first[row] * width; k < rows.inside[row]; k++, at += rows.step * width) {
            for (int i = 0; i < width; i++) {
                sum[i] += image[at + i];
            }
        }
        if (channels > 1) {
            pixels(sum, totals[part], row, pooled, outputAt);
            return;
        }
        for (int j = 0; j < columns.count; j++) {
            double total = 0;
            for (int k = 0, at = columns.first[j]; k < columns.inside[j]; k++, at += columns.step) {
                total += sum[at];
            }
            pooled[outputAt + j] = (float) (total * share(row, j));
        }
    }

    private void pixels(double[] sum, double[] total, int row, float[] pooled, int outputAt) {
        for (int j = 0; j < columns.count; j++) {
            Arrays.fill(total, 0);
            for (int k = 0, from = columns.first[j] * channels; k < columns.inside[j]; k++, from += columns.step * channels) {
                for (int c = 0; c < channels; c++) {
                    total[c] += sum[from + c];
                }
            }
            float share = share(row, j);
            int at = outputAt + j * channels;
            for (int c = 0; c < channels; c++) {
                pooled[at + c] = (float) (total[c] * share);
            }
        }
    }

    @Override
    final void spread(float[] pooled, int outputAt, float[] dx, int plane, int width, int row) {
        for (int j = 0; j < columns.count; j++) {
            float each = pooled[outputAt + j] * share(row, j);
            for (int k = 0, from = plane + rows.first[row] * width; k < rows.inside[row]; k++, from += rows.step * width) {
                for (int l = 0, at = from + columns.first[j]; l < columns.inside[j]; l++, at += columns.step) {
                    dx[at] += each;
                }
            }
        }
    }
}

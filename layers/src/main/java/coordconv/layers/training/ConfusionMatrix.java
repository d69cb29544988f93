package coordconv.layers.training;

import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import java.util.Arrays;
import java.util.Objects;

/**
 * How many pixels of each class were taken for each class, and the figures that follow: predictions are logits
 * [N, K, ...], targets maps [N, ...] of class indices held as floats. A pixel's class is that of its greatest logit, of
 * equals the first. Target indices that are no class, such as 255, are left out.
 */
public final class ConfusionMatrix {
    private final int classes;
    private final long[] counts;

    /**
     * A matrix of zeros.
     *
     * @param classes K
     */
    public ConfusionMatrix(int classes) {
        if (classes < 1 || classes > 1 << 15) {
            throw new IllegalArgumentException("classes: given " + classes + ", needed 1 to " + (1 << 15));
        }
        this.classes = classes;
        counts = new long[classes * classes];
    }

    static void requireClasses(Tensor prediction) {
        if (prediction.shape().rank() < 2) {
            throw new ShapeException("prediction: given " + prediction.shape() + ", needed [N, K, ...]");
        }
    }

    /** {@return K} */
    public int classes() {
        return classes;
    }

    /** Takes all counts back. */
    public void clear() {
        Arrays.fill(counts, 0);
    }

    /**
     * Counts the pixels of some samples; nothing is allocated.
     *
     * @param prediction logits [N, K, ...]
     * @param target classes [N, ...]
     * @param from first sample
     * @param to end of the samples
     * @throws ShapeException if the shapes do not fit
     */
    public void add(Tensor prediction, Tensor target, int from, int to) {
        requireClasses(prediction);
        int pixels = prediction.shape().elements(2, prediction.shape().rank());
        int batch = prediction.shape().batch();
        if (prediction.shape().extent(1) != classes) {
            throw new ShapeException("prediction: given " + prediction.shape() + ", needed [N, " + classes + ", ...]");
        }
        if (target.data().length != batch * pixels) {
            throw new ShapeException("target: given " + target.shape() + ", needed a class index for each pixel, "
                    + batch * pixels + " in all");
        }
        Objects.checkFromToIndex(from, to, batch);
        for (int n = from; n < to; n++) {
            for (int p = 0; p < pixels; p++) {
                float wanted = target.data()[n * pixels + p];
                if (wanted >= 0 && wanted < classes) {
                    counts[(int) wanted * classes + best(prediction.data(), n * classes * pixels + p, pixels)]++;
                }
            }
        }
    }

    private int best(float[] logits, int at, int stride) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            best = logits[at + k * stride] > logits[at + best * stride] ? k : best;
        }
        return best;
    }

    /**
     * How many pixels of one class were taken for another.
     *
     * @param target what they are
     * @param predicted what they were taken for
     * @return the count
     */
    public long count(int target, int predicted) {
        return counts[Objects.checkIndex(target, classes) * classes + Objects.checkIndex(predicted, classes)];
    }

    /** {@return the share of the pixels that were taken for what they are; 1 without pixels} */
    public double accuracy() {
        long all = 0;
        long right = 0;
        for (int k = 0; k < classes; k++) {
            right += count(k, k);
            all += row(k);
        }
        return all == 0 ? 1 : (double) right / all;
    }

    /**
     * Pixels that are of a class and taken for it, over those that are either.
     *
     * @param index of the class
     * @return the ratio; NaN if there are neither
     */
    public double intersectionOverUnion(int index) {
        long union = row(index) + column(index) - count(index, index);
        return union == 0 ? Double.NaN : (double) count(index, index) / union;
    }

    /** {@return the mean of {@link #intersectionOverUnion} over the classes that occur on either side; 1 if none does} */
    public double meanIntersectionOverUnion() {
        double sum = 0;
        int present = 0;
        for (int k = 0; k < classes; k++) {
            double ratio = intersectionOverUnion(k);
            if (!Double.isNaN(ratio)) {
                sum += ratio;
                present++;
            }
        }
        return present == 0 ? 1 : sum / present;
    }

    private long row(int target) {
        long sum = 0;
        for (int k = 0; k < classes; k++) {
            sum += count(target, k);
        }
        return sum;
    }

    private long column(int predicted) {
        long sum = 0;
        for (int k = 0; k < classes; k++) {
            sum += count(k, predicted);
        }
        return sum;
    }
}

package coordconv.layers.training;

import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import java.util.Objects;

/** The metrics in common use. */
public final class Metrics {
    private Metrics() {}

    /**
     * The share of samples whose greatest logit is that of the target class; of equal logits the first counts.
     *
     * @return a metric over predictions [N, K] and targets [N]
     */
    public static Metric accuracy() {
        return new Metric() {
            @Override
            public String name() {
                return "accuracy";
            }

            @Override
            public double sum(Tensor prediction, Tensor target, int samples) {
                int classes = prediction.data().length / prediction.shape().batch();
                int right = 0;
                for (int n = 0; n < samples; n++) {
                    right += argmax(prediction.data(), n * classes, classes) == (int) target.data()[n] ? 1 : 0;
                }
                return right;
            }
        };
    }

    /**
     * The index of the greatest of some floats.
     *
     * @param a the floats
     * @param from first index
     * @param count how many
     * @return the index, counted from {@code from}; the first of equals
     * @throws IndexOutOfBoundsException if they do not lie inside the array
     */
    public static int argmax(float[] a, int from, int count) {
        Objects.checkFromIndexSize(from, count, a.length);
        int best = from;
        for (int i = from + 1; i < from + count; i++) {
            if (a[i] > a[best]) {
                best = i;
            }
        }
        return best - from;
    }

    /**
     * The Euclidean distance of prediction and target, times a factor.
     *
     * @param name what it is called
     * @param scale factor
     * @return a metric over predictions and targets of equal shape
     */
    public static Metric distance(String name, double scale) {
        return new Metric() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double sum(Tensor prediction, Tensor target, int samples) {
                int each = prediction.data().length / prediction.shape().batch();
                double sum = 0;
                for (int n = 0; n < samples; n++) {
                    double squares = 0;
                    for (int i = n * each; i < (n + 1) * each; i++) {
                        double difference = (double) prediction.data()[i] - target.data()[i];
                        squares += difference * difference;
                    }
                    sum += scale * Math.sqrt(squares);
                }
                return sum;
            }
        };
    }

    /**
     * Intersection over union of the elements whose logit is above 0 and those whose target is above 1/2; 1
     * where both are empty.
     *
     * @return a metric over predictions and targets of equal shape
     */
    public static Metric intersectionOverUnion() {
        return new Metric() {
            @Override
            public String name() {
                return "IoU";
            }

            @Override
            public double sum(Tensor prediction, Tensor target, int samples) {
                int each = prediction.data().length / prediction.shape().batch();
                double sum = 0;
                for (int n = 0; n < samples; n++) {
                    int both = 0;
                    int either = 0;
                    for (int i = n * each; i < (n + 1) * each; i++) {
                        boolean drawn = prediction.data()[i] > 0;
                        boolean wanted = target.data()[i] > 0.5f;
                        both += drawn && wanted ? 1 : 0;
                        either += drawn || wanted ? 1 : 0;
                    }
                    sum += either == 0 ? 1 : (double) both / either;
                }
                return sum;
            }
        };
    }

    /**
     * The share of the pixels whose greatest logit is that of the target class, over whole images; of equal logits the
     * first counts.
     *
     * @return a metric over predictions [N, K, ...] and maps of classes [N, ...]
     */
    public static Metric pixelAccuracy() {
        return new OfConfusion("pixel accuracy") {
            @Override
            double value(ConfusionMatrix counts) {
                return counts.accuracy();
            }
        };
    }

    /**
     * Intersection over union of each class that an image or its target has, and the mean over these. Over a whole data
     * set, where each class counts once, it is a {@link ConfusionMatrix} that gives it.
     *
     * @return a metric over predictions [N, K, ...] and maps of classes [N, ...]
     */
    public static Metric meanIntersectionOverUnion() {
        return new OfConfusion("mean IoU") {
            @Override
            double value(ConfusionMatrix counts) {
                return counts.meanIntersectionOverUnion();
            }
        };
    }

    /**
     * The mean Euclidean distance of points, times a factor: for coordinates from 0 to 1 and the side of the image as
     * factor, an error in pixels.
     *
     * @param name what it is called
     * @param scale factor
     * @return a metric over predictions and targets of equal shape, x and y of each point one behind the other
     */
    public static Metric pointError(String name, double scale) {
        return new Metric() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double sum(Tensor prediction, Tensor target, int samples) {
                int each = prediction.data().length / prediction.shape().batch();
                if (each % 2 != 0 || target.data().length != prediction.data().length) {
                    throw new ShapeException("prediction and target: given " + prediction.shape() + " and " + target.shape()
                            + ", needed equal shapes with x and y of each point");
                }
                double sum = 0;
                for (int i = 0; i < samples * each; i += 2) {
                    double x = (double) prediction.data()[i] - target.data()[i];
                    double y = (double) prediction.data()[i + 1] - target.data()[i + 1];
                    sum += Math.sqrt(x * x + y * y);
                }
                return scale * sum / (each / 2);
            }
        };
    }

    /** A figure of each image's own counts. */
    private abstract static class OfConfusion implements Metric {
        private final String name;
        private ConfusionMatrix counts;

        OfConfusion(String name) {
            this.name = name;
        }

        abstract double value(ConfusionMatrix counts);

        @Override
        public String name() {
            return name;
        }

        @Override
        public double sum(Tensor prediction, Tensor target, int samples) {
            ConfusionMatrix.requireClasses(prediction);
            int classes = prediction.shape().extent(1);
            if (counts == null || counts.classes() != classes) {
                counts = new ConfusionMatrix(classes);
            }
            double sum = 0;
            for (int n = 0; n < samples; n++) {
                counts.clear();
                counts.add(prediction, target, n, n + 1);
                sum += value(counts);
            }
            return sum;
        }
    }
}

package coordconv.layers.losses;

import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import coordconv.layers.internal.FloatLoops;
import java.util.Arrays;
import java.util.Objects;

/**
 * {@code -log softmax(logits)[class]} of each pixel, over the classes at axis 1: logits [N, K, H, W], or [N, K, ...] of
 * any other rank, and as target a map [N, H, W] of class indices 0 to K - 1 held as floats, or probabilities of the
 * logits' shape, such as one-hot. It is the mean over the pixels, weighted by the weight of each pixel's class; pixels
 * of the ignored index count nothing, and if all are ignored the loss is 0. Source: PyTorch's CrossEntropyLoss.
 */
public final class PixelCrossEntropy implements Loss {
    private final float[] weights;
    private final int ignored;
    private final boolean ignores;

    /** Every pixel and every class counts the same. */
    public PixelCrossEntropy() {
        this(null, 0, false);
    }

    private PixelCrossEntropy(float[] weights, int ignored, boolean ignores) {
        this.weights = weights;
        this.ignored = ignored;
        this.ignores = ignores;
    }

    /**
     * {@return the same loss with weights}
     *
     * @param ofClasses a factor for each class, finite and at least 0
     */
    public PixelCrossEntropy weighted(float... ofClasses) {
        for (float weight : Objects.requireNonNull(ofClasses, "ofClasses")) {
            if (!(weight >= 0 && weight < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("ofClasses: given " + Arrays.toString(ofClasses)
                        + ", needed finite numbers of at least 0");
            }
        }
        return new PixelCrossEntropy(ofClasses.clone(), ignored, ignores);
    }

    /**
     * {@return the same loss without the pixels of an index}
     *
     * @param index what the map holds where nothing is to be learned, such as 255; it may be a class or not
     */
    public PixelCrossEntropy ignoring(int index) {
        return new PixelCrossEntropy(weights, index, true);
    }

    @Override
    public double evaluate(Tensor prediction, Tensor target, Tensor gradient) {
        Elements.requireGradient(prediction, gradient);
        if (prediction.shape().rank() < 2) {
            throw new ShapeException("prediction: given " + prediction.shape() + ", needed [N, K, ...]");
        }
        int classes = prediction.shape().extent(1);
        int pixels = prediction.shape().elements(2, prediction.shape().rank());
        if (weights != null && weights.length != classes) {
            throw new ShapeException("prediction: given " + prediction.shape() + ", needed [N, " + weights.length
                    + ", ...] for as many weights");
        }
        boolean probabilities = classes > 1 && target.shape().equals(prediction.shape());
        if (!probabilities && target.data().length != prediction.data().length / classes) {
            throw new ShapeException("target: given " + target.shape() + ", needed a class index for each pixel, "
                    + prediction.data().length / classes + " in all, or probabilities " + prediction.shape());
        }
        if (probabilities) {
            Elements.requireProbabilities(target);
        }
        double divisor = probabilities ? prediction.data().length / classes : weight(target.data(), classes);
        double loss = 0;
        for (int n = 0; n < prediction.shape().batch(); n++) {
            for (int p = 0; p < pixels; p++) {
                int at = n * classes * pixels + p;
                loss += probabilities ? soft(prediction.data(), target.data(), gradient.data(), at, classes, pixels, divisor)
                        : hard(prediction.data(), target.data()[n * pixels + p], gradient.data(), at, classes, pixels, divisor);
            }
        }
        return divisor == 0 ? 0 : loss / divisor;
    }

    /** The weights of all pixels together; an index that is none is refused before anything is written. */
    private double weight(float[] target, int classes) {
        double sum = 0;
        for (float index : target) {
            if (ignores && index == ignored) {
                continue;
            }
            if (!(index >= 0 && index < classes) || index != (int) index) {
                throw new IllegalArgumentException("target: given class " + index + ", needed a whole number of 0 to "
                        + (classes - 1) + (ignores ? ", or " + ignored : ""));
            }
            sum += of((int) index);
        }
        return sum;
    }

    private double of(int index) {
        return weights == null ? 1 : weights[index];
    }

    private double hard(float[] z, float index, float[] g, int at, int classes, int stride, double divisor) {
        if (ignores && index == ignored || divisor == 0) {
            for (int k = 0; k < classes; k++) {
                g[at + k * stride] = 0;
            }
            return 0;
        }
        int wanted = (int) index;
        double scale = of(wanted) / divisor;
        double logarithm = logarithmOfSum(z, at, classes, stride);
        for (int k = 0; k < classes; k++) {
            double p = Math.exp(z[at + k * stride] - logarithm);
            g[at + k * stride] = FloatLoops.withoutNegligible(scale * (p - (k == wanted ? 1 : 0)));
        }
        return of(wanted) * (logarithm - z[at + wanted * stride]);
    }

    private double soft(float[] z, float[] t, float[] g, int at, int classes, int stride, double divisor) {
        double logarithm = logarithmOfSum(z, at, classes, stride);
        double loss = 0;
        double weight = 0;
        for (int k = 0; k < classes; k++) {
            double share = of(k) * t[at + k * stride];
            weight += share;
            loss += share * (logarithm - z[at + k * stride]);
        }
        for (int k = 0; k < classes; k++) {
            double p = Math.exp(z[at + k * stride] - logarithm);
            g[at + k * stride] = FloatLoops.withoutNegligible((weight * p - of(k) * t[at + k * stride]) / divisor);
        }
        return loss;
    }

    /** {@code log sum e^z}, without overflow. */
    private static double logarithmOfSum(float[] z, int at, int classes, int stride) {
        float max = z[at];
        for (int k = 1; k < classes; k++) {
            max = Math.max(max, z[at + k * stride]);
        }
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            sum += Math.exp(z[at + k * stride] - (double) max);
        }
        return max + Math.log(sum);
    }
}

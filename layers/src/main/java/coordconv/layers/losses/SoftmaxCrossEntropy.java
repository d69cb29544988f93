package coordconv.layers.losses;

import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import coordconv.layers.internal.FloatLoops;

/**
 * {@code mean -log softmax(logits)[class]} over the batch: logits [N, K], target [N] of class indices 0 to
 * K - 1, held as floats.
 */
public final class SoftmaxCrossEntropy implements Loss {
    /** Makes the loss. */
    public SoftmaxCrossEntropy() {}

    @Override
    public double evaluate(Tensor prediction, Tensor target, Tensor gradient) {
        Elements.requireGradient(prediction, gradient);
        int batch = prediction.shape().batch();
        int classes = prediction.data().length / batch;
        float[] z = prediction.data();
        float[] g = gradient.data();
        if (target.data().length != batch) {
            throw new ShapeException("target: given " + target.shape() + ", needed one class index a sample, [" + batch + "]");
        }
        for (float index : target.data()) {
            if (!(index >= 0 && index < classes) || index != (int) index) {
                throw new IllegalArgumentException("target: given class " + index + ", needed a whole number of 0 to "
                        + (classes - 1));
            }
        }
        double loss = 0;
        for (int n = 0; n < batch; n++) {
            int at = n * classes;
            float max = FloatLoops.max(z, at, classes);
            double sum = 0;
            for (int i = at; i < at + classes; i++) {
                double e = Math.exp(z[i] - max);
                g[i] = FloatLoops.withoutNegligible(e);
                sum += e;
            }
            int wanted = at + (int) target.data()[n];
            loss += Math.log(sum) - (z[wanted] - max);
            FloatLoops.affine(g, at, (float) (1 / (sum * batch)), 0, g, at, classes);
            g[wanted] -= 1f / batch;
        }
        return loss / batch;
    }
}

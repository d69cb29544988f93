package coordconv.layers.losses;

import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;

/** Refusals that the losses share. */
final class Elements {
    private Elements() {}

    static void requireEqual(Tensor prediction, Tensor target, Tensor gradient) {
        requireGradient(prediction, gradient);
        if (target.data().length != prediction.data().length) {
            throw new ShapeException("target: given " + target.shape() + ", needed as many elements as the prediction, "
                    + prediction.shape());
        }
    }

    static void requireGradient(Tensor prediction, Tensor gradient) {
        if (!gradient.shape().equals(prediction.shape())) {
            throw new ShapeException("gradient: given " + gradient.shape() + ", needed the prediction's "
                    + prediction.shape());
        }
    }
}

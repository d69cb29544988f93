package coordconv.layers.losses;

import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;

/** Refusals that the losses share. */
final class Elements {
    private Elements() {}

    static void requireEqual(Tensor prediction, Tensor target, Tensor gradient) {
        requireGradient(prediction, gradient);
        if (!equalUpToOnes(target.shape(), prediction.shape())) {
            throw new ShapeException("target: given " + target.shape() + ", needed the prediction's " + prediction.shape()
                    + " up to extents of 1");
        }
    }

    /** [N, F, 1, 1] of a global pooling holds what [N, F] holds; [3, 2] does not hold what [2, 3] does. */
    private static boolean equalUpToOnes(Shape a, Shape b) {
        int i = 0;
        int j = 0;
        while (true) {
            i = skipOnes(a, i);
            j = skipOnes(b, j);
            if (i == a.rank() || j == b.rank()) {
                return i == a.rank() && j == b.rank();
            }
            if (a.extent(i++) != b.extent(j++)) {
                return false;
            }
        }
    }

    private static int skipOnes(Shape shape, int from) {
        int axis = from;
        while (axis < shape.rank() && shape.extent(axis) == 1) {
            axis++;
        }
        return axis;
    }

    static void requireProbabilities(Tensor target) {
        for (float probability : target.data()) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("target: given " + probability + ", needed probabilities of 0 to 1");
            }
        }
    }

    static void requireGradient(Tensor prediction, Tensor gradient) {
        if (!gradient.shape().equals(prediction.shape())) {
            throw new ShapeException("gradient: given " + gradient.shape() + ", needed the prediction's "
                    + prediction.shape());
        }
    }
}

package coordconv.layers.merging;

import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.internal.FloatLoops;
import java.util.List;

/**
 * The element-wise product of two tensors of one shape, or of images and one factor a channel:
 * [N, C, H, W] and [N, C, 1, 1], in either order, -> [N, C, H, W].
 */
public final class Mul extends MergingLayer {
    /** Makes the layer. */
    public Mul() {}

    @Override
    public String type() {
        return "Mul";
    }

    @Override
    Shape merged(List<Shape> shapes) {
        requireInputs(shapes, 2, 2);
        Shape a = shapes.get(0);
        Shape b = shapes.get(1);
        if (a.equals(b) || isPerChannel(b, a)) {
            return a;
        }
        if (isPerChannel(a, b)) {
            return b;
        }
        throw refuse("inputs", shapes, "equal shapes, or [N, C, H, W] and [N, C, 1, 1]");
    }

    private static boolean isPerChannel(Shape factors, Shape images) {
        return images.rank() == 4 && factors.equals(Shape.of(images.batch(), images.extent(1), 1, 1));
    }

    @Override
    void merge(Tensor[] x, Tensor y) {
        int first = x[0].shape().elements();
        int second = x[1].shape().elements();
        if (first == second) {
            FloatLoops.multiply(x[0].data(), x[1].data(), y.data(), first);
        } else {
            scale(x[first > second ? 0 : 1], x[first > second ? 1 : 0], y);
        }
    }

    /** Multiplies each plane of the images by its factor. */
    private static void scale(Tensor images, Tensor factors, Tensor into) {
        int planes = factors.shape().elements();
        int pixels = images.shape().elements() / planes;
        for (int plane = 0; plane < planes; plane++) {
            FloatLoops.scale(images.data(), factors.data()[plane], into.data(), plane * pixels, pixels);
        }
    }

    @Override
    void split(Tensor[] x, Tensor dy, Tensor[] dx) {
        for (int i = 0; i < dx.length; i++) {
            if (dx[i] != null) {
                gradient(dy, x[1 - i], dx[i]);
            }
        }
    }

    private static void gradient(Tensor dy, Tensor other, Tensor into) {
        int all = dy.shape().elements();
        int planes = into.shape().elements();
        if (planes < all) {
            int pixels = all / planes;
            for (int plane = 0; plane < planes; plane++) {
                into.data()[plane] = (float) FloatLoops.dot(dy.data(), plane * pixels, other.data(), plane * pixels, pixels);
            }
        } else if (other.shape().elements() < all) {
            scale(dy, other, into);
        } else {
            FloatLoops.multiply(dy.data(), other.data(), into.data(), all);
        }
    }
}

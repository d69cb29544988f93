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
        float[] a = x[0].data();
        float[] b = x[1].data();
        if (a.length == b.length) {
            FloatLoops.multiply(a, b, y.data());
        } else {
            scale(longer(a, b), shorter(a, b), y.data());
        }
    }

    /** Multiplies each plane of the images by its factor. */
    private static void scale(float[] images, float[] factors, float[] into) {
        int pixels = images.length / factors.length;
        for (int plane = 0; plane < factors.length; plane++) {
            FloatLoops.scale(images, factors[plane], into, plane * pixels, pixels);
        }
    }

    private static float[] longer(float[] a, float[] b) {
        return a.length > b.length ? a : b;
    }

    private static float[] shorter(float[] a, float[] b) {
        return a.length > b.length ? b : a;
    }

    @Override
    void split(Tensor[] x, Tensor dy, Tensor[] dx) {
        for (int i = 0; i < dx.length; i++) {
            if (dx[i] != null) {
                gradient(dy.data(), x[1 - i].data(), dx[i].data());
            }
        }
    }

    private static void gradient(float[] dy, float[] other, float[] into) {
        if (into.length < dy.length) {
            int pixels = dy.length / into.length;
            for (int plane = 0; plane < into.length; plane++) {
                into[plane] = (float) FloatLoops.dot(dy, plane * pixels, other, plane * pixels, pixels);
            }
        } else if (other.length < dy.length) {
            scale(dy, other, into);
        } else {
            FloatLoops.multiply(dy, other, into);
        }
    }
}

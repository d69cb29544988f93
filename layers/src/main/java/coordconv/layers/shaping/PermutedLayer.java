package coordconv.layers.shaping;

import coordconv.layers.Execution;
import coordconv.layers.Shape;
import coordconv.layers.internal.Transposition;

/** A layer that puts elements in another order: some view of its input with the axes of the view permuted. */
abstract class PermutedLayer extends RearrangingLayer {
    private Transposition forward;
    private Transposition backward;

    /** The input under the shape whose axes are permuted; infer() has accepted it. */
    abstract Shape view(Shape input);

    /** Which axis of the view each axis of the permuted view is. */
    abstract int[] order(Shape input);

    @Override
    final void prepare(Shape input, Execution execution) {
        Shape view = view(input);
        int[] order = order(input);
        int[] permuted = new int[order.length];
        int[] back = new int[order.length];
        for (int axis = 0; axis < order.length; axis++) {
            permuted[axis] = view.extent(order[axis]);
            back[order[axis]] = axis;
        }
        forward = new Transposition(view.toArray(), order, execution.parallelism(), execution.width());
        backward = new Transposition(permuted, back, execution.parallelism(), execution.width());
    }

    @Override
    final void copy(float[] x, float[] y) {
        forward.copy(x, y);
    }

    @Override
    final void bringBack(float[] dy, float[] dx) {
        backward.copy(dy, dx);
    }
}

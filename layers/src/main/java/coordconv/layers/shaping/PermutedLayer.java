package coordconv.layers.shaping;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;

/** A layer that puts elements in another order: some view of its input with the axes of the view permuted. */
abstract class PermutedLayer extends UnaryLayer {
    private Transposition forward;
    private Transposition backward;
    private Tensor y;
    private Tensor dx;

    /** The input under the shape whose axes are permuted; infer() has accepted it. */
    abstract Shape view(Shape input);

    /** Which axis of the view each axis of the permuted view is. */
    abstract int[] order(Shape input);

    @Override
    protected final void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        Shape view = view(input);
        int[] order = order(input);
        int[] permuted = new int[order.length];
        int[] back = new int[order.length];
        for (int axis = 0; axis < order.length; axis++) {
            permuted[axis] = view.extent(order[axis]);
            back[order[axis]] = axis;
        }
        forward = new Transposition(view, order, execution.parallelism());
        backward = new Transposition(Shape.of(permuted), back, execution.parallelism());
        y = Tensor.zeros(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
    }

    @Override
    protected final Tensor compute(Tensor x, Phase phase) {
        forward.copy(x.data(), y.data());
        return y;
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        if (dx != null) {
            backward.copy(dy.data(), dx.data());
        }
        return dx;
    }
}

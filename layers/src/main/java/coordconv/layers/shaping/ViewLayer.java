package coordconv.layers.shaping;

import coordconv.layers.Execution;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;

/** A layer that gives the same floats under another shape; nothing is copied. */
abstract class ViewLayer extends UnaryLayer implements Cloneable {
    private Shape input;
    private Shape output;
    private Tensor forwardSource;
    private Tensor forwardView;
    private Tensor backwardSource;
    private Tensor backwardView;

    @Override
    protected final OutputMemory outputMemory() {
        return OutputMemory.INPUT;
    }

    @Override
    protected final void allocate(Shape in, Shape out, Execution execution, boolean inputGradient) {
        input = in;
        output = out;
        forwardSource = null;
        backwardSource = null;
    }

    /** Makes a view again only when another tensor comes, so that no step allocates. */
    @Override
    protected final Tensor compute(Tensor x, Phase phase) {
        if (x != forwardSource) {
            forwardView = x.view(output);
            forwardSource = x;
        }
        return forwardView;
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        if (dy != backwardSource) {
            backwardView = dy.view(input);
            backwardSource = dy;
        }
        return backwardView;
    }
}

package coordconv.onnx.operators;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Hands its input on as it is, and refuses sizes that the layers behind it were not read for: a model may compute
 * with the sizes of its input in ways that layers do not follow.
 */
public final class FixedSize extends UnaryLayer implements Cloneable {
    private final Shape size;
    private final boolean batch;
    private final boolean rest;

    /**
     * A check, or none.
     *
     * @param size that the model was read for, or null if nothing is checked
     * @param batch whether the first extent must be that one
     * @param rest whether the extents behind the second must be those
     */
    public FixedSize(Shape size, boolean batch, boolean rest) {
        this.size = size;
        this.batch = batch;
        this.rest = rest;
    }

    @Override
    public String type() {
        return size == null ? "Identity" : "FixedSize";
    }

    @Override
    protected Shape infer(Shape input) {
        if (size == null) {
            return input;
        }
        boolean fits = input.rank() == size.rank();
        for (int axis = 0; fits && axis < size.rank(); axis++) {
            fits = (axis == 0 ? !batch : axis == 1 || !rest) || input.extent(axis) == size.extent(axis);
        }
        if (!fits) {
            throw refuse("input", input, needed() + ": the model computes with the sizes of its input; read it again for others");
        }
        return input;
    }

    private String needed() {
        return Arrays.toString(IntStream.range(0, size.rank()).mapToObj(axis ->
                (axis == 0 ? !batch : axis == 1 || !rest) ? "?" : Integer.toString(size.extent(axis))).toArray());
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        // Nothing is kept.
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        return x;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        return dy;
    }
}

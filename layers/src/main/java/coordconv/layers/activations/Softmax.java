package coordconv.layers.activations;

import coordconv.layers.Shape;
import coordconv.layers.internal.Axes;

/**
 * {@code e^x / sum e^x} over an axis, such as the classes of [N, C, H, W] at axis 1, or its logarithm: any shape with
 * that axis in, the same shape out.
 */
public final class Softmax extends SoftmaxLayer {
    private final int axis;
    private final boolean trailing;
    private final boolean logarithm;

    private Softmax(int axis, boolean trailing, boolean logarithm) {
        super(logarithm);
        this.axis = axis;
        this.trailing = trailing;
        this.logarithm = logarithm;
    }

    /**
     * Softmax over one axis.
     *
     * @param axis 0 for the outermost, -1 for the last
     */
    public Softmax(int axis) {
        this(axis, false, false);
    }

    /**
     * The logarithm of softmax over one axis, which keeps what a logarithm of small probabilities would lose.
     *
     * @param axis 0 for the outermost, -1 for the last
     * @return the layer
     */
    public static Softmax logarithm(int axis) {
        return new Softmax(axis, false, true);
    }

    /**
     * Over an axis and all that follow it together, as ONNX had it before operator set 13.
     *
     * @param axis first of the axes, 0 for the outermost, -1 for the last
     * @param logarithm whether the logarithm is wanted
     * @return the layer
     */
    public static Softmax overTrailing(int axis, boolean logarithm) {
        return new Softmax(axis, true, logarithm);
    }

    /** {@return the axis as it was given} */
    public int axis() {
        return axis;
    }

    /** {@return whether the axes behind belong to the same sum} */
    public boolean isOverTrailing() {
        return trailing;
    }

    /** {@return whether the output is the logarithm} */
    public boolean isLogarithm() {
        return logarithm;
    }

    @Override
    public String type() {
        return logarithm ? "LogSoftmax" : "Softmax";
    }

    @Override
    protected Shape infer(Shape input) {
        if (!Axes.isIn(axis, input.rank())) {
            throw refuse("input", input, "a shape with axis " + axis);
        }
        return input;
    }

    @Override
    int firstAxis(Shape input) {
        return Axes.index(axis, input.rank());
    }

    @Override
    int endAxis(Shape input) {
        return trailing ? input.rank() : firstAxis(input) + 1;
    }
}

package coordconv.onnx.operators;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import java.util.Arrays;
import java.util.List;

/**
 * A resize to the size of another value, such as the skip connection that a decoder joins: the first input is resized,
 * of the second only the shape counts.
 */
public final class ResizeLike extends Layer implements Cloneable {
    private final ResizeSpec spec;
    private final int[] from;
    private final int factor;
    private Tensor[] output;
    private Tensor[] gradients;
    private Resize inner;
    private Tensor none;

    /**
     * A resize.
     *
     * @param spec how, by sizes, which are replaced
     * @param from the axes of the second input that give the sizes
     * @param factor the sizes are so many times those extents
     */
    public ResizeLike(ResizeSpec spec, int[] from, int factor) {
        this.spec = spec;
        this.from = from.clone();
        this.factor = factor;
    }

    /**
     * The resize for some shapes.
     *
     * @param reference shape of the second input
     * @return how the first is resized
     */
    public ResizeSpec spec(Shape reference) {
        int[] sizes = Arrays.stream(from).map(axis -> Math.multiplyExact(factor, reference.extent(axis))).toArray();
        return ResizeSpec.toSize(spec.mode(), spec.axes(), sizes).withCoordinates(spec.coordinates())
                .withRounding(spec.rounding()).withCubic(spec.cubic()).withExcludeOutside(spec.excludesOutside())
                .withAntialias(spec.isAntialiased());
    }

    /** {@return how, but for the sizes} */
    public ResizeSpec spec() {
        return spec;
    }

    /** {@return the axes of the second input that give the sizes} */
    public int[] from() {
        return from.clone();
    }

    /** {@return the sizes are so many times those extents} */
    public int factor() {
        return factor;
    }

    @Override
    public String type() {
        return "ResizeLike";
    }

    @Override
    protected List<Shape> infer(List<Shape> inputs) {
        if (inputs.size() != 2 || Arrays.stream(from).anyMatch(axis -> axis >= inputs.get(1).rank())) {
            throw refuse("inputs", inputs, "two, the second with the axes " + Arrays.toString(from));
        }
        return new Resize(spec(inputs.get(1))).outputShapes(inputs.subList(0, 1));
    }

    @Override
    protected void allocate(List<Shape> inputs, List<Shape> outputs, Execution execution, boolean[] inputGradients) {
        output = new Tensor[1];
        gradients = new Tensor[2];
        inner = new Resize(spec(inputs.get(1)));
        inner.configure(inputs.getFirst(), execution, inputGradients[0]);
        none = inputGradients[1] ? Tensor.zeros(inputs.get(1)) : null;
    }

    @Override
    protected Tensor[] compute(Tensor[] inputs, Phase phase) {
        output[0] = inner.forward(inputs[0], phase);
        return output;
    }

    @Override
    protected Tensor[] propagate(Tensor[] dy) {
        gradients[0] = inner.backward(dy[0]);
        if (none != null) {
            // Whoever got it may have added to it.
            Arrays.fill(none.data(), 0);
        }
        gradients[1] = none;
        return gradients;
    }
}

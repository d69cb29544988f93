package coordconv.onnx.operators;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Gives the same values whatever it reads: a constant of a model in a place where layers read values. */
public final class ConstantValue extends UnaryLayer implements Cloneable {
    private Parameter value;
    private Tensor y;
    private Tensor dx;

    /**
     * A constant.
     *
     * @param values in row-major order
     * @param shape of the output
     */
    public ConstantValue(float[] values, Shape shape) {
        float[] own = values.clone();
        value = Parameter.statistic("value", shape, (into, fanIn, fanOut, random) ->
                System.arraycopy(own, 0, into, 0, into.length));
    }

    /** {@return the values, a statistic that is saved and not trained} */
    public Parameter value() {
        return value;
    }

    @Override
    public String type() {
        return "Constant";
    }

    @Override
    protected List<Parameter> own() {
        return List.of(value);
    }

    @Override
    protected Layer replica(UnaryOperator<Parameter> parameters) {
        ConstantValue copy = (ConstantValue) super.replica(parameters);
        copy.value = parameters.apply(value);
        return copy;
    }

    @Override
    protected Shape infer(Shape input) {
        return value.shape();
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = Tensor.of(value.values(), output);
        dx = inputGradient ? Tensor.zeros(input) : null;
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        return y;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        if (dx != null) {
            // It may have been added to since the last pass.
            Arrays.fill(dx.data(), 0);
        }
        return dx;
    }
}

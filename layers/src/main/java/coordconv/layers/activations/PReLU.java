package coordconv.layers.activations;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.OutputMemory;
import coordconv.layers.Parameter;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import coordconv.layers.initialisers.Initialisers;
import coordconv.layers.internal.FloatLoops;
import coordconv.layers.internal.Ranges;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * {@code x > 0 ? x : slope * x} with a learned slope, one for each channel or one for all: [N, C, ...] -> the same.
 * The gradient at 0 is the slope. Source: He et al. 2015.
 */
public final class PReLU extends UnaryLayer implements Cloneable {
    private Parameter weight;
    private Tensor x;
    private Tensor y;
    private Tensor gradient;
    private int channels;
    private int inner;
    private double[] partial;
    private Ranges forward;
    private Ranges backward;

    /**
     * With slopes that start at 0.25.
     *
     * @param slopes C for a slope of each channel, 1 for one that all elements share
     */
    public PReLU(int slopes) {
        weight = Parameter.learned("weight", Shape.of(slopes), Initialisers.constant(0.25f), 1, 1);
    }

    /** {@return the slopes, [C] or [1]} */
    public Parameter weight() {
        return weight;
    }

    @Override
    public String type() {
        return "PReLU";
    }

    @Override
    protected List<Parameter> own() {
        return List.of(weight);
    }

    @Override
    protected Layer replica(UnaryOperator<Parameter> parameters) {
        PReLU copy = (PReLU) super.replica(parameters);
        copy.weight = parameters.apply(weight);
        return copy;
    }

    @Override
    protected Shape infer(Shape input) {
        int slopes = weight.shape().elements();
        if (slopes > 1 && (input.rank() < 2 || input.extent(1) != slopes)) {
            throw refuse("input", input, "[N, " + slopes + ", ...]");
        }
        return input;
    }

    @Override
    protected OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        boolean shared = weight.shape().elements() == 1;
        channels = shared ? 1 : input.extent(1);
        // A shared slope takes the outermost axis for planes: any cut does.
        int planes = shared ? input.rank() == 0 ? 1 : input.extent(0) : input.elements(0, 2);
        inner = input.elements() / planes;
        partial = new double[planes];
        forward = new Ranges(execution.parallelism(), planes, inner, this::forward);
        backward = new Ranges(execution.parallelism(), planes, inner, this::backward);
    }

    @Override
    protected Tensor compute(Tensor input, Phase phase) {
        x = input;
        forward.run();
        return y;
    }

    private void forward(int part, int from, int to) {
        for (int plane = from; plane < to; plane++) {
            FloatLoops.leakyRelu(x.data(), weight.values()[plane % channels], y.data(), plane * inner, (plane + 1) * inner);
        }
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        gradient = dy;
        backward.run();
        float[] slopes = weight.gradient();
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int plane = c; plane < partial.length; plane += channels) {
                sum += partial[plane];
            }
            slopes[c] = (float) sum;
        }
        return dy;
    }

    private void backward(int part, int from, int to) {
        float[] in = x.data();
        float[] g = gradient.data();
        for (int plane = from; plane < to; plane++) {
            double sum = 0;
            float slope = weight.values()[plane % channels];
            for (int i = plane * inner; i < (plane + 1) * inner; i++) {
                sum += (double) g[i] * Math.min(in[i], 0);
                g[i] *= in[i] > 0 ? 1 : slope;
            }
            partial[plane] = sum;
        }
    }
}

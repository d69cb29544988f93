package coordconv.layers.convolution;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.TensorLayout;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.OutputMemory;
import coordconv.layers.Parameter;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import coordconv.layers.activations.EpilogueActivation;
import coordconv.layers.normalisation.BatchNorm2d;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A layer that runs on a convolution plan: weight, optional bias, activation in the epilogue.
 */
public abstract sealed class ConvolutionLayer extends UnaryLayer implements Cloneable
        permits OrdinaryConvolution, TransposedConvolution, Linear {
    private Parameter weight;
    private Parameter bias;
    private final Activation activation;
    private BatchNorm2d normalisation;
    private Activation fused;
    /** Whether results are added to a tensor that is given for each pass. */
    private boolean adds;
    private FoldedWeights folded;
    /** What the copies of a Predictor pack once for all of them; null in a layer that runs alone. */
    private ServedWeights served;
    private Shape plannedInput;
    private PlanOptions plannedOptions;
    private TensorLayout plannedInputLayout;
    private TensorLayout plannedOutputLayout;
    private int plannedOutputPitch;
    private ConvolutionPlan plan;
    private Parallelism parallelism;
    private PackedWeights packed;
    private PackedGradientWeights packedForGradient;
    private long packedVersion;
    private Tensor x;
    private Tensor y;
    private Tensor dx;

    ConvolutionLayer(Parameter weight, Parameter bias, Activation activation) {
        this.weight = weight;
        this.bias = bias;
        this.activation = activation;
        fused = activation;
    }

    /** {@return the learned weights} */
    public final Parameter weight() {
        return weight;
    }

    /** {@return the learned bias, or null if there is none} */
    public final Parameter bias() {
        return bias;
    }

    /** {@return the activation in the epilogue} */
    public final Activation activation() {
        return activation;
    }

    @Override
    protected final List<Parameter> own() {
        return bias == null ? List.of(weight) : List.of(weight, bias);
    }

    /** Makes a geometry; a refusal by the kernels is told again with this layer's name and input. */
    final ConvGeometry naming(Shape input, Supplier<ConvGeometry> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException refusal) {
            ShapeException named = refuse("input", input, "one that fits (" + refusal.getMessage() + ")");
            named.initCause(refusal);
            throw named;
        }
    }

    @Override
    protected final int absorb(List<Layer> following) {
        int taken = 0;
        normalisation = null;
        adds = false;
        fused = activation;
        // An activation of this layer's own stands between it and whatever follows.
        if (activation.kind() == Activation.Kind.IDENTITY) {
            if (takesNormalisation() && taken < following.size() && following.get(taken) instanceof BatchNorm2d next) {
                normalisation = next;
                taken++;
            }
            Activation next = taken < following.size() ? asActivation(following.get(taken)) : null;
            if (next != null) {
                fused = next;
                taken++;
            }
        }
        return taken;
    }

    @Override
    protected final int absorbSum(List<Layer> following) {
        if (!takesSum() || fused.kind() != Activation.Kind.IDENTITY) {
            return -1;
        }
        adds = true;
        Activation next = following.isEmpty() ? null : asActivation(following.getFirst());
        if (next == null) {
            return 0;
        }
        fused = next;
        return 1;
    }

    private static Activation asActivation(Layer layer) {
        return layer instanceof EpilogueActivation epilogue ? epilogue.asActivation() : null;
    }

    @Override
    protected final void addInto(Tensor sum) {
        y = sum;
    }

    /** Whether it adds as fast as it overwrites. */
    boolean takesSum() {
        return false;
    }

    /** Whether the rows of the weights are the output channels, which folding scales. */
    abstract boolean takesNormalisation();

    abstract ConvolutionPlan plan(Shape input, PlanOptions options);

    @Override
    protected final Layer replica(UnaryOperator<Parameter> parameters) {
        ConvolutionLayer copy = (ConvolutionLayer) super.replica(parameters);
        copy.weight = parameters.apply(weight);
        copy.bias = bias == null ? null : parameters.apply(bias);
        copy.served = served == null ? new ServedWeights() : served;
        return copy;
    }

    @Override
    protected final OutputMemory outputMemory() {
        return OutputMemory.SLICE;
    }

    @Override
    protected final void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        parallelism = execution.parallelism();
        PlanOptions options = PlanOptions.DEFAULTS.withActivation(fused).withAccumulate(adds)
                .withWidth(execution.width()).withAlgorithm(execution.algorithm());
        if (served == null) {
            plan = plan(input, options);
            folded = normalisation == null ? null : new FoldedWeights(weight, bias, normalisation);
            packed = plan.pack(weights(), biases());
        } else if (!input.equals(plannedInput) || !options.equals(plannedOptions)
                || inputLayout() != plannedInputLayout || outputLayout() != plannedOutputLayout
                || outputPitch() != plannedOutputPitch) {
            plan = plan(input, options);
            plannedInputLayout = inputLayout();
            plannedOutputLayout = outputLayout();
            plannedOutputPitch = outputPitch();
            packed = served.packedFor(plan, weight, bias, normalisation);
            plannedInput = input;
            plannedOptions = options;
        }
        packedVersion = version();
        packedForGradient = inputGradient ? plan.packForInputGradient(weight.region()) : null;
        y = adds ? null : outputBuffer(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
    }

    @Override
    protected final double flops() {
        return plan.flops();
    }

    @Override
    protected final String algorithm() {
        return plan.algorithm();
    }

    @Override
    protected final Tensor compute(Tensor input, Phase phase) {
        x = input;
        if (packedVersion != version()) {
            if (folded != null) {
                folded.refresh();
            }
            plan.repack(weights(), biases(), packed);
            packedVersion = version();
        }
        plan.forward(input.region(), packed, y.region(), parallelism);
        return y;
    }

    @Override
    protected final Tensor propagate(Tensor dy) {
        Convolutions.activationGradient(activation, y, dy);
        if (weight.isTrainable()) {
            plan.backwardWeights(x.region(), dy.region(), weight.gradientRegion(), parallelism);
        }
        if (bias != null && bias.isTrainable()) {
            plan.backwardBias(dy.region(), bias.gradientRegion(), parallelism);
        }
        if (dx == null) {
            return null;
        }
        plan.repackForInputGradient(weight.region(), packedForGradient);
        plan.backwardInput(dy.region(), packedForGradient, dx.region(), parallelism);
        return dx;
    }

    private FloatRegion weights() {
        return folded != null ? folded.weights() : weight.region();
    }

    private FloatRegion biases() {
        if (folded != null) {
            return folded.biases();
        }
        return bias == null ? null : bias.region();
    }

    private long version() {
        return weight.version() + (bias == null ? 0 : bias.version()) + (folded == null ? 0 : folded.version());
    }
}

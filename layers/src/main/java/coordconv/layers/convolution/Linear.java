package coordconv.layers.convolution;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.PlanOptions;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.initialisers.Initialiser;
import coordconv.layers.initialisers.Initialisers;

/**
 * A fully connected layer: [N, F] -> [N, O], weight [O, F], bias [O]; a 1x1 convolution over 1x1 images.
 */
public final class Linear extends ConvolutionLayer {
    private final int inFeatures;
    private final int outFeatures;

    /**
     * With a bias that starts at 0, He-normal weights and no activation.
     *
     * @param inFeatures F
     * @param outFeatures O
     */
    public Linear(int inFeatures, int outFeatures) {
        this(inFeatures, outFeatures, Activation.IDENTITY);
    }

    /**
     * With a bias that starts at 0 and He-normal weights.
     *
     * @param inFeatures F
     * @param outFeatures O
     * @param activation applied to the output; a leaky slope must be above 0
     */
    public Linear(int inFeatures, int outFeatures, Activation activation) {
        this(inFeatures, outFeatures, activation, true, Initialisers.kaimingNormal(0), Initialisers.constant(0));
    }

    /**
     * In full.
     *
     * @param inFeatures F
     * @param outFeatures O
     * @param activation applied to the output; a leaky slope must be above 0
     * @param bias whether a bias is learned
     * @param weights first weights
     * @param biases first biases
     */
    public Linear(int inFeatures, int outFeatures, Activation activation, boolean bias,
                  Initialiser weights, Initialiser biases) {
        this(ConvSpec.of(inFeatures, outFeatures, 1).withActivation(activation).withBias(bias)
                .withInitialisers(weights, biases));
    }

    private Linear(ConvSpec spec) {
        this(spec, Parameter.learned("weight", Shape.of(spec.outChannels(), spec.inChannels()),
                spec.weightInitialiser(), spec.inChannels(), spec.outChannels()));
    }

    private Linear(ConvSpec spec, Parameter weight) {
        super(weight, Convolutions.bias("", spec, weight), spec.activation());
        inFeatures = spec.inChannels();
        outFeatures = spec.outChannels();
    }

    @Override
    public String type() {
        return "Linear";
    }

    @Override
    protected Shape infer(Shape input) {
        if (input.rank() != 2 || input.extent(1) != inFeatures) {
            throw refuse("input", input, "[N, " + inFeatures + "]");
        }
        return Shape.of(input.batch(), outFeatures);
    }

    @Override
    boolean takesNormalisation() {
        return false;
    }

    @Override
    ConvolutionPlan plan(Shape input, PlanOptions options) {
        return Convolutions.plan(ConvGeometry.builder().input(input.batch(), inFeatures, 1, 1)
                .outChannels(outFeatures).kernel(1, 1).coords(CoordChannels.NONE).build(), options);
    }
}

package coordconv.layers.convolution;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.DeformableConv2dPlan;
import coordconv.kernels.DeformableGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.OutputMemory;
import coordconv.layers.Parameter;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.initialisers.Initialisers;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A convolution whose taps are moved by offsets, in pixels, and scaled by a mask: [N, C, H, W],
 * [N, 2 * groups * KH * KW, OH, OW] and, where there is a mask, [N, groups * KH * KW, OH, OW] -> [N, O, OH, OW], groups those of
 * the {@link Deformation}; weight [O, (C + coords) / spec groups, KH, KW], bias [O]. {@link DeformableConv2dPlan} has the
 * formula.
 *
 * <p>Offsets and mask are inputs, which other layers of a {@link Graph} predict; {@link #predicting} makes the usual graph.
 * With coordinates they are channels beside the features, sampled as those are, and the parameters are named as those of
 * {@link CoordConv2d}.
 */
public final class DeformableConv2d extends Layer implements Cloneable {
    private final ConvSpec spec;
    private final Deformation deformation;
    private final CoordinateSource coords;
    private Parameter weight;
    private Parameter bias;
    private DeformableConv2dPlan plan;
    private Parallelism parallelism;
    private PackedWeights packed;
    private PackedGradientWeights packedForGradients;
    private long packedVersion;
    private Tensor[] inputs;
    private Tensor[] outputs;
    private Tensor[] gradients;
    private Tensor offsetGradient;
    private Tensor maskGradient;

    /**
     * Without coordinates.
     *
     * @param spec channels, kernel and the rest
     * @param deformation offsets and mask
     */
    public DeformableConv2d(ConvSpec spec, Deformation deformation) {
        this(spec, deformation, CoordinateSource.NONE);
    }

    /**
     * With the coordinates of a preset.
     *
     * @param spec channels without the coordinates, kernel and the rest
     * @param deformation offsets and mask
     * @param preset which coordinates, in which order
     */
    public DeformableConv2d(ConvSpec spec, Deformation deformation, CoordPreset preset) {
        this(spec, deformation, CoordinateSource.of(Objects.requireNonNull(preset, "preset")::channels));
    }

    private DeformableConv2d(ConvSpec spec, Deformation deformation, CoordinateSource coords) {
        this.spec = Objects.requireNonNull(spec, "spec");
        this.deformation = Objects.requireNonNull(deformation, "deformation");
        this.coords = coords;
        String prefix = coords.count() == 0 ? "" : CoordConv2d.INNER;
        weight = Convolutions.weight(prefix, spec, coords.count());
        bias = Convolutions.bias(prefix, spec, weight);
        int joined = spec.inChannels() + coords.count();
        if (joined % deformation.groups() != 0) {
            throw new IllegalArgumentException("deformation: given " + deformation.groups() + " groups, needed a divisor of the "
                    + joined + " input channels, coordinates included");
        }
    }

    /**
     * A graph [N, C, H, W] -> [N, O, OH, OW] that predicts offsets and mask from its input: convolutions {@code offsets} and,
     * with a mask, {@code mask} of the same kernel, stride, padding and dilation, a sigmoid on the mask, and the deformable
     * convolution {@code conv}. The predicting weights start at 0, as is usual: no offsets, and a mask of one half.
     *
     * @param spec of the deformable convolution
     * @param deformation offsets and mask
     * @param predictorCoords coordinates of the predicting convolutions, {@link CoordPreset#NONE} for none
     * @return the graph
     */
    public static Graph predicting(ConvSpec spec, Deformation deformation, CoordPreset predictorCoords) {
        Graph.Builder graph = Graph.builder();
        Graph.Value x = graph.input("x");
        return graph.output("y", new DeformableConv2d(spec, deformation).predicted(graph, "conv", x, predictorCoords)).build();
    }

    /**
     * Adds this layer to a graph, with layers before it that predict its offsets and its mask: {@code offsets} and, where there
     * is a mask, {@code mask} and {@code sigmoid}, as {@link #predicting} has them.
     *
     * @param graph where to
     * @param name of this layer's node
     * @param x what it convolves and what offsets and mask are predicted from
     * @param predictorCoords coordinates of the predicting convolutions, {@link CoordPreset#NONE} for none
     * @return the output
     */
    public Graph.Value predicted(Graph.Builder graph, String name, Graph.Value x, CoordPreset predictorCoords) {
        Objects.requireNonNull(graph, "graph");
        Objects.requireNonNull(predictorCoords, "predictorCoords");
        Graph.Value offsets = graph.add("offsets", predictor(offsetChannels(), predictorCoords), x);
        if (!deformation.masked()) {
            return graph.add(name, this, x, offsets);
        }
        Graph.Value logits = graph.add("mask", predictor(maskChannels(), predictorCoords), x);
        return graph.add(name, this, x, offsets, graph.add("sigmoid", new Sigmoid(), logits));
    }

    private Layer predictor(int channels, CoordPreset preset) {
        ConvSpec same = ConvSpec.of(spec.inChannels(), channels, 1).withKernel(spec.kernelHeight(), spec.kernelWidth())
                .withStride(spec.strideHeight(), spec.strideWidth())
                .withPadding(spec.padTop(), spec.padBottom(), spec.padLeft(), spec.padRight())
                .withDilation(spec.dilationHeight(), spec.dilationWidth())
                .withInitialisers(Initialisers.constant(0), Initialisers.constant(0));
        return preset == CoordPreset.NONE ? new Conv2d(same) : new CoordConv2d(same, preset);
    }

    /** {@return what it was made from} */
    public ConvSpec spec() {
        return spec;
    }

    /** {@return offsets and mask} */
    public Deformation deformation() {
        return deformation;
    }

    /** {@return the learned weights} */
    public Parameter weight() {
        return weight;
    }

    /** {@return the learned bias, or null if there is none} */
    public Parameter bias() {
        return bias;
    }

    /**
     * The coordinate channels it sees.
     *
     * @param height H of its input
     * @param width W of its input
     * @return the channels, none where it has no coordinates
     */
    public CoordChannels coords(int height, int width) {
        return coords.channels(height, width);
    }

    private int maskChannels() {
        return deformation.groups() * spec.kernelHeight() * spec.kernelWidth();
    }

    private int offsetChannels() {
        return 2 * maskChannels();
    }

    @Override
    public String type() {
        return "DeformableConv";
    }

    @Override
    protected List<Parameter> own() {
        return bias == null ? List.of(weight) : List.of(weight, bias);
    }

    @Override
    protected List<Shape> infer(List<Shape> given) {
        int count = deformation.masked() ? 3 : 2;
        requireInputs(given, count, count);
        Shape output = Convolutions.outputShape(geometry(given.getFirst()).convolution());
        requireSampling("offsets", given.get(1), output, offsetChannels());
        if (deformation.masked()) {
            requireSampling("mask", given.get(2), output, maskChannels());
        }
        return List.of(output);
    }

    private void requireSampling(String argument, Shape given, Shape output, int channels) {
        Shape needed = Shape.of(output.batch(), channels, output.extent(2), output.extent(3));
        if (!given.equals(needed)) {
            throw refuse(argument, given, needed);
        }
    }

    private DeformableGeometry geometry(Shape input) {
        requireImages(input, spec.inChannels());
        try {
            ConvGeometry convolution = Convolutions.geometry(spec, input, coords.channels(input.extent(2), input.extent(3)));
            return new DeformableGeometry(convolution, deformation.groups(), deformation.masked(), deformation.order());
        } catch (IllegalArgumentException refusal) {
            ShapeException named = refuse("input", input, "one that fits (" + refusal.getMessage() + ")");
            named.initCause(refusal);
            throw named;
        }
    }

    @Override
    protected Layer replica(UnaryOperator<Parameter> parameters) {
        DeformableConv2d copy = (DeformableConv2d) super.replica(parameters);
        copy.weight = parameters.apply(weight);
        copy.bias = bias == null ? null : parameters.apply(bias);
        return copy;
    }

    @Override
    protected OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected void allocate(List<Shape> given, List<Shape> results, Execution execution, boolean[] inputGradients) {
        plan = DeformableConv2dPlan.of(geometry(given.getFirst()),
                PlanOptions.DEFAULTS.withActivation(spec.activation()).withWidth(execution.width())
                        .withAlgorithm(execution.algorithm()));
        parallelism = execution.parallelism();
        packed = plan.pack(weight.region(), biases());
        packedVersion = version();
        inputs = new Tensor[given.size()];
        outputs = new Tensor[] {outputBuffer(results.getFirst())};
        gradients = new Tensor[given.size()];
        boolean sampling = false;
        for (int i = 0; i < inputGradients.length; i++) {
            gradients[i] = inputGradients[i] ? Tensor.zeros(given.get(i)) : null;
            sampling |= i > 0 && inputGradients[i];
        }
        packedForGradients = sampling || inputGradients[0] ? plan.packForGradients(weight.region()) : null;
        // Both come out of one pass: if one of them is wanted, the other needs a place too.
        offsetGradient = sampling ? placeOf(1, given) : null;
        maskGradient = sampling && deformation.masked() ? placeOf(2, given) : null;
    }

    private Tensor placeOf(int input, List<Shape> given) {
        return gradients[input] != null ? gradients[input] : Tensor.zeros(given.get(input));
    }

    @Override
    protected double flops() {
        return plan.flops();
    }

    @Override
    protected String algorithm() {
        return plan.algorithm();
    }

    @Override
    protected Tensor[] compute(Tensor[] given, Phase phase) {
        // The array is the caller's, who may put other tensors there.
        System.arraycopy(given, 0, inputs, 0, given.length);
        if (packedVersion != version()) {
            plan.repack(weight.region(), biases(), packed);
            packedVersion = version();
        }
        plan.forward(given[0].region(), given[1].region(), mask(), packed, outputs[0].region(), parallelism);
        return outputs;
    }

    private FloatRegion mask() {
        return deformation.masked() ? inputs[2].region() : null;
    }

    @Override
    protected Tensor[] propagate(Tensor[] dys) {
        Tensor dy = dys[0];
        Convolutions.activationGradient(spec.activation(), outputs[0], dy);
        FloatRegion x = inputs[0].region();
        FloatRegion offsets = inputs[1].region();
        if (weight.isTrainable()) {
            plan.backwardWeights(x, offsets, mask(), dy.region(), weight.gradientRegion(), parallelism);
        }
        if (bias != null && bias.isTrainable()) {
            plan.backwardBias(dy.region(), bias.gradientRegion(), parallelism);
        }
        if (packedForGradients != null) {
            plan.repackForGradients(weight.region(), packedForGradients);
        }
        if (offsetGradient != null) {
            plan.backwardOffsets(x, offsets, mask(), dy.region(), packedForGradients, offsetGradient.region(),
                    maskGradient == null ? null : maskGradient.region(), parallelism);
        }
        if (gradients[0] != null) {
            plan.backwardInput(dy.region(), offsets, mask(), packedForGradients, gradients[0].region(), parallelism);
        }
        return gradients;
    }

    private FloatRegion biases() {
        return bias == null ? null : bias.region();
    }

    private long version() {
        return weight.version() + (bias == null ? 0 : bias.version());
    }
}

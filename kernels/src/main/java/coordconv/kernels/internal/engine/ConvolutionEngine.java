package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.direct.DirectConvolution;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.shape.Lowering;
import coordconv.kernels.internal.simd.Activation;
import java.util.ArrayList;
import java.util.List;

/**
 * The passes over one convolution, which its transpose shares with their roles exchanged. Each is planned when it is
 * first used.
 */
public final class ConvolutionEngine {
    private final ConvShape shape;
    private final Machine machine;
    private final Activation activation;
    private final float alpha;
    private final boolean transposed;
    private final boolean add;
    private final Object geometry;
    private final Lowering lowering;
    private final AlgorithmSelector selector;
    private final Pass backwardBias;
    private volatile CorrelationPass forward;
    private volatile CorrelationPass backwardData;
    private volatile Pass backwardWeights;

    /**
     * An engine.
     *
     * @param shape the convolution; for a transposed one the convolution it is the adjoint of
     * @param machine kernels, caches, tuning
     * @param activation of the results
     * @param alpha its parameter
     * @param transposed whether a transposed convolution is computed, whose forward pass is {@link #backwardData}
     * @param add whether results are added to what their destination holds
     * @param request which algorithms may be chosen
     * @param geometry what a refusal calls the convolution
     */
    public ConvolutionEngine(ConvShape shape, Machine machine, Activation activation, float alpha, boolean transposed, boolean add,
                             AlgorithmRequest request, Object geometry) {
        this.shape = shape;
        this.machine = machine;
        this.activation = activation;
        this.alpha = alpha;
        this.transposed = transposed;
        this.add = add;
        this.geometry = geometry;
        lowering = new Lowering(shape);
        selector = new AlgorithmSelector(machine, request, add);
        BiasGradient bias = transposed ? new BiasGradient(lowering.input(), shape.channels(), machine, add)
                : new BiasGradient(lowering.output(), shape.outChannels(), machine, add);
        backwardBias = new Pass(List.of(bias), machine.tuning());
    }

    /** {@return whether the groups of a convolution are what {@link AlgorithmRequest#DEPTHWISE} is for} */
    public static boolean hasGroupsOfFewChannels(ConvShape shape) {
        int most = DirectConvolution.MAX_CHANNELS;
        return shape.groups() > 1 && shape.channels() / shape.groups() <= most && shape.outChannels() / shape.groups() <= most
                && shape.inputCoords().count() == 0 && shape.outputCoords().count() == 0;
    }

    /** {@return what the machine gives} */
    public Machine machine() {
        return machine;
    }

    /**
     * The forward pass of the convolution: one correlation a group.
     *
     * @return the pass
     * @throws IllegalArgumentException if its scratch would have 2^31 floats or more
     */
    public CorrelationPass forward() {
        CorrelationPass pass = forward;
        if (pass == null) {
            List<Correlation> groups = new ArrayList<>();
            for (int group = 0; group < shape.groups(); group++) {
                groups.add(lowering.forward(group));
            }
            pass = plan(groups, !transposed);
            forward = pass;
        }
        return pass;
    }

    /**
     * The gradient to the input: one correlation a group and pair of stride phases.
     *
     * @return the pass
     * @throws IllegalArgumentException if its scratch would have 2^31 floats or more
     */
    public CorrelationPass backwardData() {
        CorrelationPass pass = backwardData;
        if (pass == null) {
            List<Correlation> phases = new ArrayList<>();
            for (int group = 0; group < shape.groups(); group++) {
                phases.addAll(lowering.backwardData(group));
            }
            pass = plan(phases, transposed);
            backwardData = pass;
        }
        return pass;
    }

    private CorrelationPass plan(List<Correlation> correlations, boolean activated) {
        try {
            CorrelationPass pass = new CorrelationPass(selector.select(correlations, activated ? activation : Activation.IDENTITY, alpha),
                    selector.whyNotWinograd(correlations), machine.tuning());
            pass.workspaceBytes();
            return pass;
        } catch (ArithmeticException overflow) {
            throw scratchTooLarge();
        }
    }

    /**
     * The gradient to the weights.
     *
     * @return the pass
     * @throws IllegalArgumentException if its scratch would have 2^31 floats or more
     */
    public Pass backwardWeights() {
        Pass pass = backwardWeights;
        if (pass == null) {
            try {
                pass = planBackwardWeights();
            } catch (ArithmeticException overflow) {
                throw scratchTooLarge();
            }
            backwardWeights = pass;
        }
        return pass;
    }

    private Pass planBackwardWeights() {
        List<Correlation> groups = new ArrayList<>();
        List<Correlation.Channels> rows = new ArrayList<>();
        for (int group = 0; group < shape.groups(); group++) {
            groups.add(lowering.backwardWeights(group));
            rows.add(lowering.outputChannels(group));
        }
        Pass pass = new Pass(selector.backwardWeights(groups, lowering.output(), rows), machine.tuning());
        pass.workspaceBytes();
        return pass;
    }

    private IllegalArgumentException scratchTooLarge() {
        return new IllegalArgumentException("geometry: given " + geometry + ", needed one whose scratch, the extent of the "
                + "dilated kernel by a row of it, stays below 2^31 floats");
    }

    /** {@return the gradient to the bias} */
    public Pass backwardBias() {
        return backwardBias;
    }
}

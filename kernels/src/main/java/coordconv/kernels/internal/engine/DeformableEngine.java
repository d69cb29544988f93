package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.deformable.DeformableGradients;
import coordconv.kernels.internal.deformable.SampledPatches;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Deformation;
import coordconv.kernels.internal.shape.Lowering;
import coordconv.kernels.internal.simd.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The passes over one deformable convolution. All but the forward pass are planned when they are first used. */
public final class DeformableEngine {
    private final ConvShape shape;
    private final Deformation deformation;
    private final Machine machine;
    private final boolean add;
    private final Object geometry;
    private final CorrelationPass forward;
    private final Pass backwardBias;
    private volatile Pass backwardWeights;
    private volatile Gradients gradients;

    private record Gradients(DeformableGradients works, Pass input, Pass offsets) {}

    /**
     * An engine.
     *
     * @param shape the convolution
     * @param deformation of it
     * @param machine kernels, caches, tuning
     * @param activation of the results
     * @param alpha its parameter
     * @param add whether results are added to what their destination holds
     * @param geometry what a refusal calls the convolution
     * @throws IllegalArgumentException if the scratch of the forward pass could have 2^31 floats or more
     */
    public DeformableEngine(ConvShape shape, Deformation deformation, Machine machine, Activation activation, float alpha, boolean add, Object geometry) {
        this.shape = shape;
        this.deformation = deformation;
        this.machine = machine;
        this.add = add;
        this.geometry = geometry;
        Lowering lowering = new Lowering(shape);
        backwardBias = new Pass(List.of(new BiasGradient(lowering.output(), shape.outChannels(), machine, add)), machine.tuning());
        forward = planned(() -> {
            List<Algorithm> groups = new ArrayList<>();
            int packedAt = 0;
            for (int g = 0; g < shape.groups(); g++) {
                Algorithm group = new SampledPatches(shape, deformation, lowering.forward(g), g, machine).forward(activation, alpha, add, packedAt);
                groups.add(group);
                packedAt = Math.addExact(packedAt, group.packedLength());
            }
            CorrelationPass pass = new CorrelationPass(groups, "", machine.tuning());
            pass.workspaceBytes();
            return pass;
        });
    }

    private <T> T planned(Supplier<T> planner) {
        try {
            return planner.get();
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException("geometry: given " + geometry + ", needed one whose scratch, at the most a few "
                    + "channels of the images that a block of outputs touches, stays below 2^31 floats");
        }
    }

    /** {@return what the machine gives} */
    public Machine machine() {
        return machine;
    }

    /** {@return the forward pass} */
    public CorrelationPass forward() {
        return forward;
    }

    /** {@return the gradient to the bias} */
    public Pass backwardBias() {
        return backwardBias;
    }

    /**
     * The gradient to the weights.
     *
     * @return the pass
     * @throws IllegalArgumentException if its scratch could have 2^31 floats or more
     */
    public Pass backwardWeights() {
        Pass pass = backwardWeights;
        if (pass == null) {
            pass = planned(() -> {
                Lowering lowering = new Lowering(shape);
                List<Work> groups = new ArrayList<>();
                for (int g = 0; g < shape.groups(); g++) {
                    groups.add(new SampledPatches(shape, deformation, lowering.backwardWeights(g), g, machine)
                            .backwardWeights(lowering.output(), lowering.outputChannels(g), add));
                }
                Pass made = new Pass(groups, machine.tuning());
                made.workspaceBytes();
                return made;
            });
            backwardWeights = pass;
        }
        return pass;
    }

    private Gradients gradients() {
        Gradients planned = gradients;
        if (planned == null) {
            planned = planned(() -> {
                DeformableGradients works = new DeformableGradients(shape, deformation, machine, add);
                return new Gradients(works, new Pass(List.of(works.input()), machine.tuning()),
                        new Pass(List.of(works.offsets()), machine.tuning()));
            });
            gradients = planned;
        }
        return planned;
    }

    /**
     * The gradient to the input.
     *
     * @return the pass
     * @throws IllegalArgumentException if its scratch could have 2^31 floats or more
     */
    public Pass backwardInput() {
        return gradients().input;
    }

    /**
     * The gradient to offsets and mask.
     *
     * @return the pass
     * @throws IllegalArgumentException if its scratch could have 2^31 floats or more
     */
    public Pass backwardOffsets() {
        return gradients().offsets;
    }

    /**
     * The weights that both gradients through the samples multiply by.
     *
     * @return floats of the packed weights
     * @throws IllegalArgumentException if the scratch of those gradients could have 2^31 floats or more
     */
    public int packedGradientLength() {
        return gradients().works.packedLength();
    }

    /**
     * Packs weights for both gradients through the samples.
     *
     * @param weights of the convolution
     * @param packed destination
     */
    public void packGradientWeights(Floats weights, float[] packed) {
        gradients().works.packWeights(weights, packed);
    }
}

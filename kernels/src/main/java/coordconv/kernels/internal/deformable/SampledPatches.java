package coordconv.kernels.internal.deformable;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.gemm.BMatrix;
import coordconv.kernels.internal.gemm.Blocking;
import coordconv.kernels.internal.im2col.ImplicitGemm;
import coordconv.kernels.internal.im2col.PatchMatrix;
import coordconv.kernels.internal.im2col.WeightGradientGemm;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.shape.Deformation;
import coordconv.kernels.internal.simd.Activation;

/** The passes of one group that multiply sampled patches: the forward pass, and the gradient to the weights. */
public final class SampledPatches implements PatchMatrix.Source {
    private final ConvShape shape;
    private final Deformation deformation;
    private final Correlation correlation;
    private final Machine machine;
    private final int firstJoined;

    /**
     * The patches of a group.
     *
     * @param shape the convolution
     * @param deformation of it
     * @param correlation the group
     * @param group its index
     * @param machine kernels, caches, tuning
     */
    public SampledPatches(ConvShape shape, Deformation deformation, Correlation correlation, int group, Machine machine) {
        this.shape = shape;
        this.deformation = deformation;
        this.correlation = correlation;
        this.machine = machine;
        firstJoined = group * correlation.channels().total();
    }

    @Override
    public BMatrix matrix(int blockColumns, int channelsPerBlock) {
        return new DeformableMatrix(shape, deformation, correlation, firstJoined, machine, blockColumns, channelsPerBlock);
    }

    /**
     * The forward pass.
     *
     * @param activation of the results
     * @param alpha its parameter
     * @param add whether results are added to the output
     * @param packedAt offset of its weights in those of the pass
     * @return the algorithm
     */
    public Algorithm forward(Activation activation, float alpha, boolean add, int packedAt) {
        int taps = correlation.grid().taps();
        int lanes = machine.kernels().lanes();
        int total = correlation.channels().total();
        // Whole vectors of channels where they come out even. A panel may take as much as one that is read in place: the stage
        // lies in the second level, and 288 depths are a sixth faster than 198 at 64 channels.
        int unit = total % lanes == 0 ? lanes : 1;
        Blocking chosen = Blocking.choose(machine, correlation.output().rows(), correlation.columns(), correlation.depth(),
                taps * unit, false, 0);
        return new ImplicitGemm(correlation, this, "deformable im2col GEMM", chosen, machine, activation, alpha, add, packedAt);
    }

    /**
     * The gradient to the weights.
     *
     * @param image where the output gradient lies
     * @param rows its channels
     * @param add whether the gradient is added to the destination
     * @return the work
     */
    public Work backwardWeights(Correlation.Image image, Correlation.Channels rows, boolean add) {
        return new WeightGradientGemm(correlation, this, image, rows, machine, add);
    }
}

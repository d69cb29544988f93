package coordconv.kernels.internal.deformable;

import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.parallel.Pool;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Deformation;
import coordconv.kernels.internal.shape.Lowering;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradients that go through the samples: to the input, and to offsets and mask. Both begin with the gradient of the
 * samples, {@code W^T * dy}, which lives for a block of columns and a block of channels at a time.
 */
public final class DeformableGradients {
    private final List<SampleGradient> blocks = new ArrayList<>();
    private final Work input;
    private final Work offsets;
    private final int packedLength;

    /**
     * Plans the gradients.
     *
     * @param shape the convolution
     * @param deformation of it
     * @param machine kernels, caches, tuning
     * @param add whether gradients are added to their destination
     */
    public DeformableGradients(ConvShape shape, Deformation deformation, Machine machine, boolean add) {
        Lowering lowering = new Lowering(shape);
        int nr = machine.kernels().nr();
        int points = lowering.output().height() * lowering.output().width();
        // Whole vectors of channels, a few of them, so that the gradient of a block of samples stays in the second level.
        int channels = Math.max(1, machine.tuning().deformableRows() / shape.taps());
        int lanes = machine.kernels().lanes();
        channels = channels > lanes ? channels / lanes * lanes : channels;
        long part = machine.caches().l2() / machine.tuning().l2Parts() / Float.BYTES;
        long columns = Math.clamp(part / ((long) channels * shape.taps()), nr, machine.tuning().maxBlockColumns());
        int blockColumns = (int) Math.min(columns, (long) shape.batch() * points + nr - 1) / nr * nr;
        int packed = 0;
        int most = 0;
        for (ChannelBlock block : ChannelBlock.of(shape, deformation, lowering, channels)) {
            SampleGradient gradient = new SampleGradient(shape, lowering, block, machine, blockColumns, packed);
            blocks.add(gradient);
            packed = Math.addExact(packed, gradient.packedLength());
            most = Math.max(most, gradient.rows());
        }
        packedLength = packed;
        int floats = Math.multiplyExact(most, blockColumns);
        int sums = Math.multiplyExact(4 * deformation.groups() * shape.taps(), blockColumns);
        Pool<GradientScratch> scratch = new Pool<>(2, () -> new GradientScratch(floats, sums));
        long scratchBytes = (long) Float.BYTES * floats + (long) Double.BYTES * sums;
        input = new InputGradient(shape, deformation, lowering, blocks, blockColumns, scratch, scratchBytes, machine, add);
        offsets = new OffsetGradient(shape, deformation, lowering, blocks, blockColumns, scratch, scratchBytes, machine, add);
    }

    /** {@return the gradient to the input} */
    public Work input() {
        return input;
    }

    /** {@return the gradient to offsets and mask} */
    public Work offsets() {
        return offsets;
    }

    /** {@return floats of the packed weights} */
    public int packedLength() {
        return packedLength;
    }

    /**
     * Packs weights.
     *
     * @param weights of the convolution
     * @param packed destination
     */
    public void packWeights(Floats weights, float[] packed) {
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i).packWeights(weights, packed);
        }
    }
}

package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.internal.gemm.CacheSizes;
import coordconv.kernels.internal.gemm.KernelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** The gradient to the weights of all groups. */
public final class WeightGradientPass {
    private final List<WeightGradient> groups = new ArrayList<>();

    /**
     * Plans a pass.
     *
     * @param lowering the convolution
     * @param groupCount its groups
     * @param kernels on which width
     * @param caches cache sizes
     * @param add whether the gradient is added to the destination
     */
    public WeightGradientPass(Lowering lowering, int groupCount, KernelSet kernels, CacheSizes caches, boolean add) {
        for (int group = 0; group < groupCount; group++) {
            groups.add(new WeightGradient(lowering.weightGradient(group), lowering.output(),
                    lowering.outputChannels(group), kernels, caches, add));
        }
    }

    /** {@return bytes of scratch that one thread uses} */
    public long workspaceBytes() {
        return groups.getFirst().workspaceBytes();
    }

    /**
     * Computes the gradient.
     *
     * @param x input of the convolution
     * @param y gradient of its output; for a transposed convolution its joined input
     * @param dw destination
     * @param parallelism threads
     */
    public void run(FloatRegion x, FloatRegion y, FloatRegion dw, Parallelism parallelism) {
        if (parallelism.threads() == 1) {
            for (int i = 0; i < groups.size(); i++) {
                WeightGradient group = groups.get(i);
                group.run(x, y, dw, 0, group.channels(), 0, group.rowTiles());
            }
            return;
        }
        Split split = Split.of(groups.getFirst().channels(), groups.getFirst().rowTiles(),
                groups.size() >= 4 * parallelism.threads() ? 1 : parallelism.threads());
        IntConsumer work = part -> {
            int p = part % split.parts();
            groups.get(part / split.parts()).run(x, y, dw, split.from(p), split.from(p + split.rowParts()),
                    split.rowFrom(p), split.rowTo(p));
        };
        parallelism.run(groups.size() * split.parts(), work);
    }
}

package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.internal.gemm.CacheSizes;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** The gradient to the weights of all groups. */
public final class WeightGradientPass {
    private final List<WeightGradient> groups = new ArrayList<>();
    private final Pool<Call> calls = new Pool<>(2, Call::new);
    private volatile Chosen chosen;

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
        Call call = calls.borrow();
        call.x = x;
        call.y = y;
        call.dw = dw;
        call.split = split(parallelism.threads());
        try {
            parallelism.run(groups.size() * call.split.parts(), call);
        } finally {
            call.forget();
            calls.giveBack(call);
        }
    }

    private Split split(int threads) {
        Chosen current = chosen;
        if (current == null || current.threads != threads) {
            current = new Chosen(threads, Split.of(groups.getFirst().channels(), groups.getFirst().rowTiles(),
                    groups.size() >= 4 * threads ? 1 : threads));
            chosen = current;
        }
        return current.split;
    }

    /** The split of every group for the number of threads that was asked for last. */
    private record Chosen(int threads, Split split) {}

    /** One call's operands, for all its parts. */
    private final class Call implements IntConsumer {
        private Split split;
        private FloatRegion x;
        private FloatRegion y;
        private FloatRegion dw;

        @Override
        public void accept(int part) {
            int p = part % split.parts();
            groups.get(part / split.parts()).run(x, y, dw, split.from(p), split.from(p + split.rowParts()),
                    split.rowFrom(p), split.rowTo(p));
        }

        void forget() {
            x = null;
            y = null;
            dw = null;
        }
    }
}

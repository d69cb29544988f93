package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.machine.Tuning;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.parallel.Pool;
import coordconv.kernels.internal.parallel.Runner;
import java.util.List;

/** One pass over a convolution: works with disjoint results, such as the groups, run as one call. */
public class Pass {
    private final Work[] works;
    private final Tuning tuning;
    private final Pool<ParallelCall> calls;
    /** Of the number of threads that was asked for last. */
    private volatile ParallelCall.Plan plan;

    /**
     * A pass.
     *
     * @param works disjoint in their results
     * @param tuning how they are cut
     */
    Pass(List<? extends Work> works, Tuning tuning) {
        this.works = works.toArray(new Work[0]);
        this.tuning = tuning;
        calls = new Pool<>(2, () -> new ParallelCall(this.works, new Operands()));
    }

    /** {@return bytes of scratch that one thread uses} */
    public final long workspaceBytes() {
        long most = 0;
        for (Work work : works) {
            most = Math.max(most, work.workspaceBytes());
        }
        return most;
    }

    /**
     * How a call divides among threads.
     *
     * @param threads how many
     * @return the shares
     */
    public final Shares shares(int threads) {
        return new ParallelCall.Plan(works, threads, tuning).shares(works);
    }

    /**
     * Runs all works.
     *
     * @param x input, or null where none is read
     * @param packed packed weights, or null
     * @param coordTables tables of coordinates in closed form, or null
     * @param bias bias, or null
     * @param y output; in a gradient to weights or bias the gradient of the output
     * @param gradient where such a gradient goes, or null
     * @param runner threads
     */
    public final void run(Floats x, PackedFloats packed, float[] coordTables, float[] bias, Floats y, Floats gradient, Runner runner) {
        run(x, null, null, packed, coordTables, bias, y, gradient, null, runner);
    }

    /**
     * Runs all works of a deformable convolution.
     *
     * @param x input, or null where none is read
     * @param offsets its offsets, or null where none are read
     * @param mask its mask, or null for ones
     * @param packed packed weights, or null
     * @param coordTables what coordinates add, or null
     * @param bias bias, or null
     * @param y output; in a gradient the gradient of the output
     * @param gradient where a gradient goes, or null
     * @param maskGradient where the gradient to the mask goes, or null
     * @param runner threads
     */
    public final void run(Floats x, Floats offsets, Floats mask, PackedFloats packed, float[] coordTables, float[] bias, Floats y,
                          Floats gradient, Floats maskGradient, Runner runner) {
        ParallelCall.Plan current = plan;
        if (current == null || !current.isFor(runner.threads())) {
            current = new ParallelCall.Plan(works, runner.threads(), tuning);
            plan = current;
        }
        ParallelCall call = calls.borrow();
        Operands operands = call.operands();
        operands.x = x;
        operands.offsets = offsets;
        operands.mask = mask;
        operands.maskGradient = maskGradient;
        operands.packed = packed;
        operands.coordTables = coordTables;
        operands.bias = bias;
        operands.y = y;
        operands.gradient = gradient;
        call.begin(current);
        try {
            runner.run(current.parts(), call);
        } finally {
            operands.clear();
            calls.giveBack(call);
        }
    }
}

package coordconv.kernels.internal.deformable;

import coordconv.kernels.internal.memory.Floats;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** Scratch of one thread in one call: the gradients of the samples of a block of columns, and sums. Kept for the next call. */
final class GradientScratch {
    /** Gradient of the samples: for each column, for each tap, the channels side by side. */
    final float[] columns;
    /** The same, for a product to write to. */
    final Floats view;
    /** For each tap of each deformable group, for each column, four sums. */
    final double[] sums;

    GradientScratch(int floats, int sumCount) {
        columns = new float[floats];
        view = new Floats(columns, 0, MemorySegment.ofArray(columns), ByteOrder.nativeOrder());
        sums = new double[sumCount];
    }
}

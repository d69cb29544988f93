package coordconv.jmh.benchmark;

import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.verification.problem.Inputs;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Chunks of a B panel, packed from 64 channel planes of 32 x 32 that stay in the second-level cache. */
@State(Scope.Benchmark)
public class PatchPackingState {
    static final int CHANNELS = 64;
    private static final int PLANE = 32 * 32;
    private static final int CHUNKS = 32;

    /** How the columns of a chunk lie in the image. */
    public enum Columns {
        /** Side by side: stride 1. */
        CONTIGUOUS,
        /** Within two vectors: stride 2. */
        TWO_VECTOR_SHUFFLE,
        /** Anywhere. */
        GATHER
    }

    /** Which of the loops. */
    @Param
    public Columns columns;

    private PackLoops loops;
    private int lanes;
    private float[] image;
    private float[] panel;
    private int[] rowAt;
    private int[] columnAt;

    /** Makes image and tables. */
    @Setup
    public void prepare() {
        KernelSet kernels = Machine.ofBits(0).kernels();
        loops = kernels.loops();
        lanes = kernels.lanes();
        // The shuffle reads two vectors from its first column.
        image = Inputs.uniform(1, CHANNELS * PLANE + 2 * lanes);
        panel = new float[CHANNELS * lanes];
        rowAt = new int[CHANNELS];
        for (int k = 0; k < CHANNELS; k++) {
            rowAt[k] = k * PLANE;
        }
        columnAt = new int[lanes];
        for (int j = 0; j < lanes; j++) {
            columnAt[j] = switch (columns) {
                case CONTIGUOUS -> j;
                case TWO_VECTOR_SHUFFLE -> j * 3 / 2;
                case GATHER -> j * 29 % (PLANE / 2);
            };
        }
    }

    /** {@return bytes that {@link #pack} writes, and reads as many} */
    static double bytes() {
        return (double) CHUNKS * CHANNELS * Machine.ofBits(0).kernels().lanes() * Float.BYTES;
    }

    /** Packs every chunk once. */
    void pack() {
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            switch (columns) {
                case CONTIGUOUS -> loops.packContiguous(image, chunk, rowAt, 0, CHANNELS, panel, 0, lanes);
                case TWO_VECTOR_SHUFFLE -> loops.packTwoVectorShuffle(image, chunk, columnAt, 0, rowAt, 0, CHANNELS, panel, 0, lanes);
                case GATHER -> loops.packGather(image, chunk, columnAt, 0, rowAt, 0, CHANNELS, panel, 0, lanes);
            }
        }
    }
}

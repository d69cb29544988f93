package coordconv.kernels.internal.simd;

/**
 * The micro-kernel of tensors whose channels lie side by side: register tiles of five pixels x some vectors of output channels.
 * Elements of patches are broadcast, so that they are read where they lie, whatever the stride; weights come in vectors:
 *
 * <pre>{@code
 * for each tile:
 *     y[r][o] = bias[o] + start[r][o]
 *     for each run, for k < runLength[run]: y[r][o] += x[xAt[r] + runAt[run] + k] * w[next][o], next++
 *     y[r][o] = f(y[r][o])
 * }</pre>
 *
 * <p>A kernel of one output channel multiplies vectors of a patch: element {@code k} of a run belongs to partial sum {@code k}
 * modulo {@link #PARTIAL_SUMS}, those behind the last whole vector of so many to a sum of their own. Partial sums are added to
 * those half as many places apart, until there is one; that of the rest, and then bias and start, come last.
 *
 * <p>A run is a stretch of a pixel's patch that is contiguous in memory: the channels of one tap, or of all taps of a
 * kernel row. Whole tiles alone are computed: the last pixel of a tile that is not full stands in for those that are missing.
 */
public interface PixelKernel {
    /**
     * Pixels of a tile. Beside the sums, C2 holds the broadcasts of all of them at once: 5 x 4 sums, 5 broadcasts and 4 weights
     * are 29 of 32 registers. With six pixels two sums lay on the stack, and where the stack pointer put them across two cache
     * lines, each multiply-add waited for both: 0.33 ms instead of 0.13 for a small network, in one JVM of eight.
     */
    int PIXELS = 5;
    /** Partial sums of a pixel, whatever the width of vectors, so that results do not depend on it. */
    int PARTIAL_SUMS = 16;
    /** Floats of a run at the most. Longer stretches are several runs. */
    int LONGEST_RUN = 256;

    /**
     * What a kernel is compiled for.
     *
     * @param vectors vectors of output channels, at most {@link KernelSet#pixelVectors}; 0 for one output channel, which
     *     multiplies patches in vectors
     * @param start whether the sums begin with what {@link PixelView#start} holds
     * @param activation of the results
     */
    record Shape(int vectors, boolean start, Activation activation) {
        /** Written out, as {@link #hashCode} is: the JVM takes ten milliseconds of a first call to make those of a record. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Shape shape && vectors == shape.vectors && start == shape.start && activation == shape.activation;
        }

        @Override
        public int hashCode() {
            return 31 * (2 * vectors + (start ? 1 : 0)) + activation.ordinal();
        }
    }

    /**
     * Computes tiles.
     *
     * @param tiles number of tiles
     * @param view operands and results
     */
    void run(int tiles, PixelView view);

    /** {@return whether it reads {@link PixelView#alignedWeights}, and not {@link PixelView#weights}} */
    default boolean readsAligned() {
        return false;
    }

    /** {@return whether a faster kernel of the same bits takes its place once it is compiled} */
    default boolean isStandIn() {
        return false;
    }
}

package coordconv.kernels.internal.simd;

import java.lang.foreign.MemorySegment;

/** Operands and results of a {@link PixelKernel}: pixels by their offsets, five of them a tile. */
public final class PixelView {
    /** Holds the patches. */
    public float[] x;
    /** For each pixel the offset of its patch. */
    public int[] xAt = new int[0];
    /** For each run of a patch its offset in the patch. */
    public int[] runAt;
    /** Their floats, at most {@link PixelKernel#LONGEST_RUN} each. */
    public int[] runLength;
    /** Holds the weights: for each element of a patch a row of vectors. */
    public float[] weights;
    /** The same weights in aligned memory, for kernels that {@link PixelKernel#readsAligned}; behind the last one a window of bytes. */
    public MemorySegment alignedWeights;
    /** Offset of the first, in floats. */
    public int weightsAt;
    /** What sums begin with. */
    public float[] bias;
    /** Offset of that of the first output channel. */
    public int biasAt;
    /** What sums begin with besides, if anything. */
    public float[] start;
    /** For each pixel its place there. */
    public int[] startAt = new int[0];
    /** Added to those places. */
    public int startColumn;
    /** Receives the results. */
    public float[] y;
    /** For each pixel the offset of its results. */
    public int[] yAt = new int[0];
    /** Added to those offsets. */
    public int yColumn;
    /** Parameter of the activation. */
    public float alpha;

    /**
     * Binds the patches. A reference is stored only where it changes: a collector's barrier would wait for results that
     * are still on their way to memory.
     *
     * @param array holds them
     * @param runs offsets of the runs of a patch
     * @param lengths floats of each
     */
    public void bindPatches(float[] array, int[] runs, int[] lengths) {
        if (x != array) {
            x = array;
        }
        if (runAt != runs) {
            runAt = runs;
        }
        if (runLength != lengths) {
            runLength = lengths;
        }
    }

    /**
     * Binds the weights of some output channels.
     *
     * @param array holds them
     * @param at offset of the first
     */
    public void bindWeights(float[] array, int at) {
        if (weights != array) {
            weights = array;
        }
        weightsAt = at;
    }

    /**
     * Binds the weights of some output channels in aligned memory.
     *
     * @param segment holds them
     * @param at offset of the first, in floats
     */
    public void bindWeights(MemorySegment segment, int at) {
        if (alignedWeights != segment) {
            alignedWeights = segment;
        }
        weightsAt = at;
    }

    /**
     * Binds their bias.
     *
     * @param array holds it
     * @param at index of that of the first output channel
     */
    public void bindBias(float[] array, int at) {
        if (bias != array) {
            bias = array;
        }
        biasAt = at;
    }

    /**
     * Binds what sums begin with.
     *
     * @param array holds it
     * @param places for each pixel
     * @param column added to them
     */
    public void bindStart(float[] array, int[] places, int column) {
        if (start != array) {
            start = array;
        }
        if (startAt != places) {
            startAt = places;
        }
        startColumn = column;
    }

    /**
     * Binds the results.
     *
     * @param array receives them
     * @param places for each pixel
     * @param column added to them
     */
    public void bindResults(float[] array, int[] places, int column) {
        if (y != array) {
            y = array;
        }
        if (yAt != places) {
            yAt = places;
        }
        yColumn = column;
    }

    /** Forgets the caller's arrays. */
    public void clear() {
        x = null;
        weights = null;
        alignedWeights = null;
        bias = null;
        start = null;
        y = null;
    }
}

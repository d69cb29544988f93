package coordconv.kernels.internal.simd;

/** Operands and results of a {@link PixelKernel}: pixels by their offsets, six of them a tile. */
public final class PixelView {
    /** Holds the patches. */
    public float[] x;
    /** For each pixel the offset of its patch. */
    public int[] xAt = new int[0];
    /** For each run of a patch its offset in the patch. */
    public int[] runAt;
    /** Floats of a run. */
    public int runLength;
    /** Holds the weights: for each element of a patch a row of vectors. */
    public float[] weights;
    /** Offset of the first. */
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
    /** Factor on negative results, of a leaky ReLU alone. */
    public float slope;

    /**
     * Binds the patches. A reference is stored only where it changes: a collector's barrier would wait for results that
     * are still on their way to memory.
     *
     * @param array holds them
     * @param runs offsets of the runs of a patch
     * @param length floats of a run
     */
    public void bindPatches(float[] array, int[] runs, int length) {
        if (x != array) {
            x = array;
        }
        if (runAt != runs) {
            runAt = runs;
        }
        runLength = length;
    }

    /**
     * Binds weights and bias of some output channels.
     *
     * @param array holds the weights
     * @param at offset of the first
     * @param biases holds the bias
     * @param first index of that of the first output channel
     */
    public void bindWeights(float[] array, int at, float[] biases, int first) {
        if (weights != array) {
            weights = array;
        }
        weightsAt = at;
        if (bias != biases) {
            bias = biases;
        }
        biasAt = first;
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
        bias = null;
        start = null;
        y = null;
    }
}

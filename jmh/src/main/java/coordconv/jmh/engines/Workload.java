package coordconv.jmh.engines;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.TensorLayout;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.CoordinateTensor;

/**
 * The data of one convolution: the same floats for every engine, from fixed seeds.
 *
 * @param geometry sizes and coordinates
 * @param threads how many threads the engine may use
 * @param x input features [N, C, H, W], uniform in [-1, 1)
 * @param weights [O, (C + coords) / groups, KH, KW], uniform in [-1, 1)
 */
public record Workload(ConvGeometry geometry, int threads, float[] x, float[] weights) {
    private static final long INPUT_SEED = 1;
    private static final long WEIGHT_SEED = 2;
    private static final long GRADIENT_SEED = 3;

    /**
     * Draws the data.
     *
     * @param geometry sizes and coordinates
     * @param threads how many threads the engine may use
     * @return the workload
     */
    public static Workload of(ConvGeometry geometry, int threads) {
        return new Workload(geometry, threads, Inputs.uniform(INPUT_SEED, geometry.inputLength()),
                Inputs.uniform(WEIGHT_SEED, geometry.weightLength()));
    }

    /**
     * The workload of a ceiling, which has no problem: one element.
     *
     * @param threads how many threads run the ceiling
     * @return the workload
     */
    public static Workload ofCeiling(int threads) {
        return of(ConvGeometry.builder().input(1, 1, 1, 1).outChannels(1).kernel(1, 1).build(), threads);
    }

    /** {@return the gradient of the output [N, O, OH, OW], uniform in [-1, 1)} */
    public float[] outputGradient() {
        return Inputs.uniform(GRADIENT_SEED, geometry.outputLength());
    }

    /** {@return whether coordinates join the features} */
    public boolean hasCoordinates() {
        return geometry.coords().count() > 0;
    }

    /** {@return whether the coordinates stand before the features} */
    public boolean coordinatesFirst() {
        return geometry.coords().placement() == CoordChannels.Placement.BEFORE;
    }

    /** {@return the coordinates as a tensor [N, coords, H, W], for engines that concatenate them} */
    public float[] coordinateTensor() {
        return CoordinateTensor.of(geometry.coords(), geometry.batch(), geometry.height(), geometry.width());
    }

    /** {@return elements of the input with the coordinates joined} */
    public int joinedLength() {
        return geometry.batch() * geometry.joinedChannels() * geometry.height() * geometry.width();
    }

    /**
     * Refuses what the adapters of other engines do not translate, so that no engine is timed on
     * another problem than it was given.
     *
     * @param engine named in the message
     * @throws UnsupportedOperationException naming the feature
     */
    void requireOrdinary(String engine) {
        ConvGeometry g = geometry;
        if (g.groups() != 1) {
            throw new UnsupportedOperationException(engine + ": given " + g.groups() + " groups, needed 1");
        }
        requireNchw(engine);
        if (g.padTop() != g.padBottom() || g.padLeft() != g.padRight()) {
            throw new UnsupportedOperationException(engine + ": given unequal padding, needed the same on opposite sides");
        }
    }

    /**
     * Refuses channels-last tensors, which no adapter supports.
     *
     * @param engine named in the message
     * @throws UnsupportedOperationException naming the layouts
     */
    void requireNchw(String engine) {
        if (geometry.inputLayout() != TensorLayout.NCHW || geometry.outputLayout() != TensorLayout.NCHW) {
            throw new UnsupportedOperationException(engine + ": given " + geometry.inputLayout() + " to "
                    + geometry.outputLayout() + ", needed NCHW");
        }
    }
}

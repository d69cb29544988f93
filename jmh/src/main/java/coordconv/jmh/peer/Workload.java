package coordconv.jmh.peer;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import java.util.SplittableRandom;

/**
 * The data of one convolution: the same floats for every engine, from a fixed seed.
 *
 * @param geometry sizes and coordinates
 * @param threads how many threads the engine may use
 * @param x input features [N, C, H, W], uniform in [-1, 1)
 * @param weights [O, C + coords, KH, KW], uniform in [-1, 1)
 */
public record Workload(ConvGeometry geometry, int threads, float[] x, float[] weights) {
    private static final long SEED = 0x5eed_c00dL;

    /**
     * Draws the data.
     *
     * @param geometry sizes and coordinates
     * @param threads how many threads the engine may use
     * @return the workload
     */
    public static Workload of(ConvGeometry geometry, int threads) {
        SplittableRandom random = new SplittableRandom(SEED);
        return new Workload(geometry, threads,
                uniform(random, geometry.inputLength()), uniform(random, geometry.weightLength()));
    }

    /**
     * Gradient of the output [N, O, OH, OW], from the same seed.
     *
     * @return uniform in [-1, 1)
     */
    public float[] outputGradient() {
        return uniform(new SplittableRandom(SEED + 1), geometry.outputLength());
    }

    private static float[] uniform(SplittableRandom random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(1 << 24) * 0x1p-23f - 1;
        }
        return values;
    }

    /** {@return whether coordinates join the features} */
    public boolean hasCoordinates() {
        return geometry.coords().count() > 0;
    }

    /** {@return whether the coordinates stand before the features} */
    public boolean coordinatesFirst() {
        return geometry.coords().placement() == CoordChannels.Placement.BEFORE;
    }

    /**
     * The coordinates as the tensor that engines without our fusion have to join.
     *
     * @return [N, coords, H, W]
     */
    public float[] coordinateTensor() {
        ConvGeometry g = geometry;
        int count = g.coords().count();
        float[] tensor = new float[g.batch() * count * g.height() * g.width()];
        int at = 0;
        for (int n = 0; n < g.batch(); n++) {
            for (int channel = 0; channel < count; channel++) {
                for (int i = 0; i < g.height(); i++) {
                    for (int j = 0; j < g.width(); j++) {
                        tensor[at++] = g.coords().value(channel, n, i, j);
                    }
                }
            }
        }
        return tensor;
    }

    /**
     * The input with the coordinates joined, in plain Java.
     *
     * @param joined receives [N, C + coords, H, W]
     * @param coordinates from {@link #coordinateTensor}
     */
    public void join(float[] coordinates, float[] joined) {
        int plane = geometry.height() * geometry.width();
        int features = geometry.channels() * plane;
        int extra = geometry.coords().count() * plane;
        for (int n = 0; n < geometry.batch(); n++) {
            int at = n * (features + extra);
            System.arraycopy(x, n * features, joined, coordinatesFirst() ? at + extra : at, features);
            System.arraycopy(coordinates, n * extra, joined, coordinatesFirst() ? at : at + features, extra);
        }
    }

    /** {@return elements of the input with the coordinates joined} */
    public int joinedLength() {
        return geometry.batch() * geometry.joinedChannels() * geometry.height() * geometry.width();
    }
}

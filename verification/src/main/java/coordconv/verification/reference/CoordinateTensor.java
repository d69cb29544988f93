package coordconv.verification.reference;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.ClampedRamp;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import java.util.function.IntUnaryOperator;

/**
 * Coordinate channels as real tensors, and their concatenation with the features.
 *
 * <p>The values are computed here from the general form (start, step, scale), in double, and rounded
 * to float once: a kernel's input is float, so the rounded value is the exact input of the analysis.
 */
public final class CoordinateTensor {
    private CoordinateTensor() {}

    /**
     * The coordinate channels of a batch.
     *
     * @param coords the channels
     * @param batch N
     * @param height H
     * @param width W
     * @return [N, coords, H, W]
     */
    public static float[] of(CoordChannels coords, int batch, int height, int width) {
        float[] all = new float[batch * coords.count() * height * width];
        int at = 0;
        for (int n = 0; n < batch; n++) {
            for (Channel channel : coords.channels()) {
                for (int row = 0; row < height; row++) {
                    for (int column = 0; column < width; column++) {
                        all[at++] = (float) value(channel, n, row, column);
                    }
                }
            }
        }
        return all;
    }

    /**
     * The features and the coordinate channels in one tensor.
     *
     * @param coords the channels and their placement
     * @param x features [N, C, H, W]
     * @param batch N
     * @param channels C
     * @param height H
     * @param width W
     * @return [N, C + coords, H, W]
     */
    public static float[] join(CoordChannels coords, float[] x, int batch, int channels, int height, int width) {
        float[] tensor = of(coords, batch, height, width);
        int features = channels * height * width;
        int coordinates = coords.count() * height * width;
        boolean before = coords.placement() == Placement.BEFORE;
        float[] joined = new float[batch * (features + coordinates)];
        for (int n = 0; n < batch; n++) {
            int image = n * (features + coordinates);
            System.arraycopy(x, n * features, joined, image + (before ? coordinates : 0), features);
            System.arraycopy(tensor, n * coordinates, joined, image + (before ? 0 : features), coordinates);
        }
        return joined;
    }

    /**
     * Where the features stand in a joined tensor.
     *
     * @param coords the channels and their placement
     * @param channels C
     * @param plane elements of one channel
     * @return index into [N, C + coords, plane] for each index into [N, C, plane]
     */
    static IntUnaryOperator featureIndex(CoordChannels coords, int channels, int plane) {
        int perImage = channels * plane;
        int coordinates = coords.count() * plane;
        int skipped = coords.placement() == Placement.BEFORE ? coordinates : 0;
        return i -> i / perImage * (perImage + coordinates) + skipped + i % perImage;
    }

    private static double value(Channel channel, int image, int row, int column) {
        return switch (channel) {
            case Ramp ramp -> ramp(ramp, image, row, column);
            case Radius radius -> {
                double a = ramp(radius.first(), image, row, column);
                double b = ramp(radius.second(), image, row, column);
                yield radius.scale() * Math.sqrt(a * a + b * b);
            }
            case ClampedRamp clamped -> {
                double a = ramp(clamped.ramp(), image, row, column);
                double kept = a < clamped.least() ? clamped.least() : a;
                yield clamped.reciprocal() ? 1 / kept : kept;
            }
        };
    }

    private static double ramp(Ramp ramp, int image, int row, int column) {
        double[] start = ramp.start();
        int own = start.length == 1 ? 0 : image;
        return start[own] + ramp.step()[own] * (ramp.axis() == Axis.COLUMN ? column : row);
    }
}

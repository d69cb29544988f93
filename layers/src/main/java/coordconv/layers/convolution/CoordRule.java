package coordconv.layers.convolution;

import coordconv.kernels.CoordChannels;

/**
 * Coordinate channels for every image size; {@code CoordPreset.PADDLE::channels} is one. Their number and their
 * placement must not depend on the size.
 */
@FunctionalInterface
public interface CoordRule {
    /**
     * The channels of one image size.
     *
     * @param height rows of the image
     * @param width columns of the image
     * @return the channels
     */
    CoordChannels channels(int height, int width);
}

package coordconv.layers.convolution;

import coordconv.kernels.CoordChannels;
import java.util.Objects;

/**
 * The coordinate channels of a layer.
 *
 * @param rule the channels of an image size; it refuses sizes that it has none for
 * @param count how many there are, whatever the size
 */
record CoordinateSource(CoordRule rule, int count) {
    static final CoordinateSource NONE = of((height, width) -> CoordChannels.NONE);

    static CoordinateSource of(CoordRule rule) {
        return new CoordinateSource(rule, Objects.requireNonNull(rule.channels(2, 2), "channels of the rule").count());
    }

    /** The caller's own channels, whose ramps are right for one size alone. */
    static CoordinateSource of(CoordChannels own, int height, int width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("height and width: given " + height + " and " + width
                    + ", needed at least 1");
        }
        return new CoordinateSource((h, w) -> {
            if (h != height || w != width) {
                throw new IllegalArgumentException("image: given " + h + " x " + w + ", needed the " + height + " x "
                        + width + " that the layer's own coordinates are for; a CoordRule serves all sizes");
            }
            return own;
        }, own.count());
    }

    CoordChannels channels(int height, int width) {
        CoordChannels channels = Objects.requireNonNull(rule.channels(height, width), "channels of the rule");
        if (channels.count() != count) {
            throw new IllegalArgumentException("rule: given " + channels.count() + " channels for " + height + " x " + width
                    + ", needed " + count + " as for every size");
        }
        return channels;
    }
}

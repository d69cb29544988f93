package coordconv.layers.convolution;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;

/** The coordinate channels of a layer: of a preset, for any image size, the caller's own, or none. */
record CoordinateSource(CoordPreset preset, CoordChannels own) {
    static final CoordinateSource NONE = of(CoordChannels.NONE);

    static CoordinateSource of(CoordPreset preset) {
        return new CoordinateSource(preset, null);
    }

    static CoordinateSource of(CoordChannels own) {
        return new CoordinateSource(null, own);
    }

    CoordChannels channels(int height, int width) {
        return own != null ? own : preset.channels(height, width);
    }

    /** The number of channels, which no preset lets depend on the image size. */
    int count() {
        return channels(2, 2).count();
    }
}

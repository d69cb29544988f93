package coordconv.onnx.importing;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;

/**
 * What the coordinates of a layer turned out to be.
 *
 * @param preset a preset, or null for ramps of the model's own
 * @param own the ramps, or null
 * @param count number of channels
 */
record Coordinates(CoordPreset preset, CoordChannels own, int count) {
    static final Coordinates NONE = new Coordinates(CoordPreset.NONE, null, 0);

    boolean isNone() {
        return count == 0;
    }

    CoordChannels channels(int height, int width) {
        return own != null ? own : preset.channels(height, width);
    }
}

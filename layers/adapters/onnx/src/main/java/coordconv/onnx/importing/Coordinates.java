package coordconv.onnx.importing;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;

/**
 * What the coordinates of a layer turned out to be.
 *
 * @param preset a preset, or null for ramps of the model's own
 * @param own the ramps, or null
 * @param height of the images that the ramps are known for
 * @param width of those images
 * @param count number of channels
 * @param pins the sizes of the model's inputs for which alone that is known, see {@link Mark}
 */
record Coordinates(CoordPreset preset, CoordChannels own, int height, int width, int count, int pins) {
    static final Coordinates NONE = new Coordinates(CoordPreset.NONE, null, 0, 0, 0, 0);

    boolean isNone() {
        return count == 0;
    }
}

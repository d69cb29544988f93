package coordconv.layers.networks;

import coordconv.kernels.CoordPreset;
import coordconv.layers.Layer;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import java.util.Objects;

/** The convolutions of the networks, with coordinates and without. */
final class Convolve {
    private static final int MOST_CLASSES = 1 << 20;

    private Convolve() {}

    /** The number of classes, if it is one. */
    static int classes(int given) {
        if (given < 1 || given > MOST_CLASSES) {
            throw new IllegalArgumentException("classes: given " + given + ", needed 1 to " + MOST_CLASSES);
        }
        return given;
    }

    /** An ordinary convolution for {@link CoordPreset#NONE}, else one that sees the coordinates. */
    static Layer seeing(CoordPreset coords, ConvSpec spec) {
        return Objects.requireNonNull(coords, "coords") == CoordPreset.NONE ? new Conv2d(spec) : new CoordConv2d(spec, coords);
    }

    /** A square kernel with as much padding as keeps the image size at stride 1, no bias: batch normalisation follows. */
    static ConvSpec same(int in, int out, int kernel, int stride) {
        return ConvSpec.of(in, out, kernel).withStride(stride).withPadding(kernel / 2).withBias(false);
    }
}

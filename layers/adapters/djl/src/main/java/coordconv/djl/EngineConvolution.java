package coordconv.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Placement;

/** CoordConv by the engine's own operations, so that its automatic differentiation records them. */
final class EngineConvolution {
    private EngineConvolution() {}

    static NDArray run(ConvGeometry g, NDArray x, NDArray weight, NDArray bias) {
        CoordChannels coords = g.coords();
        if (coords.count() == 0) {
            return convolve(g, x, weight, bias, g.groups());
        }
        boolean first = coords.placement() == Placement.BEFORE;
        // One image: the presets have the same coordinates for every image of a batch.
        NDArray grid = x.getManager().create(values(g),
                new Shape(1, coords.count(), g.height(), g.width())).toDevice(x.getDevice(), false);
        if (g.groups() > 1) {
            // A group may hold features and coordinates, which leaves nothing to split.
            NDArray all = grid.repeat(0, g.batch());
            return convolve(g, first ? all.concat(x, 1) : x.concat(all, 1), weight, bias, g.groups());
        }
        NDList columns = weight.split(new long[] {first ? coords.count() : g.channels()}, 1);
        NDArray ofFeatures = columns.get(first ? 1 : 0);
        NDArray ofCoords = columns.get(first ? 0 : 1);
        return convolve(g, x, ofFeatures, bias, 1).add(convolve(g, grid, ofCoords, null, 1));
    }

    private static NDArray convolve(ConvGeometry g, NDArray x, NDArray weight, NDArray bias, int groups) {
        return Conv2d.conv2d(x, weight, bias, new Shape(g.strideHeight(), g.strideWidth()),
                new Shape(g.padTop(), g.padLeft()), new Shape(g.dilationHeight(), g.dilationWidth()), groups)
                .singletonOrThrow();
    }

    /** [1, coordinates, H, W]. */
    private static float[] values(ConvGeometry g) {
        CoordChannels coords = g.coords();
        float[] values = new float[coords.count() * g.height() * g.width()];
        int at = 0;
        for (int c = 0; c < coords.count(); c++) {
            for (int row = 0; row < g.height(); row++) {
                for (int column = 0; column < g.width(); column++) {
                    values[at++] = coords.value(c, 0, row, column);
                }
            }
        }
        return values;
    }
}

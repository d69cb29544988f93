package coordconv.onnx.export;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;

/** Coordinate channels as ONNX has them: a constant, repeated for each image, joined to the features. */
final class CoordinateNodes {
    private CoordinateNodes() {}

    /**
     * Joins coordinates to a layer's input.
     *
     * @param site the layer's
     * @param coords the channels for its input size
     * @return name of the joined value [N, C + coords, H, W], or of the input itself if there are no coordinates
     * @throws IllegalArgumentException if images have coordinates of their own and the batch is open
     */
    static String join(ExportSite site, CoordChannels coords) {
        if (coords.count() == 0) {
            return site.x();
        }
        int images = coords.channels().stream().mapToInt(Channel::images).max().orElse(1);
        if (images > 1 && site.batch().isAny()) {
            throw new IllegalArgumentException("coordinates of " + site.name() + ": given ramps of " + images
                    + " images, needed ramps that all images share, or a fixed batch");
        }
        Shape input = site.input();
        int repeated = site.batch().isAny() ? 1 : input.batch();
        String values = expanded(site, Tensor.of(values(coords, repeated, input),
                Shape.of(repeated, coords.count(), input.extent(2), input.extent(3))));
        boolean before = coords.placement() == Placement.BEFORE;
        return site.graph().node("Concat", before ? values : site.x(), before ? site.x() : values)
                .withInteger("axis", 1).to(site.inner("joined"));
    }

    /**
     * Constant channels for every image.
     *
     * @param site the layer's
     * @param planes [1 or N, count, H, W]
     * @return name of the value [N, count, H, W]
     * @throws IllegalArgumentException if images have planes of their own and the batch is open
     */
    static String expanded(ExportSite site, Tensor planes) {
        int images = planes.shape().batch();
        if (images > 1 && site.batch().isAny()) {
            throw new IllegalArgumentException("constant channels of " + site.name() + ": given those of " + images
                    + " images, needed channels that all images share, or a fixed batch");
        }
        String values = site.graph().constant(site.inner("coordinates"), planes.data(), planes.shape().toArray());
        if (images == site.input().batch() && !site.batch().isAny()) {
            return values;
        }
        String shape = site.batch().isAny() ? site.batch().imageShape() : site.list("images", site.input().batch(), 1, 1, 1);
        return site.graph().node("Expand", values, shape).to(site.inner("expanded"));
    }

    private static float[] values(CoordChannels coords, int images, Shape input) {
        int height = input.extent(2);
        int width = input.extent(3);
        float[] all = new float[Shape.of(images, coords.count(), height, width).elements()];
        int at = 0;
        for (int image = 0; image < images; image++) {
            for (int channel = 0; channel < coords.count(); channel++) {
                for (int row = 0; row < height; row++) {
                    for (int column = 0; column < width; column++) {
                        all[at++] = coords.value(channel, image, row, column);
                    }
                }
            }
        }
        return all;
    }
}

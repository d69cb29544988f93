package coordconv.onnx.export;

import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.TileOverImage;

/** Layers that only rearrange or repeat. */
final class ShapingExporters {
    private ShapingExporters() {}

    static void register(LayerExporters registry) {
        registry.add(Flatten.class, (layer, site) ->
                site.graph().node("Flatten", site.x()).withInteger("axis", 1).to(site.name(), site.y()));
        registry.add(Reshape.class, ShapingExporters::reshape);
        registry.add(TileOverImage.class, ShapingExporters::tile);
    }

    private static String reshape(Layer layer, ExportSite site) {
        Shape output = site.output();
        long[] target = new long[output.rank()];
        // Zero stands for the batch as it comes.
        for (int axis = 1; axis < target.length; axis++) {
            target[axis] = output.extent(axis);
        }
        return site.graph().node("Reshape", site.x(), site.graph().integers(site.inner("shape"), target))
                .to(site.name(), site.y());
    }

    private static String tile(Layer layer, ExportSite site) {
        String pixels = site.graph().node("Unsqueeze", site.x(), site.graph().integers(site.inner("axes"), 2, 3))
                .to(site.inner("pixels"));
        return site.graph().node("Expand", pixels, site.graph().integers(site.inner("plane"),
                1, 1, site.output().extent(2), site.output().extent(3))).to(site.name(), site.y());
    }
}

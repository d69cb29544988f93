package coordconv.onnx.export;

import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.PoolSpec;
import coordconv.onnx.model.OnnxGraph.Node;

/** Pooling over windows and over whole images. */
final class PoolingExporters {
    private PoolingExporters() {}

    static void register(LayerExporters registry) {
        registry.add(MaxPool2d.class, (layer, site) ->
                windows("MaxPool", layer.spec(), site).to(site.name(), site.y()));
        registry.add(AvgPool2d.class, (layer, site) ->
                windows("AveragePool", layer.spec(), site)
                        .withInteger("count_include_pad", layer.countsPadding() ? 1 : 0).to(site.name(), site.y()));
        registry.add(GlobalMaxPool2d.class, (layer, site) ->
                site.graph().node("GlobalMaxPool", site.x()).to(site.name(), site.y()));
        registry.add(GlobalAvgPool2d.class, (layer, site) ->
                site.graph().node("GlobalAveragePool", site.x()).to(site.name(), site.y()));
    }

    private static Node windows(String operator, PoolSpec spec, ExportSite site) {
        Node node = site.graph().node(operator, site.x()).with("kernel_shape", spec.kernelHeight(), spec.kernelWidth())
                .with("strides", spec.strideHeight(), spec.strideWidth())
                .with("pads", spec.padTop(), spec.padLeft(), spec.padBottom(), spec.padRight());
        if (spec.dilationHeight() > 1 || spec.dilationWidth() > 1) {
            node.with("dilations", spec.dilationHeight(), spec.dilationWidth());
        }
        return spec.ceil() ? node.withInteger("ceil_mode", 1) : node;
    }
}

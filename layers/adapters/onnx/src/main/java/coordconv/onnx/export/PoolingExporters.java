package coordconv.onnx.export;

import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.onnx.model.OnnxGraph.Node;

/** Pooling over windows and over whole images. */
final class PoolingExporters {
    private PoolingExporters() {}

    static void register(LayerExporters registry) {
        registry.add(MaxPool2d.class, (layer, site) ->
                windows("MaxPool", layer.kernel(), layer.stride(), layer.padding(), site).to(site.name(), site.y()));
        registry.add(AvgPool2d.class, (layer, site) ->
                windows("AveragePool", layer.kernel(), layer.stride(), layer.padding(), site)
                        .withInteger("count_include_pad", layer.countsPadding() ? 1 : 0).to(site.name(), site.y()));
        registry.add(GlobalMaxPool2d.class, (layer, site) ->
                site.graph().node("GlobalMaxPool", site.x()).to(site.name(), site.y()));
        registry.add(GlobalAvgPool2d.class, (layer, site) ->
                site.graph().node("GlobalAveragePool", site.x()).to(site.name(), site.y()));
    }

    private static Node windows(String operator, int kernel, int stride, int padding, ExportSite site) {
        return site.graph().node(operator, site.x()).with("kernel_shape", kernel, kernel).with("strides", stride, stride)
                .with("pads", padding, padding, padding, padding);
    }
}

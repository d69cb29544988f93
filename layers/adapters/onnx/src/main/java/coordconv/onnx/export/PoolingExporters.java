package coordconv.onnx.export;

import coordconv.layers.pooling.AdaptiveAvgPool2d;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.PoolSpec;
import coordconv.onnx.model.OnnxGraph.Node;
import java.util.Arrays;

/** Pooling over windows and over whole images. */
final class PoolingExporters {
    private PoolingExporters() {}

    static void register(LayerExporters registry) {
        registry.add(MaxPool2d.class, (layer, site) ->
                windows("MaxPool", layer.spec(), site).to(site.name(), site.y()));
        registry.add(AvgPool2d.class, (layer, site) ->
                windows("AveragePool", layer.spec(), site)
                        .withInteger("count_include_pad", layer.countsPadding() ? 1 : 0).to(site.name(), site.y()));
        registry.add(AdaptiveAvgPool2d.class, PoolingExporters::adaptive);
        registry.add(GlobalMaxPool2d.class, (layer, site) ->
                site.graph().node("GlobalMaxPool", site.x()).to(site.name(), site.y()));
        registry.add(GlobalAvgPool2d.class, (layer, site) ->
                site.graph().node("GlobalAveragePool", site.x()).to(site.name(), site.y()));
    }

    /** Means of rectangles are a product of matrices on both sides, one for the rows and one for the columns. */
    private static String adaptive(AdaptiveAvgPool2d layer, ExportSite site) {
        int height = site.input().extent(2);
        int width = site.input().extent(3);
        float[] rows = means(layer.height(), height);
        float[] columns = means(layer.width(), width);
        float[] turned = new float[columns.length];
        for (int i = 0; i < columns.length; i++) {
            turned[i % width * layer.width() + i / width] = columns[i];
        }
        String ofRows = site.step("MatMul", "rows", site.constant("rowMeans", rows, layer.height(), height), site.x());
        return site.graph().node("MatMul", ofRows, site.constant("columnMeans", turned, width, layer.width()))
                .to(site.name(), site.y());
    }

    /** For each window the share of each place. */
    private static float[] means(int windows, int size) {
        float[] shares = new float[windows * size];
        for (int window = 0; window < windows; window++) {
            int from = (int) ((long) window * size / windows);
            int to = (int) Math.ceilDiv((window + 1L) * size, windows);
            Arrays.fill(shares, window * size + from, window * size + to, 1f / (to - from));
        }
        return shares;
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

package coordconv.onnx.export;

import coordconv.kernels.CoordChannels;
import coordconv.layers.Shape;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.ConvolutionLayer;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.convolution.Linear;
import coordconv.onnx.model.OnnxGraph.Node;

/** Convolutions to Conv and ConvTranspose, Linear to Gemm. */
final class ConvolutionExporters {
    private ConvolutionExporters() {}

    static void register(LayerExporters registry) {
        registry.add(Conv2d.class, (layer, site) -> convolution(layer, layer.spec(), CoordChannels.NONE, site));
        registry.add(CoordConv2d.class,
                (layer, site) -> convolution(layer, layer.spec(), coords(layer::coords, site.input()), site));
        registry.add(ConvTranspose2d.class,
                (layer, site) -> transposed(layer, layer.spec(), layer.outputPadding(), CoordChannels.NONE, site));
        registry.add(CoordConvTranspose2d.class, (layer, site) -> transposed(layer, layer.spec(),
                layer.outputPadding(), coords(layer::coords, site.input()), site));
        registry.add(Linear.class, ConvolutionExporters::linear);
    }

    private interface CoordsOfSize {
        CoordChannels of(int height, int width);
    }

    private static CoordChannels coords(CoordsOfSize layer, Shape input) {
        return layer.of(input.extent(2), input.extent(3));
    }

    private static String convolution(ConvolutionLayer layer, ConvSpec spec, CoordChannels coords, ExportSite site) {
        return site.finish(spatial("Conv", layer, spec, coords, site), layer.activation());
    }

    private static String transposed(ConvolutionLayer layer, ConvSpec spec, int outputPadding, CoordChannels coords,
            ExportSite site) {
        Node node = spatial("ConvTranspose", layer, spec, coords, site)
                .with("output_padding", outputPadding, outputPadding);
        return site.finish(node, layer.activation());
    }

    private static Node spatial(String operator, ConvolutionLayer layer, ConvSpec spec, CoordChannels coords,
            ExportSite site) {
        return withParameters(operator, CoordinateNodes.join(site, coords), layer, site)
                .with("kernel_shape", spec.kernelHeight(), spec.kernelWidth())
                .with("strides", spec.strideHeight(), spec.strideWidth())
                .with("dilations", spec.dilationHeight(), spec.dilationWidth())
                .with("pads", spec.padTop(), spec.padLeft(), spec.padBottom(), spec.padRight())
                .withInteger("group", spec.groups());
    }

    private static String linear(Linear layer, ExportSite site) {
        return site.finish(withParameters("Gemm", site.x(), layer, site).withInteger("transB", 1), layer.activation());
    }

    private static Node withParameters(String operator, String x, ConvolutionLayer layer, ExportSite site) {
        String weight = site.parameter(layer.weight());
        return layer.bias() == null ? site.graph().node(operator, x, weight)
                : site.graph().node(operator, x, weight, site.parameter(layer.bias()));
    }
}
